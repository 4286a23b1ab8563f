package io.github.lamplighter.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ScopeType;

/// What a verb takes, said in calls. Annotations say the same in fewer words, but the JVM makes a class for each kind
/// of
/// them at every start, and looks through all fields and methods for them: a fifth of the time of a short run. So the
/// verbs that people wait for most often are written down like this.
final class CommandSpecBuilder {

    private final CommandSpec spec;

    /// @param name what people type
    /// @param verb what it does, once everything that it takes was told
    CommandSpecBuilder(String name, String description, Callable<Integer> verb) {
        spec = CommandSpec.wrapWithoutInspection(verb).name(name);
        spec.usageMessage().description(description);
    }

    /// Printed below the help.
    CommandSpecBuilder footer(String... lines) {
        spec.usageMessage().footer(lines);
        return this;
    }

    /// An option that is there or not.
    CommandSpecBuilder flag(Consumer<Boolean> told, String description, String... names) {
        return option(flag(told, names).description(description));
    }

    /// One that people need not know.
    CommandSpecBuilder hiddenFlag(Consumer<Boolean> told, String description, String... names) {
        return option(flag(told, names).description(description).hidden(true));
    }

    /// One that each verb below takes too, and that people need not know.
    CommandSpecBuilder hiddenFlagOfAll(Consumer<Boolean> told, String description, String... names) {
        return option(flag(told, names).description(description).hidden(true).scopeType(ScopeType.INHERIT));
    }

    /// The one that shows the help, of each verb.
    CommandSpecBuilder help(String description, String... names) {
        return option(
                flag(_ -> {}, names).description(description).usageHelp(true).scopeType(ScopeType.INHERIT));
    }

    /// An option with a value of `type`; not told when it is left out.
    <T> CommandSpecBuilder value(Class<T> type, String label, Consumer<T> told, String description, String... names) {
        return option(OptionSpec.builder(names)
                .type(type)
                .paramLabel(label)
                .description(description)
                .setter(setter(value -> {
                    if (value != null) {
                        told.accept(type.cast(value));
                    }
                })));
    }

    /// Any number of words.
    CommandSpecBuilder words(String label, Consumer<List<String>> told, String description) {
        spec.addPositional(PositionalParamSpec.builder()
                .arity("0..*")
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .initialValue(List.of())
                .description(description)
                .setter(setter(value -> told.accept(
                        ((List<?>) value).stream().map(String.class::cast).toList())))
                .build());
        return this;
    }

    CommandLine line() {
        return new CommandLine(spec);
    }

    private CommandSpecBuilder option(OptionSpec.Builder option) {
        spec.addOption(option.build());
        return this;
    }

    private static OptionSpec.Builder flag(Consumer<Boolean> told, String... names) {
        return OptionSpec.builder(names)
                .type(boolean.class)
                .initialValue(false)
                .setter(setter(value -> told.accept((Boolean) value)));
    }

    private static CommandLine.Model.ISetter setter(Consumer<Object> told) {
        return new CommandLine.Model.ISetter() {
            @Override
            @SuppressWarnings("unchecked")
            public <T> T set(T value) {
                told.accept(value);
                return value;
            }
        };
    }
}
