package io.github.lamplighter.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ScopeType;

/// Declares a command by calls. Annotations are shorter, but picocli reads them by reflection at every start, so the
/// commands that run most often are declared this way.
final class CommandSpecBuilder {

    private final CommandSpec spec;

    /// @param header the summary, in the imperative and without a full stop
    /// @param command runs once all options and arguments are set
    CommandSpecBuilder(String name, String header, Callable<Integer> command) {
        spec = CommandSpec.wrapWithoutInspection(command).name(name);
        spec.usageMessage().header(header);
    }

    /// Replaces the usage line that [HelpLayout] would make.
    CommandSpecBuilder synopsis(String synopsis) {
        spec.usageMessage().customSynopsis(synopsis);
        return this;
    }

    /// Paragraphs that explain more than the header.
    CommandSpecBuilder description(String... paragraphs) {
        spec.usageMessage().description(paragraphs);
        return this;
    }

    /// Command lines, with a comment after `#` where one is needed.
    CommandSpecBuilder examples(String... lines) {
        spec.usageMessage().footer(lines);
        return this;
    }

    /// @param codes each as `CODE:MEANING`, as in picocli's annotation
    CommandSpecBuilder exitCodes(String... codes) {
        spec.usageMessage().exitCodeList(UsageMessageSpec.keyValuesMap(codes));
        return this;
    }

    CommandSpecBuilder flag(Consumer<Boolean> set, String description, String... names) {
        return option(flag(set, names).description(description));
    }

    /// A flag that `--help` does not show.
    CommandSpecBuilder hiddenFlag(Consumer<Boolean> set, String description, String... names) {
        return option(flag(set, names).description(description).hidden(true));
    }

    /// A hidden flag that every subcommand inherits.
    CommandSpecBuilder hiddenFlagOfAll(Consumer<Boolean> set, String description, String... names) {
        return option(flag(set, names).description(description).hidden(true).scopeType(ScopeType.INHERIT));
    }

    /// The option that prints the help; every subcommand inherits it.
    CommandSpecBuilder help(String description, String... names) {
        return option(flag(_ -> {}, names)
                .description(description)
                .order(2)
                .usageHelp(true)
                .scopeType(ScopeType.INHERIT));
    }

    /// An option with a value of `type`; `set` is not called if the option is left out.
    <T> CommandSpecBuilder value(Class<T> type, String label, Consumer<T> set, String description, String... names) {
        return option(OptionSpec.builder(names)
                .type(type)
                .paramLabel(label)
                .description(description)
                .setter(setter(value -> {
                    if (value != null) {
                        set.accept(type.cast(value));
                    }
                })));
    }

    /// Any number of arguments.
    CommandSpecBuilder arguments(String label, Consumer<List<String>> set, String description) {
        spec.addPositional(PositionalParamSpec.builder()
                .arity("0..*")
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .initialValue(List.of())
                .description(description)
                .setter(setter(value -> set.accept(
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

    private static OptionSpec.Builder flag(Consumer<Boolean> set, String... names) {
        return OptionSpec.builder(names)
                .type(boolean.class)
                .initialValue(false)
                .setter(setter(value -> set.accept((Boolean) value)));
    }

    private static ISetter setter(Consumer<Object> set) {
        return new ISetter() {
            @Override
            @SuppressWarnings("unchecked")
            public <T> T set(T value) {
                set.accept(value);
                return value;
            }
        };
    }
}
