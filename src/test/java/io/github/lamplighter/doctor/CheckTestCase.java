package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.DiagnoseTool.Scope;
import io.github.lamplighter.readiness.ListeningSockets.Listener;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Base of the tests of one group of checks. Each row of a class's `rows()` changes a healthy tool and names the
/// finding that follows.
abstract class CheckTestCase {

    static final Evidence PROOF = new Evidence("npm view x@2.41.3", "engines.node >=24");

    static final Verdict.SkippedRelease NEEDS_24 = new Verdict.SkippedRelease(
            "2.41.3", Verdict.Reason.RUNTIME, "2.41.3 needs Node >=24 (installed: 22.11.0)", ">=24", PROOF);

    @TempDir
    Path home;

    static Arguments row(String id, Severity severity, String title, Consumer<Case> change) {
        return Arguments.of(id, severity, title, change);
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("rows")
    void reportsTheFinding(String id, Severity severity, String title, Consumer<Case> change) {
        Finding finding = new Case(home).with(change).finding(id).orElseThrow();
        assertThat(finding.severity()).isEqualTo(severity);
        assertThat(finding.title()).isEqualTo(title).hasSizeLessThanOrEqualTo(60);
        assertThat(finding.evidence()).as("a finding rests on something").isNotEmpty();
        if (severity != Severity.OK) {
            assertThat(finding.remedies()).as("one thing that can be done").isNotEmpty();
        }
        assertThat(finding.evidence().toString()).doesNotContain("canary-4711");
        for (Remedy remedy : finding.remedies()) {
            if (remedy instanceof Remedy.Action action) {
                assertThat(action.argv()).first().isEqualTo("lamplighter");
            }
        }
    }

    static final Listener TUNNEL = new Listener(
            "127.0.0.1", 8088, Optional.of(977L), 1000, Optional.empty(), Optional.of("ssh -L 8088:x:8088"));

    static Path open(Path folder) {
        try {
            Files.createDirectories(folder);
            return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Path secret(Path file, String permissions) {
        try {
            return Files.setPosixFilePermissions(
                    text(file, "MUXPLEX_PASSWORD=canary-4711\n"), PosixFilePermissions.fromString(permissions));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// A test's own folder is closed to others.
    static Path forAll(Path folder) {
        try {
            return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// As it was two hours ago, before the service began.
    static void older(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Case.NOW.minusSeconds(7200)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Path text(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Finding whyNotNewer(Case tool) {
        return tool.doctor().examine(tool.manifest(), Scope.FULL).report().findings().stream()
                .filter(finding -> finding.id().equals("why-not-newer"))
                .findFirst()
                .orElseThrow();
    }
}
