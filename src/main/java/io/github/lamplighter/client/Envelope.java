package io.github.lamplighter.client;

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

    /// The envelope of a command that printed none.
    public static Envelope missing(String sentence) {
        return new Envelope("error", 1, JsonNodeFactory.instance.objectNode(), List.of(sentence));
    }

    public static Envelope of(JsonNode json) {
        return new Envelope(
                JsonFields.text(json, "status").orElse("error"),
                (int) JsonFields.number(json, "exitCode").orElse(1L).longValue(),
                json.path("data"),
                JsonFields.list(json.path("errors")).stream()
                        .map(error -> JsonFields.text(error, "message").orElse("No reason given."))
                        .toList());
    }

    public boolean succeeded() {
        return exitCode == 0 && status.equals("success");
    }

    /// The entry of a command about one tool, in either form of `data`.
    public JsonNode tool() {
        List<JsonNode> tools = tools();
        return tools.isEmpty() ? data : tools.getFirst();
    }

    public List<JsonNode> tools() {
        return JsonFields.list(data.path("tools"));
    }

    /// What the user has to confirm before the command runs.
    public Optional<String> consent() {
        return JsonFields.text(data, "consent");
    }

    /// The reason for the result: the tool's, else the error messages.
    public Optional<String> cause() {
        return JsonFields.text(tool(), "reason").or(this::reason);
    }

    /// Why the command failed: the error messages, else the tool's reason.
    public Optional<String> reason() {
        return errors.isEmpty() ? JsonFields.text(tool(), "reason") : Optional.of(String.join(" ", errors));
    }
}
