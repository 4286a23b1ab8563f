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

/// What a person types to put an install right: the package manager's own commands. They install to the
/// same place, from the same source and with all that was asked for; where none would, there is none.
/// Nothing here runs them, and no password stands in them.
public sealed interface RepairCommands {

    /// @param lines one after the other, each only when the one before it went well
    /// @param program where the launcher lies afterwards, when that is elsewhere
    record Commands(List<Line> lines, Optional<Path> program) implements RepairCommands {
        public Commands {
            lines = List.copyOf(lines);
        }

        public Commands(Line... lines) {
            this(List.of(lines), Optional.empty());
        }

        /// The same with variables that were recorded for the package manager; what a line sets itself counts more.
        public Commands with(Map<String, String> recorded) {
            return new Commands(lines.stream().map(line -> line.with(recorded)).toList(), program);
        }

        /// As it is typed into a shell.
        public String text() {
            return lines.stream().map(Line::text).collect(Collectors.joining(" && "));
        }
    }

    /// No command would do it.
    ///
    /// @param what is to be done instead, in a few words without a full stop
    record NoCommand(String what) implements RepairCommands {}

    /// @param first the folder that stands first on `PATH` for it, where that decides
    /// @param variables that are set for it
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

    /// What it is to be put right for.
    sealed interface Need {
        /// Something of it is missing or damaged.
        record Reinstall() implements Need {}

        /// Its Python or Node is none that it runs with.
        ///
        /// @param range which versions of it do; empty when any does
        record UnsuitableRuntime(String range) implements Need {}

        /// A newer version needs another Python or Node than it has.
        ///
        /// @param version the newer one
        /// @param range which versions of the Python or Node do
        record NewerNeedsRuntime(String version, String range) implements Need {}

        /// It is held, and shall move again.
        record Unpin() implements Need {}
    }
}
