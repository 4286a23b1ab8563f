package io.github.lamplighter.window;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The output of a command run with `--json` (docs/schemas/envelope-1.json).
///
/// @param errors the messages of `errors[]`
public record Envelope(String status, int exitCode, JsonNode data, List<String> errors) {

    public Envelope {
        errors = List.copyOf(errors);
    }

    /// An answer of the window's own for a verb that gave none.
    static Envelope withoutAnswer(String sentence) {
        return new Envelope("error", 1, JsonNodeFactory.instance.objectNode(), List.of(sentence));
    }

    static Envelope of(JsonNode json) {
        return new Envelope(
                JsonFields.text(json, "status").orElse("error"),
                (int) JsonFields.number(json, "exitCode").orElse(1L).longValue(),
                json.path("data"),
                JsonFields.list(json.path("errors")).stream()
                        .map(error -> JsonFields.text(error, "message").orElse("no reason was given"))
                        .toList());
    }

    boolean succeeded() {
        return exitCode == 0 && status.equals("success");
    }

    /// The entry of the one tool that was asked about, whichever way the verb writes it.
    JsonNode tool() {
        List<JsonNode> tools = tools();
        return tools.isEmpty() ? data : tools.getFirst();
    }

    List<JsonNode> tools() {
        return JsonFields.list(data.path("tools"));
    }

    /// What a person has to agree to before it is done.
    Optional<String> consent() {
        return JsonFields.text(data, "consent");
    }

    /// Why it came as it did, where what came of it is told elsewhere: the tool's reason, else the verb's sentences.
    Optional<String> cause() {
        return JsonFields.text(tool(), "reason").or(this::reason);
    }

    /// Why it did not do what was asked: its own sentences, else the tool's reason.
    Optional<String> reason() {
        return errors.isEmpty() ? JsonFields.text(tool(), "reason") : Optional.of(String.join(" ", errors));
    }
}
