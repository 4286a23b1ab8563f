package io.github.lamplighter.installer.python;

import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.version.Version;
import io.github.lamplighter.version.VersionRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The Pythons of this machine, by name; none is started.
public final class PythonInterpreters {

    private static final Pattern NAMED = Pattern.compile("python(\\d+\\.\\d+)");
    private static final Pattern MINOR = Pattern.compile("\\d+\\.\\d+");
    private static final int OLDEST = 8;
    private static final int NEWEST = 30;

    private final ProcessRunner runner;
    private final String path;

    /// @param path the folders to search, in the form of `PATH`
    public PythonInterpreters(ProcessRunner runner, String path) {
        this.runner = runner;
        this.path = path;
    }

    /// A Python in the range: the system's if it matches, else the newest.
    ///
    /// @param range a specifier set (PEP 440); empty if any
    public Optional<Path> within(String range) {
        return Stream.concat(
                        Stream.of("python3"),
                        IntStream.iterate(NEWEST, minor -> minor >= OLDEST, minor -> minor - 1)
                                .mapToObj(minor -> "python3." + minor))
                // Each folder separately, since the first match may be unsuitable.
                .flatMap(name ->
                        Arrays.stream(path.split(":", -1)).flatMap(folder -> runner.find(name, folder).stream()))
                .filter(python -> !isScript(python))
                .filter(python ->
                        minor(python).filter(version -> accepts(range, version)).isPresent())
                .findFirst();
    }

    /// The Python of an installation, if it exists, still has the version it was installed for, and is in the
    /// range.
    public static Optional<Path> of(Provenance install, String range) {
        Path python = install.runtime().program();
        return Files.isExecutable(python)
                        && became(install).isEmpty()
                        && accepts(range, install.runtime().version())
                ? Optional.of(python)
                : Optional.empty();
    }

    /// Whether a Python outside of an environment has pip, in one of the folders that it searches. Debian has folders
    /// of its own.
    public static boolean hasPip(Path python) {
        try {
            Path prefix = Optional.ofNullable(python.toRealPath().getParent())
                    .map(Path::getParent)
                    .orElse(python);
            String version = minor(python).orElse("3");
            return Stream.of(
                            "lib/python" + version + "/site-packages",
                            "lib64/python" + version + "/site-packages",
                            "lib/python3/dist-packages",
                            "local/lib/python" + version + "/dist-packages")
                    .anyMatch(packages ->
                            Files.isDirectory(prefix.resolve(packages).resolve("pip")));
        } catch (IOException e) {
            return false;
        }
    }

    /// The version that the Python of an environment has now. If its link points to another version, that one
    /// doesn't find the packages, because their folder has the old version in its name.
    public static Optional<String> became(Provenance install) {
        Matcher recorded = MINOR.matcher(install.runtime().version());
        return install.runtime().name().equals("python") && recorded.lookingAt()
                ? minor(install.environment().resolve("bin/python"))
                        .filter(version -> !version.equals(recorded.group()))
                : Optional.empty();
    }

    /// `3.11`, by the target of the link.
    private static Optional<String> minor(Path python) {
        try {
            Matcher named = NAMED.matcher(String.valueOf(python.toRealPath().getFileName()));
            return named.matches() ? Optional.of(named.group(1)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// pyenv puts a script on `PATH` for every version, including those that it refuses to start.
    private static boolean isScript(Path program) {
        try (InputStream in = Files.newInputStream(program)) {
            return new String(in.readNBytes(2), StandardCharsets.ISO_8859_1).equals("#!");
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean accepts(String range, String version) {
        return range.isEmpty()
                || VersionRange.pep440(range)
                        .filter(wanted -> wanted.accepts(Version.parse(Version.Scheme.PEP440, version)))
                        .isPresent();
    }
}
