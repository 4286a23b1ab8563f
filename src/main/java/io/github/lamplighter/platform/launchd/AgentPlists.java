package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.file.RealPathCache;
import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.text.SecretDetector;
import io.github.lamplighter.tool.CommandLineMatcher;
import io.github.lamplighter.tool.Manifest.Install;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Agents of this user, agents of all users and daemons of the system that somebody else wrote (launchd.plist(5)):
/// those whose program is a tool's. They are only read.
///
/// @param own `~/Library/LaunchAgents`
/// @param shared agents of every user; only root changes their files
/// @param system daemons
record AgentPlists(Path own, Path shared, Path system) {

    private static final String SUFFIX = ".plist";

    /// How a binary property list begins, CFBinaryPList.c.
    private static final String BINARY = "bplist";

    private static final int LIMIT = 1 << 20;

    /// As a tool's description takes it.
    private static final String LABEL = "[A-Za-z0-9][A-Za-z0-9._-]*";

    /// What a file of ours says too, or what changes nothing about how the program runs.
    private static final Set<String> TAKEN = Set.of(
            "Label",
            "Program",
            "ProgramArguments",
            "EnvironmentVariables",
            "WorkingDirectory",
            "RunAtLoad",
            "KeepAlive",
            "ThrottleInterval",
            "ExitTimeOut",
            "AbandonProcessGroup",
            "LimitLoadToSessionType",
            "ProcessType",
            "StandardOutPath",
            "StandardErrorPath",
            "Disabled",
            "AssociatedBundleIdentifiers");

    /// What a file of ours does not say, and without which the program runs all the same.
    private static final Set<String> DISPENSABLE = Set.of(
            "Debug",
            "EnablePressuredExit",
            "EnableTransactions",
            "HardResourceLimits",
            "LegacyTimers",
            "LowPriorityBackgroundIO",
            "LowPriorityIO",
            "MaterializeDatalessFiles",
            "Nice",
            "SoftResourceLimits",
            "StandardInPath",
            "Umask");

    private static final Set<String> CONDITIONS = Set.of("SuccessfulExit", "Crashed");

    List<ForeignUnit> of(Install install) {
        CommandLineMatcher tool = new CommandLineMatcher(install, new RealPathCache());
        return Stream.of(own, shared, system)
                .flatMap(folder -> list(folder).stream())
                .flatMap(file -> agent(file, install, tool).stream())
                .toList();
    }

    /// Where an agent's or a daemon's file lies, if it is one that launchd would load by itself.
    Optional<Path> file(String unit) {
        return (unit.startsWith(ForeignUnit.SYSTEM)
                        ? Stream.of(system.resolve(unit.substring(ForeignUnit.SYSTEM.length()) + SUFFIX))
                        : Stream.of(own, shared).map(folder -> folder.resolve(unit + SUFFIX)))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private Optional<ForeignUnit> agent(Path file, Install install, CommandLineMatcher tool) {
        byte[] bytes;
        try {
            bytes = Files.isRegularFile(file) && Files.size(file) < LIMIT ? Files.readAllBytes(file) : new byte[0];
        } catch (IOException e) {
            return Optional.empty();
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.startsWith(BINARY)) {
            return binary(file, bytes, install);
        }
        return AgentPlistWriter.isOurs(text)
                ? Optional.empty()
                : PlistReader.parse(text).flatMap(list -> agent(file, text, list, tool));
    }

    /// Of a binary one only this is seen: whether the path of the tool's program stands in it as it is.
    private Optional<ForeignUnit> binary(Path file, byte[] bytes, Install install) {
        boolean named = new String(bytes, StandardCharsets.ISO_8859_1)
                .contains(install.program().toString());
        return named
                ? Optional.of(new ForeignUnit(
                        unit(file),
                        file,
                        List.of(),
                        true,
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.of(
                                "Its file is binary, which Lamplighter does not read; `plutil -convert xml1 '%s'` writes it as text."
                                        .formatted(file)),
                        List.of(),
                        ""))
                : Optional.empty();
    }

    private Optional<ForeignUnit> agent(Path file, String text, PlistReader list, CommandLineMatcher tool) {
        // The verbs find an agent's file by its label.
        if (!String.valueOf(file.getFileName()).equals(list.text("Label").orElse("") + SUFFIX)) {
            return Optional.empty();
        }
        Map<String, String> environment = new TreeMap<>(list.map("EnvironmentVariables"));
        environment.remove("PATH");
        return tool.in(list.argv())
                .map(use -> new ForeignUnit(
                        unit(file),
                        file,
                        List.of(),
                        !list.isTrue("Disabled"),
                        use.arguments(),
                        environment,
                        list.path("WorkingDirectory"),
                        Optional.empty(),
                        Optional.of(list.isTrue("AbandonProcessGroup") ? "process" : "control-group"),
                        list.number("ExitTimeOut"),
                        use.obstacle().or(() -> obstacle(file, list)).or(() -> secret(use.arguments())),
                        untaken(list),
                        text));
    }

    private String unit(Path file) {
        String name = String.valueOf(file.getFileName());
        String label = name.substring(0, name.length() - SUFFIX.length());
        return file.startsWith(system) ? ForeignUnit.SYSTEM + label : label;
    }

    /// Why a file of ours could not say the same, as a sentence.
    private Optional<String> obstacle(Path file, PlistReader list) {
        if (!unit(file).matches(LABEL)) {
            return Optional.of("Its label has other characters than letters, digits, `.`, `_` and `-`.");
        }
        if (file.startsWith(shared)) {
            return Optional.of(
                    "It belongs to all users of this Mac. `sudo mv '%s' ~/Library/LaunchAgents/` and `sudo chown \"$USER\" ~/Library/LaunchAgents/%s` make it yours."
                            .formatted(file, file.getFileName()));
        }
        List<String> more = list.values().keySet().stream()
                .filter(key -> !TAKEN.contains(key) && !DISPENSABLE.contains(key))
                .sorted()
                .map(key -> "`" + key + "`")
                .toList();
        if (!more.isEmpty()) {
            return Optional.of(
                    "It says %s, which an agent of Lamplighter's cannot say.".formatted(String.join(", ", more)));
        }
        if (list.values().get("KeepAlive") instanceof Map<?, ?> conditions
                && !CONDITIONS.containsAll(conditions.keySet())) {
            return Optional.of(
                    "Its `KeepAlive` has conditions that an agent of Lamplighter's cannot have; that one is started"
                            + " again when it ends with a status other than 0.");
        }
        List<String> sessions = list.texts("LimitLoadToSessionType");
        return list.values().containsKey("LimitLoadToSessionType")
                        && !sessions.equals(List.of("Aqua"))
                        && !sessions.equals(List.of("Background"))
                ? Optional.of("It is for other sessions than those of the desktop or of SSH alone.")
                : Optional.empty();
    }

    private static Optional<String> secret(List<String> arguments) {
        return SecretDetector.inArguments(arguments)
                .map(option ->
                        "The value of %s looks like a secret, and other programs can read an agent's file: put it into a file of your own (mode 0600), name that as `service.environmentFile` in the tool's description, and take it out there first."
                                .formatted(option));
    }

    private static List<String> untaken(PlistReader list) {
        List<String> names = new ArrayList<>(
                list.values().keySet().stream().filter(DISPENSABLE::contains).toList());
        if (list.isTrue("KeepAlive")) {
            names.add("KeepAlive for a program that ends with status 0");
        }
        return names;
    }
}
