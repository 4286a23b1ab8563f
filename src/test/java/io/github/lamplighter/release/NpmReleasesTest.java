package io.github.lamplighter.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.Target;
import io.github.lamplighter.process.Answer;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.LocalPrograms;
import io.github.lamplighter.process.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NpmReleasesTest {

    private static final String VIEW = """
            { "name": "x", "version": "3.0.0", "engines": { "node": ">=24" }, "dist-tags": { "latest": "3.0.0" },
              "time": { "1.0.0": "2020-01-01T00:00:00.000Z", "2.0.0": "2021-02-03T04:05:06.000Z",
                        "3.0.0": "2022-01-01T00:00:00.000Z", "4.0.0-rc.1": "2023-01-01T00:00:00.000Z" } }""";
    private static final String ABOVE_ONE = """
            [ { "version": "2.0.0", "engines": { "node": ">=18" } }, { "version": "3.0.0", "engines": { "node": ">=24" } } ]""";

    @Test
    void theNewestThatThisNodeRunsIsOffered() {
        assertThat(verdict("1.0.0", "24.1.0", argv -> VIEW))
                .isEqualTo(new Verdict.Outdated(
                        new Target.IndexVersion("3.0.0"), Optional.of(OffsetDateTime.parse("2022-01-01T00:00:00Z"))));
        assertThat(verdict("1.0.0", "20.2.0", argv -> argv.contains("x@>1.0.0") ? ABOVE_ONE : VIEW))
                .isEqualTo(new Verdict.Outdated(
                        new Target.IndexVersion("2.0.0"), Optional.of(OffsetDateTime.parse("2021-02-03T04:05:06Z"))));
    }

    @Test
    void whatThisNodeCannotRunIsNamedAndNotOffered() {
        assertThat(verdict("2.0.0", "20.2.0", argv -> argv.contains("x") ? VIEW : "[ ]"))
                .isEqualTo(new Verdict.Pinned("3.0.0 needs Node >=24; this copy has Node 20.2.0."));
    }

    @Test
    void theSameIsCurrentAndNewerIsAheadNeverADowngrade() {
        assertThat(verdict("3.0.0", "24.1.0", argv -> VIEW)).isEqualTo(new Verdict.Current("3.0.0"));
        assertThat(verdict("4.0.0-rc.1", "24.1.0", argv -> VIEW)).isEqualTo(new Verdict.Ahead("3.0.0"));
    }

    @Test
    void aVersionThatWasNeverPublishedIsNotCheckable() {
        assertThat(verdict("1.5.0", "24.1.0", argv -> VIEW)).isInstanceOf(Verdict.NotCheckable.class);
    }

    @Test
    void noNetworkASlowRegistryAndNonsenseAreNotCheckableWithTheReason() {
        assertThat(verdict("1.0.0", "24.1.0", argv -> "{\"error\":{\"code\":\"ECONNREFUSED\"}}"))
                .isEqualTo(new Verdict.NotCheckable("The registry was not reached (ECONNREFUSED)."));
        assertThat(verdict("1.0.0", "24.1.0", argv -> "{\"error\":{\"code\":\"E404\"}}"))
                .isEqualTo(new Verdict.NotCheckable("The registry has no package x; it came from somewhere else."));
        assertThat(verdict("1.0.0", "24.1.0", argv -> "<html>"))
                .isEqualTo(new Verdict.NotCheckable("npm view printed something that is not JSON."));
        assertThat(new Releases(
                                new Scripted(_ -> new Answer.TimedOut(Duration.ofSeconds(5), "", "")),
                                Duration.ofSeconds(5))
                        .verdict(provenance("1.0.0", "24.1.0")))
                .isEqualTo(new Verdict.NotCheckable("The registry did not answer in 5 s."));
    }

    @Test
    @Tag("slow")
    void theRealRegistryAnswersForARealPackage() {
        Releases releases = new Releases(new LocalPrograms(System.getenv()), Duration.ofSeconds(30));
        Provenance old = new Provenance(
                InstallerKind.NPM,
                "http-server",
                Path.of("/nowhere"),
                Path.of("/nowhere"),
                "14.1.0",
                new Origin.Index(),
                new Provenance.Runtime("node", Path.of("/nowhere/node"), "20.0.0", ""),
                List.of());
        assertThat(releases.verdict(old))
                .isInstanceOfSatisfying(
                        Verdict.Outdated.class,
                        outdated -> assertThat(outdated.publishedAt()).isPresent());
        assertThat(releases.named(old, "14.0.0"))
                .isEqualTo(new Releases.Choice.Found(new Target.IndexVersion("14.0.0")));
        assertThat(releases.named(old, "99.0.0")).isInstanceOf(Releases.Choice.NotThere.class);
    }

    private static Verdict verdict(String installed, String node, Function<List<String>, String> out) {
        Programs programs = new Scripted(command -> new Answer.Exited(0, out.apply(command.argv()), "", Duration.ZERO));
        return new Releases(programs, Duration.ofSeconds(5)).verdict(provenance(installed, node));
    }

    private static Provenance provenance(String installed, String node) {
        return new Provenance(
                InstallerKind.NPM,
                "x",
                Path.of("/nowhere"),
                Path.of("/nowhere"),
                installed,
                new Origin.Index(),
                new Provenance.Runtime("node", Path.of("/nowhere/node"), node, ""),
                List.of());
    }

    /// Programs that answer from a script.
    private record Scripted(Function<Command, Answer> script, List<Command> asked) implements Programs {
        Scripted(Function<Command, Answer> script) {
            this(script, new ArrayList<>());
        }

        @Override
        public Answer run(Command command) {
            asked.add(command);
            return script.apply(command);
        }

        @Override
        public Answer run(Command command, Consumer<String> line) {
            return run(command);
        }

        @Override
        public Optional<String> launch(List<String> argv, Map<String, Optional<String>> environment) {
            throw new AssertionError("nothing is launched here");
        }

        @Override
        public Optional<Path> find(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<Path> find(String name, String path) {
            return Optional.empty();
        }
    }
}
