package io.github.lamplighter.doctor;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds the package of this system that contains a program. Reads only what the package manager has on this
/// computer, within a limit; it contacts no server and guesses nothing.
public final class SystemPackages {

    /// @param command what installs it, to copy
    /// @param version that would be installed, without epoch and revision; empty where that is not said
    public record PackageOffer(String command, Optional<String> version) {}

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9@._+-]*");
    private static final Pattern CANDIDATE =
            Pattern.compile("(?m)^ {2}Candidate: (?!\\(none\\))(?:\\d+:)?(\\S+?)(?:-[^-\\s]+)?$");
    private static final Pattern PACMAN_VERSION = Pattern.compile("(?m)^Version *: (?:\\d+:)?(\\S+?)(?:-[^-\\s]+)?$");
    private static final Pattern APK_VERSION = Pattern.compile("(?m)^ {2}(\\S+?)-r\\d+:$");
    private static final Pattern SOLVABLE = Pattern.compile("<solvable [^>]*name=\"([^\"]+)\"[^>]*kind=\"package\"");

    private static final SequencedMap<String, String> SEARCHES = searches();

    private static SequencedMap<String, String> searches() {
        SequencedMap<String, String> searches = new LinkedHashMap<>();
        searches.put("apt", "apt search %s");
        searches.put("dnf", "dnf provides '*/bin/%s'");
        searches.put("pacman", "pacman -F %s");
        searches.put("zypper", "zypper search --provides %s");
        searches.put("apk", "apk search cmd:%s");
        searches.put("brew", "brew search %s");
        return searches;
    }

    /// Read when it is first needed, so not at all if nothing is missing.
    private static final class Names {
        private static final ResourceBundle ALL =
                ResourceBundle.getBundle("io.github.lamplighter.doctor.packages", Locale.ROOT);

        private Names() {}
    }

    private final ProcessRunner runner;
    private final AppDirectories directories;
    private final Map<String, Optional<PackageOffer>> known = new ConcurrentHashMap<>();

    public SystemPackages(ProcessRunner runner, AppDirectories directories) {
        this.runner = runner;
        this.directories = directories;
    }

    /// The result of the first package manager that has a package for `program`. Cached, because many tools
    /// may need the same program.
    Optional<PackageOffer> of(String program) {
        return known.computeIfAbsent(program, this::ask);
    }

    private Optional<PackageOffer> ask(String program) {
        return NAME.matcher(program).matches()
                ? apt(program)
                        .or(() -> dnf(program))
                        .or(() -> pacman(program))
                        .or(() -> zypper(program))
                        .or(() -> apk(program))
                        .or(() -> brew(program))
                : Optional.empty();
    }

    /// The command that searches for the program with the package manager of this system.
    Optional<String> search(String program) {
        return NAME.matcher(program).matches()
                ? SEARCHES.entrySet().stream()
                        .filter(search -> runner.find(search.getKey()).isPresent())
                        .findFirst()
                        .map(search -> search.getValue().formatted(program))
                : Optional.empty();
    }

    private Optional<PackageOffer> apt(String program) {
        return named("apt", program)
                .flatMap(name -> said("apt", "apt-cache", "policy", name)
                        .map(CANDIDATE::matcher)
                        .filter(Matcher::find)
                        .map(found -> new PackageOffer(asRoot("apt install " + name), Optional.of(found.group(1)))));
    }

    /// The lists that it has fetched earlier name each file in `/usr/bin`.
    private Optional<PackageOffer> dnf(String program) {
        return said(
                        "dnf",
                        "dnf",
                        "--cacheonly",
                        "--quiet",
                        "repoquery",
                        "--queryformat=%{name}\n",
                        "--whatprovides=/usr/bin/" + program)
                .flatMap(text -> best(text.lines(), program))
                .map(name -> new PackageOffer(asRoot("dnf install " + name), Optional.empty()));
    }

    private Optional<PackageOffer> pacman(String program) {
        return named("pacman", program)
                .flatMap(name -> said("pacman", "pacman", "-Si", name)
                        .map(PACMAN_VERSION::matcher)
                        .filter(Matcher::find)
                        .map(found -> new PackageOffer(asRoot("pacman -S " + name), Optional.of(found.group(1)))));
    }

    private Optional<PackageOffer> zypper(String program) {
        return said(
                        "zypper",
                        "zypper",
                        "--non-interactive",
                        "--no-refresh",
                        "--xmlout",
                        "search",
                        "--match-exact",
                        "--provides",
                        "/usr/bin/" + program)
                .flatMap(text -> best(SOLVABLE.matcher(text).results().map(found -> found.group(1)), program))
                .map(name -> new PackageOffer(asRoot("zypper install " + name), Optional.empty()));
    }

    private Optional<PackageOffer> apk(String program) {
        return named("apk", program)
                .flatMap(name -> said("apk", "apk", "--no-network", "policy", name)
                        .map(APK_VERSION::matcher)
                        .filter(Matcher::find)
                        .map(found -> new PackageOffer(asRoot("apk add " + name), Optional.of(found.group(1)))));
    }

    /// Homebrew itself would fetch its list again; the cached one has one name per line.
    private Optional<PackageOffer> brew(String program) {
        boolean there = Stream.of("brew", "/opt/homebrew/bin/brew", "/usr/local/bin/brew")
                .anyMatch(name -> runner.find(name).isPresent());
        return named("brew", program)
                .filter(_ -> there)
                .filter(name -> Stream.of("Library/Caches", ".cache")
                        .map(cache -> directories.home().resolve(cache).resolve("Homebrew/api/formula_names.txt"))
                        .anyMatch(list -> lists(list, name)))
                .map(name -> new PackageOffer("brew install " + name, Optional.empty()));
    }

    private static boolean lists(Path file, String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.anyMatch(name::equals);
        } catch (IOException e) {
            return false;
        }
    }

    /// The package's name if it differs from the program's; empty if the package of that name is a different
    /// one.
    private static Optional<String> named(String manager, String program) {
        String key = manager + "." + program;
        return Optional.of(Names.ALL.containsKey(key) ? Names.ALL.getString(key) : program)
                .filter(name -> !name.isEmpty());
    }

    /// One that is called like the program goes before others that bring it too.
    private static Optional<String> best(Stream<String> names, String program) {
        List<String> all = names.map(String::strip)
                .filter(name -> NAME.matcher(name).matches())
                .distinct()
                .toList();
        return all.stream()
                .filter(program::equals)
                .findFirst()
                .or(() -> all.stream().findFirst());
    }

    /// What it answered when it ended well; empty where there is no such package manager.
    private Optional<String> said(String manager, String... argv) {
        return runner.find(manager).isPresent()
                        && runner.run(Command.of(LIMIT, argv).with("LC_ALL", "C"))
                                instanceof ProcessResult.Exited exited
                        && exited.status() == 0
                ? Optional.of(exited.out())
                : Optional.empty();
    }

    private String asRoot(String command) {
        return runner.find("sudo").isPresent() ? "sudo " + command : command;
    }
}
