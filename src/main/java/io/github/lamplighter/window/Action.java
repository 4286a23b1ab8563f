package io.github.lamplighter.window;

import io.github.lamplighter.doctor.Remedy;
import io.github.lamplighter.tool.ToolName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A command that a click may run. It is one of a closed catalog, with checked arguments: an action in a
/// report that is not in the catalog gets no button.
///
/// @param arguments after `lamplighter`
/// @param text verb and object, without an ellipsis
/// @param asks whether the window asks for confirmation
record Action(Kind kind, List<String> arguments, String text, boolean asks) {

    Action {
        arguments = List.copyOf(arguments);
    }

    /// How the window answers the click.
    enum Kind {
        /// The upgrade dialog.
        UPGRADE,
        /// The Log tab.
        LOG,
        /// The form that starts managing the tool.
        MANAGE,
        /// Stops managing the tool.
        FORGET,
        /// Runs the command.
        COMMAND
    }

    /// The commands with the options that each may have; every other word must be the tool's name.
    private static final Map<String, Set<String>> CATALOG = Map.ofEntries(
            Map.entry("upgrade", Set.of("--force")),
            Map.entry("rollback", Set.of()),
            Map.entry("recover", Set.of()),
            Map.entry("doctor", Set.of()),
            Map.entry("start", Set.of()),
            Map.entry("stop", Set.of()),
            Map.entry("restart", Set.of()),
            Map.entry("open", Set.of()),
            Map.entry("tray", Set.of("--show-in-panel")),
            Map.entry("logs", Set.of()),
            Map.entry("ignore", Set.of()),
            Map.entry("unignore", Set.of()),
            Map.entry("service", Set.of("--linger")));

    private static final Set<String> SERVICE_COMMANDS =
            Set.of("install", "uninstall", "start", "stop", "restart", "enable", "disable", "adopt", "logs");

    /// The commands that interrupt something, or that write a file.
    private static final Set<String> ASKING = Set.of(
            "upgrade", "add", "forget", "rollback", "recover", "stop", "restart", "install", "uninstall", "adopt");

    /// @param text verb and object
    static Action of(String text, String... arguments) {
        return of(text, List.of(arguments));
    }

    private static Action of(String text, List<String> arguments) {
        String command = arguments.getFirst().equals("service") ? arguments.get(1) : arguments.getFirst();
        boolean asks = ASKING.contains(command) || arguments.contains("--linger");
        return new Action(kind(arguments), arguments, text.replaceFirst("…$", ""), asks);
    }

    /// The action of a remedy in a report about `tool`, if it is in the catalog.
    static Optional<Action> of(Remedy.Action remedy, String tool) {
        List<String> argv = remedy.argv();
        if (argv.size() < 2 || !argv.getFirst().equals("lamplighter")) {
            return Optional.empty();
        }
        List<String> arguments = argv.subList(1, argv.size());
        return isInCatalog(arguments, tool) ? Optional.of(of(remedy.text(), arguments)) : Optional.empty();
    }

    /// The value of an option, such as `--to`.
    Optional<String> option(String name) {
        int at = arguments.indexOf(name);
        return at >= 0 && at + 1 < arguments.size() ? Optional.of(arguments.get(at + 1)) : Optional.empty();
    }

    /// The label of a button; one that asks first ends in an ellipsis.
    String label() {
        return asks ? text + "…" : text;
    }

    /// Whether the command itself names what the user has to confirm: the data that a rollback replaces.
    boolean asksItself() {
        return arguments.getFirst().equals("rollback") && !arguments.contains("--delete");
    }

    /// The arguments of a command that the user has confirmed: without a terminal the command refuses
    /// otherwise. Service commands and rollbacks are first run without `--yes`, since they know what else they
    /// would interrupt.
    List<String> confirmed() {
        boolean takesYes = Set.of("upgrade", "rollback", "forget").contains(arguments.getFirst()) && !asksItself()
                || arguments.subList(0, Math.min(2, arguments.size())).equals(List.of("service", "uninstall"));
        return takesYes ? withYes().arguments() : arguments;
    }

    /// The same command with `--yes`.
    Action withYes() {
        List<String> all = new ArrayList<>(arguments);
        all.add("--yes");
        return new Action(kind, all, text, asks);
    }

    private static Kind kind(List<String> arguments) {
        return switch (arguments.getFirst()) {
            case "upgrade" -> Kind.UPGRADE;
            case "logs" -> Kind.LOG;
            case "add" -> Kind.MANAGE;
            case "forget" -> Kind.FORGET;
            case "service" -> arguments.get(1).equals("logs") ? Kind.LOG : Kind.COMMAND;
            default -> Kind.COMMAND;
        };
    }

    private static boolean isInCatalog(List<String> arguments, String tool) {
        String command = arguments.getFirst();
        Set<String> options = CATALOG.get(command);
        if (options == null) {
            return false;
        }
        int first = 1;
        if (command.equals("service")) {
            if (arguments.size() < 3 || !SERVICE_COMMANDS.contains(arguments.get(1))) {
                return false;
            }
            first = 2;
        }
        boolean namesCheck = command.equals("ignore") || command.equals("unignore");
        List<String> rest = arguments.subList(first, arguments.size());
        for (int at = 0; at < rest.size(); at++) {
            String word = rest.get(at);
            boolean isTool = at == 0 && word.equals(tool);
            boolean isCheck = namesCheck && at == 1 && ToolName.of(word).isPresent();
            if (!isTool && !isCheck && !options.contains(word)) {
                return false;
            }
        }
        return true;
    }
}
