package io.github.lamplighter.release;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.Digest;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.text.UntrustedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The registry that an npm uses if no configuration file names one. npm is asked for it, at most once a day and after
/// each change of npm; the answer is cached, because npm takes a while to start.
final class NpmDefaultRegistry {

    private static final Duration MAX_AGE = Duration.ofDays(1);

    private final ProcessRunner runner;
    private final AppDirectories directories;
    private final InstantSource clock;
    /// The answers of this run, failures too.
    private final Map<Path, Resolution> asked = new HashMap<>();

    NpmDefaultRegistry(ProcessRunner runner, AppDirectories directories, InstantSource clock) {
        this.runner = runner;
        this.directories = directories;
        this.clock = clock;
    }

    sealed interface Resolution {
        record Registry(String address) implements Resolution {}

        /// `why` is a sentence.
        record Unknown(String why) implements Resolution {}
    }

    /// @param environment including the variables recorded for the tool
    Resolution registry(Provenance install, Map<String, String> environment, Deadline deadline) {
        Optional<Path> npm = program(install);
        if (npm.isEmpty()) {
            return new Resolution.Unknown(
                    "npm not found: not with %s, not with %s, not on PATH. Install it, or set the registry in %s (`registry=URL`)."
                            .formatted(
                                    directories.display(install.environment()),
                                    directories.display(install.runtime().program()),
                                    npmrc()));
        }
        String version = version(npm.get());
        // One tool at a time, so that npm runs once. The registry still gets its whole time.
        long before = System.nanoTime();
        synchronized (asked) {
            deadline.extend(System.nanoTime() - before);
            Resolution resolution = cached(npm.get(), version)
                    .<Resolution>map(Resolution.Registry::new)
                    .or(() -> Optional.ofNullable(asked.get(npm.get())))
                    .orElseGet(() -> ask(npm.get(), version, install, environment, deadline));
            asked.put(npm.get(), resolution);
            return resolution;
        }
    }

    /// `PREFIX/lib/node_modules` of a global package.
    static Optional<Path> modules(Provenance install) {
        return Stream.iterate(install.environment(), folder -> folder != null, Path::getParent)
                .filter(folder -> folder.endsWith("lib/node_modules"))
                .findFirst();
    }

    /// The npm in the package's own prefix, next to its Node, or on `PATH`.
    private Optional<Path> program(Provenance install) {
        return Stream.concat(
                        modules(install).map(modules -> modules.resolve("../../bin/npm")).stream(),
                        Stream.of(install.runtime().program().resolveSibling("npm")))
                .map(Path::normalize)
                .filter(Files::isExecutable)
                .findFirst()
                .or(() -> runner.find("npm"));
    }

    /// Runs npm in a folder without a project and without the user's settings, which `NpmConfiguration` reads.
    private Resolution ask(
            Path npm, String version, Provenance install, Map<String, String> environment, Deadline deadline) {
        // npm is a script that finds its Node on PATH.
        String path = Optional.ofNullable(install.runtime().program().getParent())
                        .map(bin -> bin + ":")
                        .orElse("")
                + environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
        Command command = Command.of(
                        deadline.left(),
                        npm.toString(),
                        "config",
                        "get",
                        "registry",
                        "--userconfig=/dev/null",
                        "--no-update-notifier",
                        "--logs-max=0")
                .with("PATH", path)
                .with("NO_COLOR", "1")
                .without("NODE_OPTIONS");
        for (String name : environment.keySet()) {
            if (name.toLowerCase(Locale.ROOT).startsWith("npm_config_")) {
                command = command.without(name);
            }
        }
        long before = System.nanoTime();
        ProcessResult result = runner.run(command);
        deadline.extend(System.nanoTime() - before);
        return switch (result) {
            case ProcessResult.Exited(int status, String out, String _, var _)
            when status == 0 && PythonIndex.address(out).isPresent() -> {
                cache(npm, version, out.strip());
                yield new Resolution.Registry(out.strip());
            }
            case ProcessResult.Exited exited ->
                failed(npm, Releases.lastLine(exited.status() == 0 ? exited.out() : exited.err()));
            case ProcessResult.TimedOut timed ->
                failed(npm, "no answer in %d s".formatted(timed.limit().toSeconds()));
            case ProcessResult.NotStarted(String reason) -> failed(npm, reason);
        };
    }

    private Resolution failed(Path npm, String why) {
        return new Resolution.Unknown(
                "`%s config get registry` failed (%s). Repair npm, or set the registry in %s (`registry=URL`)."
                        .formatted(directories.display(npm), UntrustedText.quotation(why), npmrc()));
    }

    private String npmrc() {
        return directories.display(directories.home().resolve(".npmrc"));
    }

    private Optional<String> cached(Path npm, String version) {
        if (!(JsonFile.read(file(npm)) instanceof JsonFile.Content.Present(JsonNode json))
                || !json.path("npm").asString("").equals(version)) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Instant asked = Instant.ofEpochSecond(json.path("askedAt").asLong(0));
        return Optional.of(json.path("registry").asString(""))
                .filter(address -> PythonIndex.address(address).isPresent())
                .filter(_ -> !asked.isAfter(now) && asked.plus(MAX_AGE).isAfter(now));
    }

    private void cache(Path npm, String version, String registry) {
        try {
            JsonFile.write(
                    file(npm),
                    JsonFile.MAPPER
                            .createObjectNode()
                            .put("npm", version)
                            .put("askedAt", clock.instant().getEpochSecond())
                            .put("registry", registry));
        } catch (IOException e) {
            // Without the file, npm is asked again next time.
        }
    }

    private Path file(Path npm) {
        return directories.cache().resolve("npm").resolve(Digest.hex(npm.toString(), 12) + ".json");
    }

    /// The real path of npm and when it was put there; an upgrade or another Node version changes it. The modification
    /// time would not do: files of npm packages all have the same one.
    private static String version(Path npm) {
        try {
            Path real = npm.toRealPath();
            return real + " " + Files.getAttribute(real, "unix:ctime");
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return npm.toString();
        }
    }
}
