package io.github.lamplighter.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.process.LocalProcessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageWatchTest {

    private static final Duration SETTLE = Duration.ofMillis(100);

    private final BlockingQueue<PackageWatch.Change> changes = new LinkedBlockingQueue<>();

    @TempDir
    Path lib;

    private Path buildRecord;

    @BeforeEach
    void install() throws Exception {
        buildRecord = lib.resolve("build.json");
        Files.writeString(buildRecord, "0.1.0");
    }

    @Test
    void anotherVersionIsReportedOnce() throws Exception {
        try (PackageWatch _ = watch("true")) {
            unpack("0.2.0");
            assertThat(changes.poll(10, TimeUnit.SECONDS)).isEqualTo(PackageWatch.Change.REPLACED);
            unpack("0.3.0");
            assertThat(changes.poll(500, TimeUnit.MILLISECONDS)).isNull();
        }
    }

    @Test
    void aRemovalIsReported() throws Exception {
        try (PackageWatch _ = watch("true")) {
            Files.delete(buildRecord);
            Files.delete(lib);
            assertThat(changes.poll(10, TimeUnit.SECONDS)).isEqualTo(PackageWatch.Change.REMOVED);
        }
    }

    @Test
    void theSameVersionIsNoChange() throws Exception {
        try (PackageWatch _ = watch("true")) {
            unpack("0.1.0");
            Files.writeString(lib.resolve("cli.aot"), "another");
            assertThat(changes.poll(1, TimeUnit.SECONDS)).isNull();
        }
    }

    @Test
    void aVersionThatDoesNotStartTakesNothingOver() throws Exception {
        try (PackageWatch _ = watch("false")) {
            unpack("0.2.0");
            assertThat(changes.poll(1500, TimeUnit.MILLISECONDS)).isNull();
        }
    }

    private PackageWatch watch(String launcher) {
        return PackageWatch.start(
                Optional.of(buildRecord),
                List.of(launcher),
                new LocalProcessRunner(Map.of("PATH", "/usr/bin:/bin")),
                SETTLE,
                changes::add);
    }

    /// As dpkg does it: the new file is complete when it takes the name of the old one.
    private void unpack(String version) throws Exception {
        Path next = lib.resolve("build.json.dpkg-new");
        Files.writeString(next, version);
        Files.move(next, buildRecord, StandardCopyOption.REPLACE_EXISTING);
    }
}
