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

/// Finds agents and daemons not created by Lamplighter whose program is a tool's (launchd.plist(5)). Read
/// only.
///
/// @param own `~/Library/LaunchAgents`
/// @param shared agents of all users; only root can change their files
/// @param system daemons
record AgentPlists(Path own, Path shared, Path system) {

    private static final String SUFFIX = ".plist";

    /// How a binary property list begins, CFBinaryPList.c.
    private static final String BINARY = "bplist";

    private static final int LIMIT = 1 << 20;

    /// A label that a manifest accepts.
    private static final String LABEL = "[A-Za-z0-9][A-Za-z0-9._-]*";

    /// Keys that our files have too, or that do not change how the program runs.
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

    /// Keys that our files do not have, and that the program does not need.
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

    /// The file of an agent or daemon that launchd would load itself.
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
        return AgentPlistRenderer.isOurs(text)
                ? Optional.empty()
                : PlistReader.parse(text).flatMap(list -> agent(file, text, list, tool));
    }

    /// Of a binary property list only the path of the tool's program is found.
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
                                "Its file is a binary property list, which Lamplighter can't read. To convert it, run `plutil -convert xml1 '%s'`."
                                        .formatted(file)),
                        Optional.empty(),
                        List.of(),
                        ""))
                : Optional.empty();
    }

    private Optional<ForeignUnit> agent(Path file, String text, PlistReader list, CommandLineMatcher tool) {
        // launchctl finds the file of an agent by its label.
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
                        Optional.empty(),
                        unsupported(list),
                        text));
    }

    private String unit(Path file) {
        String name = String.valueOf(file.getFileName());
        String label = name.substring(0, name.length() - SUFFIX.length());
        return file.startsWith(system) ? ForeignUnit.SYSTEM + label : label;
    }

    /// Why Lamplighter cannot write the same agent, as a sentence.
    private Optional<String> obstacle(Path file, PlistReader list) {
        if (!unit(file).matches(LABEL)) {
            return Optional.of("Its label contains characters other than letters, digits, `.`, `_` and `-`.");
        }
        if (file.startsWith(shared)) {
            return Optional.of(
                    "It is installed for all users of this Mac. To make it yours, run `sudo mv '%s' ~/Library/LaunchAgents/` and `sudo chown \"$USER\" ~/Library/LaunchAgents/%s`."
                            .formatted(file, file.getFileName()));
        }
        List<String> more = list.values().keySet().stream()
                .filter(key -> !TAKEN.contains(key) && !DISPENSABLE.contains(key))
                .sorted()
                .map(key -> "`" + key + "`")
                .toList();
        if (!more.isEmpty()) {
            return Optional.of("It uses %s, which Lamplighter does not support.".formatted(String.join(", ", more)));
        }
        if (list.values().get("KeepAlive") instanceof Map<?, ?> conditions
                && !CONDITIONS.containsAll(conditions.keySet())) {
            return Optional.of(
                    "Its `KeepAlive` has conditions that Lamplighter does not support. Lamplighter's agents restart"
                            + " after a non-zero exit code.");
        }
        List<String> sessions = list.texts("LimitLoadToSessionType");
        return list.values().containsKey("LimitLoadToSessionType")
                        && !sessions.equals(List.of("Aqua"))
                        && !sessions.equals(List.of("Background"))
                ? Optional.of("It is for sessions other than the desktop or SSH.")
                : Optional.empty();
    }

    private static Optional<String> secret(List<String> arguments) {
        return SecretDetector.inArguments(arguments)
                .map(option ->
                        "The value of %s looks like a secret. Other programs can read service files. Put the secret in an environment file (mode 0600), set `service.environmentFile` in the manifest, and remove it from the agent."
                                .formatted(option));
    }

    private static List<String> unsupported(PlistReader list) {
        List<String> names = new ArrayList<>(
                list.values().keySet().stream().filter(DISPENSABLE::contains).toList());
        if (list.isTrue("KeepAlive")) {
            names.add("KeepAlive for a program that exits with 0");
        }
        return names;
    }
}
