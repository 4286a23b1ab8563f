package io.github.lamplighter.cli;

import java.util.List;
import java.util.function.Supplier;

/// A command that is created when it is used: a start creates the command that was typed, not all of them.
///
/// @param name as the user types it
/// @param aliases other names
/// @param command an object, or a `CommandLine`, that picocli takes as a subcommand
public record LazyCommand(String name, List<String> aliases, Supplier<?> command) {

    public LazyCommand {
        aliases = List.copyOf(aliases);
    }

    public static LazyCommand of(String name, Supplier<?> command) {
        return new LazyCommand(name, List.of(), command);
    }

    boolean hasName(String word) {
        return name.equals(word) || aliases.contains(word);
    }
}
