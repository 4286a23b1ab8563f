package io.github.lamplighter.installer;

import io.github.lamplighter.process.Command;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The package manager's commands to repair an installation: to the same place, from the same source and with
/// the same options. They are for the user to copy and contain no password; if no command would do it, there is
/// none.
public sealed interface RepairCommands {

    /// @param lines in order; each runs only if the previous one succeeded
    /// @param program the new path of the launcher, if it changes
    record Commands(List<Line> lines, Optional<Path> program) implements RepairCommands {
        public Commands {
            lines = List.copyOf(lines);
        }

        public Commands(Line... lines) {
            this(List.of(lines), Optional.empty());
        }

        /// A copy with the recorded variables of the package manager; those of a line win.
        public Commands with(Map<String, String> recorded) {
            return new Commands(lines.stream().map(line -> line.with(recorded)).toList(), program);
        }

        /// The commands as a shell command line.
        public String text() {
            return lines.stream().map(Line::text).collect(Collectors.joining(" && "));
        }
    }

    /// No command can do it.
    ///
    /// @param what to do instead, as a phrase
    record NoCommand(String what) implements RepairCommands {}

    /// @param first the folder to put first on `PATH`, if needed
    /// @param variables to set for it
    record Line(Optional<Path> first, SortedMap<String, String> variables, List<String> argv) {
        public Line {
            variables = Collections.unmodifiableSortedMap(new TreeMap<>(variables));
            argv = List.copyOf(argv);
        }

        public Line(Map<String, String> variables, List<String> argv) {
            this(Optional.empty(), new TreeMap<>(variables), argv);
        }

        Line with(Map<String, String> recorded) {
            SortedMap<String, String> all = new TreeMap<>(recorded);
            all.putAll(variables);
            return new Line(first, all, argv);
        }

        String text() {
            StringBuilder text = new StringBuilder();
            first.ifPresent(folder -> text.append("PATH=")
                    .append(Command.quoted(folder.toString()))
                    .append(":\"$PATH\" "));
            variables.forEach((name, value) ->
                    text.append(name).append('=').append(Command.quoted(value)).append(' '));
            return text.append(argv.stream().map(Command::quoted).collect(Collectors.joining(" ")))
                    .toString();
        }
    }

    /// The reason for a repair.
    sealed interface Need {
        /// Files are missing or damaged.
        record Reinstall() implements Need {}

        /// Its Python or Node is unsuitable or missing.
        ///
        /// @param range the supported versions; empty if any
        record UnsuitableRuntime(String range) implements Need {}

        /// A newer version needs another Python or Node.
        ///
        /// @param version the newer version
        /// @param range the Python or Node versions it supports
        record NewerNeedsRuntime(String version, String range) implements Need {}

        /// It is pinned, and should be upgraded again.
        record Unpin() implements Need {}
    }
}
