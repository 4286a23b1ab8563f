package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.app.CommandSyntax;
import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Commands with prepared envelopes, by their arguments joined with spaces; the longest known prefix answers.
final class FakeCliClient implements CliClient {

    private static final Schema SCHEMA = new Schema(Schema.ENVELOPE);

    final List<String> called = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> answers = new HashMap<>();
    private final Map<String, Runnable> effects = new HashMap<>();
    volatile Consumer<String> followed = _ -> {};
    Lines log = new Lines(List.of(), "");

    FakeCliClient answer(String arguments, String data) {
        return answer(arguments, 0, data, "");
    }

    FakeCliClient answer(String arguments, int exitCode, String data, String error) {
        String envelope = """
            {"schema":"lamplighter/1","command":"%s","status":"%s","exitCode":%d,"data":%s,"errors":[%s]}\
            """.formatted(
                        arguments.replaceFirst(" .*", ""),
                        exitCode == 0 ? "success" : data.equals("{}") ? "error" : "partial",
                        exitCode,
                        data,
                        error.isEmpty() ? "" : "{\"code\":\"x\",\"message\":\"%s\"}".formatted(error));
        if (arguments.startsWith("upgrade")) {
            assertThat(SCHEMA.complaints(envelope))
                    .as("what no command prints must not be tested")
                    .isEmpty();
        }
        answers.put(arguments, envelope);
        return this;
    }

    /// A rollback that is not confirmed yet.
    FakeCliClient asksToRollBack(String tool, String consent) {
        return answer(
                "rollback " + tool,
                3,
                "{\"name\":\"%s\",\"outcome\":\"needs-consent\",\"consent\":\"%s\"}".formatted(tool, consent),
                "Confirmation required.");
    }

    /// A side effect of the command.
    void during(String arguments, Runnable effect) {
        effects.put(arguments, effect);
    }

    @Override
    public Envelope run(List<String> arguments) {
        List<String> argv = new ArrayList<>(arguments);
        argv.add("--json");
        CommandSyntax.check(argv);
        String line = String.join(" ", arguments);
        called.add(line);
        effects.getOrDefault(line, () -> {}).run();
        return answers.keySet().stream()
                .filter(line::startsWith)
                .max(java.util.Comparator.comparingInt(String::length))
                .map(key -> Envelope.of(JsonFile.MAPPER.readTree(answers.get(key))))
                .orElseGet(() -> Envelope.missing("no envelope was prepared for " + line));
    }

    @Override
    public Following follow(List<String> arguments, Consumer<String> line) {
        CommandSyntax.check(arguments);
        called.add(String.join(" ", arguments));
        followed = line;
        return () -> called.add("end of " + String.join(" ", arguments));
    }

    @Override
    public Lines lines(List<String> arguments) {
        CommandSyntax.check(arguments);
        called.add(String.join(" ", arguments));
        return log;
    }
}
