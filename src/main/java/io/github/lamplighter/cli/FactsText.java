package io.github.lamplighter.cli;

import io.github.lamplighter.doctor.Facts;
import io.github.lamplighter.doctor.Facts.Fact;
import java.util.Optional;

/// The five facts of a tool in one line, and the labels for them.
final class FactsText {

    private FactsText() {}

    static String line(Facts facts) {
        return line(
                mark(facts.installed()),
                mark(facts.enabled()),
                mark(facts.running()),
                mark(facts.answering()),
                mark(facts.mine()));
    }

    static String line(String installed, String enabled, String running, String responding, String identity) {
        return "Installed %s   Starts at login %s   Running %s   Responding %s   Identity %s"
                .formatted(installed, enabled, running, responding, identity);
    }

    /// `✓` or `✗`; `?` for what is not known, `–` for what does not apply.
    static String mark(Optional<Boolean> value, boolean applies) {
        return value.map(known -> known ? "✓" : "✗").orElse(applies ? "?" : "–");
    }

    private static String mark(Fact fact) {
        return mark(fact.value(), fact.isAsked());
    }
}
