package io.github.lamplighter.cli;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

/// `completion bash|zsh|fish`: prints what a shell sources to complete verbs and options.
@Command(name = "completion", description = "Print the completion for bash, zsh or fish")
public final class CompletionCommand implements Callable<Integer> {

    /// The shells that can be served.
    public enum Shell {
        BASH,
        ZSH,
        FISH
    }

    private final Supplier<CommandLine> root;
    private final Console console;

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
    private Shell shell = Shell.BASH;

    /// @param root the command line with all its verbs
    public CompletionCommand(Supplier<CommandLine> root, Console console) {
        this.root = root;
        this.console = console;
    }

    @Override
    public Integer call() {
        CommandLine all = root.get();
        console.out()
                .print(
                        switch (shell) {
                            case BASH -> AutoComplete.bash("lamplighter", all);
                            case ZSH ->
                                "autoload -U +X bashcompinit && bashcompinit\n" + AutoComplete.bash("lamplighter", all);
                            case FISH -> fish(all);
                        });
        console.out().flush();
        return ExitCode.OK;
    }

    /// fish's own form (fish manual, "complete"): a line for each verb, and for each option of a verb.
    private static String fish(CommandLine root) {
        StringBuilder script = new StringBuilder("complete -c lamplighter -f\n");
        root.getSubcommands().forEach((verb, command) -> {
            CommandSpec verbSpec = command.getCommandSpec();
            if (verbSpec.usageMessage().hidden()) {
                return;
            }
            script.append("complete -c lamplighter -n __fish_use_subcommand -a %s -d '%s'%n"
                    .formatted(
                            verb,
                            quoted(String.join(" ", verbSpec.usageMessage().description()))));
            for (OptionSpec option : verbSpec.options()) {
                if (!option.hidden() && option.longestName().startsWith("--")) {
                    script.append("complete -c lamplighter -n '__fish_seen_subcommand_from %s' -l %s -d '%s'%n"
                            .formatted(
                                    verb,
                                    option.longestName().substring(2),
                                    quoted(String.join(" ", option.description()))));
                }
            }
            command.getSubcommands()
                    .keySet()
                    .forEach(
                            inner -> script.append("complete -c lamplighter -n '__fish_seen_subcommand_from %s' -a %s%n"
                                    .formatted(verb, inner)));
        });
        return script.toString();
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("'", "\\'");
    }
}
