package io.github.lamplighter.window;

import io.github.lamplighter.doctor.Remedy;
import io.github.lamplighter.tool.ToolName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a click may run: a verb of the closed catalogue with checked arguments. A report only *names* an
/// action; what is not in the catalogue becomes no button.
///
/// @param arguments after `lamplighter`
/// @param text what the button says
record Action(Kind kind, List<String> arguments, String text) {

    Action {
        arguments = List.copyOf(arguments);
    }

    /// How the window answers the click.
    enum Kind {
        /// The upgrade dialog.
        UPGRADE,
        /// The Log tab.
        LOG,
        /// The verb, after a question when its text ends in `…`.
        VERB
    }

    /// The verbs with the options that each may have; every other word must be the tool's name.
    private static final Map<String, Set<String>> CATALOGUE = Map.ofEntries(
            Map.entry("upgrade", Set.of("--force")),
            Map.entry("rollback", Set.of()),
            Map.entry("recover", Set.of()),
            Map.entry("doctor", Set.of()),
            Map.entry("start", Set.of()),
            Map.entry("stop", Set.of()),
            Map.entry("restart", Set.of()),
            Map.entry("open", Set.of()),
            Map.entry("logs", Set.of()),
            Map.entry("ignore", Set.of()),
            Map.entry("unignore", Set.of()),
            Map.entry("service", Set.of("--linger")));

    private static final Set<String> SERVICE_VERBS =
            Set.of("install", "uninstall", "start", "stop", "restart", "enable", "disable", "adopt", "logs");

    static Action of(String text, String... arguments) {
        return new Action(Kind.VERB, List.of(arguments), text);
    }

    static Action upgrade(String name, String text) {
        return new Action(Kind.UPGRADE, List.of("upgrade", name), text);
    }

    /// The action that a remedy of a report about `tool` names, if the catalogue has it.
    static Optional<Action> of(Remedy.Action remedy, String tool) {
        List<String> argv = remedy.argv();
        if (argv.size() < 2 || !argv.getFirst().equals("lamplighter")) {
            return Optional.empty();
        }
        List<String> arguments = argv.subList(1, argv.size());
        return isCatalogued(arguments, tool)
                ? Optional.of(new Action(kind(arguments), arguments, remedy.text()))
                : Optional.empty();
    }

    /// Whether the window asks before it runs this.
    boolean asks() {
        return text.endsWith("…");
    }

    /// The arguments for a verb that a person was asked about: without a terminal the verb refuses otherwise. Verbs of
    /// a service are first run without consent, since they know what else would end with it.
    List<String> agreed() {
        boolean takesYes = Set.of("upgrade", "rollback").contains(arguments.getFirst())
                || arguments.subList(0, Math.min(2, arguments.size())).equals(List.of("service", "uninstall"));
        return takesYes ? agreedTo().arguments() : arguments;
    }

    /// The same verb once a person has read what it would cost.
    Action agreedTo() {
        List<String> all = new ArrayList<>(arguments);
        all.add("--yes");
        return new Action(kind, all, text);
    }

    private static Kind kind(List<String> arguments) {
        return switch (arguments.getFirst()) {
            case "upgrade" -> Kind.UPGRADE;
            case "logs" -> Kind.LOG;
            case "service" -> arguments.get(1).equals("logs") ? Kind.LOG : Kind.VERB;
            default -> Kind.VERB;
        };
    }

    private static boolean isCatalogued(List<String> arguments, String tool) {
        String verb = arguments.getFirst();
        Set<String> options = CATALOGUE.get(verb);
        if (options == null) {
            return false;
        }
        int first = 1;
        if (verb.equals("service")) {
            if (arguments.size() < 3 || !SERVICE_VERBS.contains(arguments.get(1))) {
                return false;
            }
            first = 2;
        }
        boolean namesCheck = verb.equals("ignore") || verb.equals("unignore");
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
