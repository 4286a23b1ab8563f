package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.doctor.DiagnoseTool;
import java.util.Iterator;

/// The ids of all checks, for shell completion.
final class CheckIds implements Iterable<String> {

    @Override
    public Iterator<String> iterator() {
        return DiagnoseTool.ids().iterator();
    }

    static Problem unknown(String id) {
        return new Problem(
                "unknown-check",
                "Unknown check `%s`. Checks: %s.".formatted(id, String.join(", ", DiagnoseTool.ids())));
    }
}
