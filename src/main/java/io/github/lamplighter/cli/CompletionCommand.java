package io.github.lamplighter.cli;

import io.github.lamplighter.file.AppDirectories;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

/// `completion bash|zsh|fish`: prints a script that completes commands, options and names of managed tools.
@Command(
        name = "completion",
        header = "Print a shell completion script",
        footer = {
            "eval \"$(lamplighter completion bash)\"    # in ~/.bashrc (zsh: ~/.zshrc)",
            "lamplighter completion fish | source     # in config.fish"
        })
public final class CompletionCommand implements Callable<Integer> {

    /// The supported shells.
    public enum Shell {
        BASH,
        ZSH,
        FISH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Supplier<CommandLine> root;
    private final AppDirectories directories;
    private final Console console;

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
    private Shell shell = Shell.BASH;

    /// @param root the command line with all commands
    public CompletionCommand(Supplier<CommandLine> root, AppDirectories directories, Console console) {
        this.root = root;
        this.directories = directories;
        this.console = console;
    }

    @Override
    public Integer call() {
        CommandLine all = root.get();
        console.forPrograms()
                .print(
                        switch (shell) {
                            case BASH -> AutoComplete.bash("lamplighter", all) + names(all);
                            case ZSH -> ZSH + AutoComplete.bash("lamplighter", all) + names(all);
                            case FISH -> fish(all);
                        });
        console.out().flush();
        return ExitCode.OK;
    }

    /// The first line defines `compdef` for a `.zshrc` that does not initialize completion.
    private static final String ZSH = """
        (( $+functions[compdef] )) || { autoload -U +X compinit && compinit -u; }
        autoload -U +X bashcompinit && bashcompinit
        """;

    /// Completes the names of managed tools. The shell itself lists the folder of manifests: starting a JVM takes too
    /// long for a key press.
    private String names(CommandLine root) {
        return """

            function _lamplighter() {
              _complete_lamplighter
              local current=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} name
              [ "$command" = service ] && [ "$COMP_CWORD" -gt 2 ] && command="service ${COMP_WORDS[2]}"
              case $current in -*) return 0 ;; esac
              case ${COMP_WORDS[COMP_CWORD-1]} in --*) [ "${#COMPREPLY[@]}" = 0 ] || return 0 ;; esac
              [ "$COMP_CWORD" -gt 1 ] || return 0
              case $command in
                %s)
                  while IFS= read -r name; do
                    name=${name##*/}
                    case $name in "$current"*.json) COMPREPLY+=("${name%%.json}") ;; esac
                  done < <(find "%s" -maxdepth 1 -name '*.json' 2> /dev/null)
                  ;;
              esac
            }
            complete -F _lamplighter -o default lamplighter
            """.formatted(
                        String.join(
                                "|",
                                withName(root, "").stream()
                                        .map(command -> command.contains(" ") ? '"' + command + '"' : command)
                                        .toList()),
                        folder());
    }

    /// The commands that take the name of a tool, as the user types them.
    private static List<String> withName(CommandLine command, String before) {
        List<String> names = new ArrayList<>();
        command.getSubcommands().forEach((name, subcommand) -> {
            CommandSpec spec = subcommand.getCommandSpec();
            boolean takesName = spec.positionalParameters().stream()
                    .anyMatch(parameter -> parameter.paramLabel().equals("NAME"));
            if (takesName && !spec.usageMessage().hidden()) {
                names.add(before + name);
            }
            names.addAll(withName(subcommand, before + name + " "));
        });
        return names;
    }

    /// The folder of manifests, for double quotes of any shell.
    private String folder() {
        Path folder = directories.manifests();
        return folder.startsWith(directories.home())
                ? "$HOME/" + directories.home().relativize(folder)
                : folder.toString();
    }

    /// fish's own form (fish manual, "complete"): a line for each command, and for each option of a command.
    private String fish(CommandLine root) {
        StringBuilder script = new StringBuilder("""
            complete -c lamplighter -f
            function __lamplighter_names
                for file in (find "%s" -maxdepth 1 -name '*.json' 2> /dev/null)
                    string replace -r '.*/(.*)\\.json$' '$1' -- $file
                end
            end
            """.formatted(folder()));
        List<String> withName = withName(root, "");
        root.getSubcommands().forEach((name, command) -> {
            CommandSpec spec = command.getCommandSpec();
            if (spec.usageMessage().hidden()) {
                return;
            }
            script.append("complete -c lamplighter -n __fish_use_subcommand -a %s -d '%s'%n"
                    .formatted(name, description(spec)));
            String seen = "__fish_seen_subcommand_from " + name;
            options(script, spec, seen);
            if (withName.contains(name)) {
                names(script, seen);
            }
            command.getSubcommands().forEach((inner, below) -> {
                String both = seen + "; and __fish_seen_subcommand_from " + inner;
                script.append("complete -c lamplighter -n '%s; and not __fish_seen_subcommand_from %s' -a %s -d '%s'%n"
                        .formatted(
                                seen,
                                String.join(" ", command.getSubcommands().keySet()),
                                inner,
                                description(below.getCommandSpec())));
                options(script, below.getCommandSpec(), both);
                if (withName.contains(name + " " + inner)) {
                    names(script, both);
                }
            });
        });
        return script.toString();
    }

    private static void names(StringBuilder script, String when) {
        script.append("complete -c lamplighter -n '%s' -a '(__lamplighter_names)'%n".formatted(when));
    }

    private static void options(StringBuilder script, CommandSpec spec, String when) {
        for (OptionSpec option : spec.options()) {
            if (!option.hidden() && option.longestName().startsWith("--")) {
                String value = option.arity().max() > 0 ? " -r" : "";
                script.append("complete -c lamplighter -n '%s' -l %s%s -d '%s'%n"
                        .formatted(
                                when,
                                option.longestName().substring(2),
                                value,
                                quoted(String.join(" ", option.description()))));
            }
        }
    }

    private static String description(CommandSpec spec) {
        return quoted(String.join(" ", spec.usageMessage().header()));
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("'", "\\'");
    }
}
