package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.DiagnoseTool.Scope;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.text.Evidence;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReportCodecTest {

    private static final String COMMIT = "ab".repeat(20);
    private static final Optional<OffsetDateTime> PUBLISHED =
            Optional.of(OffsetDateTime.parse("2026-11-20T10:00:00.123456+02:00"));
    private static final Instant EXACT = Instant.parse("2026-11-24T18:15:00.123456Z");
    private static final List<Verdict.SkippedRelease> NEWER = List.of(new Verdict.SkippedRelease(
            "1.0", Verdict.Reason.RUNTIME, "1.0 needs Node >=24", ">=24", new Evidence("npm view", "engines >=24")));

    @TempDir
    Path home;

    static Stream<Origin> origins() {
        return Stream.of(
                new Origin.Index(),
                new Origin.Git("https://x.example/m", Optional.of("v1"), Origin.RevisionKind.TAG, COMMIT),
                new Origin.Git("https://x.example/m", Optional.empty(), Origin.RevisionKind.UNRESOLVED, COMMIT),
                new Origin.Editable(Path.of("/src/m")),
                new Origin.LocalDirectory(Path.of("/src/m")),
                new Origin.Archive("https://x.example/m.tgz"),
                new Origin.Linked(Path.of("/src/m")),
                new Origin.SystemPackage("apt", "sudo apt install --only-upgrade lamplighter"),
                new Origin.ReleaseFeed("https://x.example/releases.json", "a2V5", "tar", "linux-x86_64"),
                new Origin.Unknown("Two records differ.", Origin.Unknown.Cause.NOT_AGREED));
    }

    static Stream<Verdict> verdicts() {
        return Stream.of(
                new Verdict.Current("0.9.4", NEWER),
                new Verdict.Ahead("0.9.4"),
                new Verdict.Pinned("Installed at a commit.", NEWER),
                new Verdict.Outdated(new UpgradeTarget.IndexVersion("0.9.4"), PUBLISHED, NEWER),
                new Verdict.Outdated(
                        new UpgradeTarget.GitCommit("https://x.example/m", "main", COMMIT, "0.9.4"), Optional.empty()),
                new Verdict.Outdated(
                        new UpgradeTarget.ReleaseArchive("0.9.4", "https://x.example/m.tar.gz", 12, "ab".repeat(32)),
                        Optional.empty()),
                new Verdict.NotCheckable(
                        Verdict.UncheckableReason.SIGN_IN, "x.example needs a sign-in.", Optional.of("npm login")));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void readsEveryOriginAsItWasWritten(Origin origin) {
        Report report = report(origin, new Verdict.Current("0.9.4"));
        assertThat(ReportCodec.decode(ReportCodec.encode(report))).isEqualTo(report);
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void readsEveryVerdictAsItWasWritten(Verdict verdict) {
        Report report = report(new Origin.Index(), verdict);
        assertThat(ReportCodec.decode(ReportCodec.encode(report))).isEqualTo(report);
    }

    @Test
    void theContractHasNothingThatOnlyTheStateFileNeeds() {
        Report report = report(new Origin.Index(), new Verdict.Ahead("0.9.4"));
        assertThat(ReportJson.report(report, ZoneOffset.UTC).propertyNames())
                .containsExactly("name", "expected", "provenance", "verdict", "facts", "findings", "tookMillis");
        assertThat(ReportJson.report(report, ZoneOffset.UTC)
                        .path("findings")
                        .path(0)
                        .propertyNames())
                .doesNotContain("tookMillis");
    }

    private Report report(Origin origin, Verdict verdict) {
        Case tool = new Case(home);
        Report found = tool.doctor().examine(tool.manifest(), Scope.FULL).report();
        return new ReportBuilder(found)
                .provenance(found.provenance().orElseThrow().withOrigin(origin))
                .verdict(verdict)
                .unanswered(
                        verdict instanceof Verdict.NotCheckable not
                                ? Optional.of(new Report.UnansweredQuery(EXACT, not))
                                : Optional.empty())
                .at(EXACT)
                .build();
    }
}
