package io.github.lamplighter.cli;

import java.util.List;
import java.util.function.Supplier;

/// One verb of the command line, put together only when it is asked for: a start pays for its own verb, not for
/// all of them.
///
/// @param name what people type
/// @param aliases other words for it
/// @param command an object, or a `CommandLine`, that picocli takes as a subcommand
public record LazyCommand(String name, List<String> aliases, Supplier<?> command) {

    public LazyCommand {
        aliases = List.copyOf(aliases);
    }

    public static LazyCommand of(String name, Supplier<?> command) {
        return new LazyCommand(name, List.of(), command);
    }

    boolean isMeantBy(String word) {
        return name.equals(word) || aliases.contains(word);
    }
}
