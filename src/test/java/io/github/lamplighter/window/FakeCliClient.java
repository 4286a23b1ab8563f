package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.file.JsonFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Commands with prepared envelopes, by their arguments joined with spaces; the longest known prefix answers.
final class FakeCliClient implements CliClient {

    final List<String> called = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> answers = new HashMap<>();
    private final Map<String, Runnable> effects = new HashMap<>();
    volatile Consumer<String> followed = _ -> {};
    Lines log = new Lines(List.of(), "");

    FakeCliClient answer(String arguments, String data) {
        return answer(arguments, 0, data, "");
    }

    FakeCliClient answer(String arguments, int exitCode, String data, String error) {
        answers.put(arguments, """
            {"schema":"lamplighter/1","command":"x","status":"%s","exitCode":%d,"data":%s,"errors":[%s]}\
            """.formatted(
                        exitCode == 0 ? "success" : "error",
                        exitCode,
                        data,
                        error.isEmpty() ? "" : "{\"code\":\"x\",\"message\":\"%s\"}".formatted(error)));
        return this;
    }

    /// A side effect of the command.
    void during(String arguments, Runnable effect) {
        effects.put(arguments, effect);
    }

    @Override
    public Envelope run(List<String> arguments) {
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
        called.add(String.join(" ", arguments));
        followed = line;
        return () -> called.add("end of " + String.join(" ", arguments));
    }

    @Override
    public Lines lines(List<String> arguments) {
        called.add(String.join(" ", arguments));
        return log;
    }
}
