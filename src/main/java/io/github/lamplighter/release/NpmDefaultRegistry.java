package io.github.lamplighter.release;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.text.UntrustedText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The registry that npm asks where no configuration names one. npm knows it itself: it is read in the files of the npm
/// that an install belongs to, without starting a Node; only an npm that is laid out differently is asked.
final class NpmDefaultRegistry {

    /// Where the defaults of an npm stand, seen from its folder: of npm 9 and later, on Debian beside it; of 7 and 8;
    /// of 6.
    private static final List<String> DEFINITIONS = List.of(
            "node_modules/@npmcli/config/lib/definitions/definitions.js",
            "../@npmcli/config/lib/definitions/definitions.js",
            "lib/utils/config/definitions.js",
            "lib/config/defaults.js");

    /// `registry: new Definition('registry', { default: '…'`, `define('registry', { default: '…'`, `registry: '…'`.
    private static final Pattern DEFAULT = Pattern.compile("(?<![\\w@:./-])registry['\"]?\\s*[:,]\\s*"
            + "(?:new\\s+[\\w.]+\\s*\\(\\s*['\"]registry['\"]\\s*,\\s*)?"
            + "(?:\\{[^{}]{0,400}?\\bdefault\\s*:\\s*)?"
            + "(['\"`])(https?://[^'\"`\\s]+)\\1");

    private final ProcessRunner runner;
    private final AppDirectories directories;
    private final Path shared;
    private final Map<Path, String> told = new ConcurrentHashMap<>();

    /// @param shared where a distribution keeps what Node programs share (`/usr/share/nodejs`)
    NpmDefaultRegistry(ProcessRunner runner, AppDirectories directories, Path shared) {
        this.runner = runner;
        this.directories = directories;
        this.shared = shared;
    }

    sealed interface Resolution {
        record Registry(String address) implements Resolution {}

        /// `why` is a sentence.
        record Unknown(String why) implements Resolution {}
    }

    /// @param environment with the variables that were recorded for the tool
    Resolution registry(Provenance install, Map<String, String> environment, Deadline deadline) {
        return folders(install).stream()
                .flatMap(folder -> written(folder).stream())
                .findFirst()
                .<Resolution>map(Resolution.Registry::new)
                .orElseGet(() -> program(install)
                        .map(npm -> asked(npm, install, environment, deadline))
                        .orElseGet(() -> new Resolution.Unknown(
                                "No npm is there that says which registry it asks: not with %s, not with %s, not on PATH. Install one, or name the registry in %s (`registry=ADDRESS`)."
                                        .formatted(
                                                directories.display(install.environment()),
                                                directories.display(
                                                        install.runtime().program()),
                                                directories.display(
                                                        directories.home().resolve(".npmrc"))))));
    }

    /// Where an npm may lie: beside the package, with its Node, the distribution's, the one on `PATH`.
    private List<Path> folders(Provenance install) {
        List<Path> folders = new ArrayList<>();
        modules(install).map(modules -> modules.resolve("npm")).ifPresent(folders::add);
        Path node = install.runtime().program();
        for (Path bin : Stream.of(node, real(node).orElse(node))
                .flatMap(program -> Optional.ofNullable(program.getParent()).stream())
                .distinct()
                .toList()) {
            folders.add(bin.resolve("../lib/node_modules/npm").normalize());
            home(bin.resolve("npm")).ifPresent(folders::add);
        }
        folders.add(shared.resolve("npm"));
        runner.find("npm").flatMap(NpmDefaultRegistry::home).ifPresent(folders::add);
        return folders;
    }

    private Optional<Path> program(Provenance install) {
        return Stream.concat(
                        modules(install).map(modules -> modules.resolve("../../bin/npm")).stream(),
                        Stream.of(install.runtime().program().resolveSibling("npm")))
                .map(Path::normalize)
                .filter(Files::isExecutable)
                .findFirst()
                .or(() -> runner.find("npm"));
    }

    /// Asked in a folder of no project and without the user's own settings, once for each npm that answers.
    private Resolution asked(Path npm, Provenance install, Map<String, String> environment, Deadline deadline) {
        Optional<String> before = Optional.ofNullable(told.get(npm));
        if (before.isPresent()) {
            return new Resolution.Registry(before.get());
        }
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
        return switch (runner.run(command)) {
            case ProcessResult.Exited(int status, String out, String _, var _)
            when status == 0 && PythonIndex.address(out).isPresent() -> {
                told.put(npm, out.strip());
                yield new Resolution.Registry(out.strip());
            }
            case ProcessResult.Exited exited ->
                silent(npm, Releases.lastLine(exited.status() == 0 ? exited.out() : exited.err()));
            case ProcessResult.TimedOut timed ->
                silent(npm, "no answer in %d s".formatted(timed.limit().toSeconds()));
            case ProcessResult.NotStarted(String reason) -> silent(npm, reason);
        };
    }

    private Resolution silent(Path npm, String why) {
        return new Resolution.Unknown(
                "%s does not say which registry it asks (%s). Repair it, or name the registry in %s (`registry=ADDRESS`)."
                        .formatted(
                                directories.display(npm),
                                UntrustedText.quotation(why),
                                directories.display(directories.home().resolve(".npmrc"))));
    }

    /// What the npm in `folder` says, where there is one: who packed it may have put an `npmrc` into it.
    private static Optional<String> written(Path folder) {
        return Optional.ofNullable(
                        IniFile.read(folder.resolve("npmrc")).section("").get("registry"))
                .filter(address -> PythonIndex.address(address).isPresent())
                .or(() -> DEFINITIONS.stream()
                        .flatMap(file -> text(folder.resolve(file).normalize()).stream())
                        .map(DEFAULT::matcher)
                        .filter(Matcher::find)
                        .map(found -> found.group(2))
                        .findFirst());
    }

    private static Optional<String> text(Path file) {
        try {
            // Byte for byte: what is looked for is ASCII, and a file in another encoding is no failure.
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// The folder of the npm that a program `npm` leads to.
    private static Optional<Path> home(Path program) {
        return real(program)
                .flatMap(script -> Stream.iterate(script, folder -> folder != null, Path::getParent)
                        .skip(1)
                        .filter(folder -> folder.endsWith("npm"))
                        .findFirst());
    }

    /// `PREFIX/lib/node_modules` of a global package.
    static Optional<Path> modules(Provenance install) {
        return Stream.iterate(install.environment(), folder -> folder != null, Path::getParent)
                .filter(folder -> folder.endsWith("lib/node_modules"))
                .findFirst();
    }

    private static Optional<Path> real(Path program) {
        try {
            return Optional.of(program.toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
