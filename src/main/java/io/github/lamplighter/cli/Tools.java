package io.github.lamplighter.cli;

import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What the verbs of a transaction have in common: whom they are about, and how their end is told.
final class Tools {

    private Tools() {}

    static Optional<Manifest> manifest(ManifestStore manifests, String name) {
        return ToolName.of(name)
                .flatMap(manifests::entry)
                .flatMap(entry -> entry instanceof ManifestEntry.Readable readable
                        ? Optional.of(readable.manifest())
                        : Optional.empty());
    }

    static String unknown(ManifestStore manifests, String name) {
        return ToolName.of(name).flatMap(manifests::entry).isPresent()
                ? "The description of %s cannot be read; `lamplighter doctor %s` says where.".formatted(name, name)
                : "%s is not looked after; `lamplighter list` shows what is.".formatted(name);
    }

    static int ended(
            FollowUpgrade.Followed followed,
            String name,
            boolean backwards,
            ObjectNode result,
            List<Console.Problem> problems,
            Console console,
            boolean json) {
        return switch (followed) {
            case FollowUpgrade.Followed.NotBegun(String why) -> {
                result.put("name", name).put("outcome", "failed").put("reason", why);
                problems.add(new Console.Problem("not-begun", why));
                if (!json) {
                    console.err().println("lamplighter: " + why);
                }
                yield ExitCode.FAILED;
            }
            case FollowUpgrade.Followed.Ended(UpgradeOutcome outcome) -> {
                result.setAll(outcome.json());
                int code = UpgradeWords.exitCode(outcome, backwards);
                String sentence = UpgradeWords.sentence(outcome, backwards);
                if (code != ExitCode.OK) {
                    problems.add(new Console.Problem(outcome.result().word(), sentence));
                }
                if (!json) {
                    (code == ExitCode.OK ? console.out() : console.err()).println(sentence);
                }
                yield code;
            }
        };
    }
}
