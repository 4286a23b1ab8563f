package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.cli.UpgradeFollower.FollowResult;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import io.github.lamplighter.upgrade.UpgradeOutcome.Asked;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The result of an upgrade or rollback for one tool.
///
/// @param json of the tool, as in the envelope
/// @param lines for the user
record UpgradeResult(int exitCode, ObjectNode json, Optional<Problem> problem, List<String> lines) {

    UpgradeResult {
        lines = List.copyOf(lines);
    }

    /// The result of a finished transaction.
    static UpgradeResult of(FollowResult result, String name, Asked asked) {
        return switch (result) {
            case FollowResult.NotStarted(String why) ->
                problem(
                        ExitCode.FAILED,
                        "not-begun",
                        nothing(name, asked, UpgradeOutcome.Result.FAILED.word(), "", why),
                        why);
            case FollowResult.Finished(UpgradeOutcome outcome) -> {
                int code = UpgradeText.exitCode(outcome);
                String id = outcome.result() == UpgradeOutcome.Result.BUSY
                        ? "busy"
                        : outcome.result().word();
                yield new UpgradeResult(
                        code,
                        UpgradeText.json(outcome),
                        code == ExitCode.OK
                                ? Optional.empty()
                                : Optional.of(new Problem(id, UpgradeText.sentence(outcome))),
                        UpgradeText.lines(outcome));
            }
        };
    }

    static UpgradeResult ok(ObjectNode json, List<String> lines) {
        return new UpgradeResult(ExitCode.OK, json, Optional.empty(), lines);
    }

    static UpgradeResult problem(int exitCode, String code, ObjectNode json, String message) {
        return new UpgradeResult(exitCode, json, Optional.of(new Problem(code, message)), List.of(message));
    }

    /// The JSON of a tool for which no transaction was started.
    static ObjectNode nothing(String name, Asked asked, String outcome, String version, String reason) {
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        json.put("name", name)
                .put("asked", asked.word())
                .put("outcome", outcome)
                .put("from", known(version))
                .putNull("to")
                .put("reason", known(reason))
                .put("downtimeMillis", 0)
                .put("dataMayHaveChanged", false)
                .putNull("journal")
                .putArray("steps");
        return json;
    }

    void print(Console console) {
        if (exitCode == ExitCode.OK) {
            lines.forEach(console.out()::println);
        } else {
            console.warn(lines.getFirst());
            lines.stream().skip(1).forEach(console.err()::println);
        }
    }

    private static @Nullable String known(String text) {
        return text.isEmpty() ? null : text;
    }
}
