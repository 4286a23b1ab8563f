package io.github.lamplighter.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.status.ToolStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlanceFileTest {

    @TempDir
    Path folder;

    private final Glance glance = new Glance(
            Instant.parse("2026-11-23T10:00:00Z"),
            Instant.parse("2026-11-23T22:00:00Z"),
            List.of(
                    new Glance.ToolGlance(
                            "http-server",
                            State.UPDATE,
                            "14.1.1 is available",
                            "14.1.0",
                            Optional.of(new ToolStatus.Update(
                                    "14.1.1", Optional.of(Instant.parse("2026-11-23T08:00:00Z")))),
                            true,
                            Optional.of("lamplighter-http-server.service"),
                            Optional.of("http://127.0.0.1:8080/"),
                            Set.of("process", "update"),
                            Optional.of(new Report.RolledBack(
                                    "14.1.1", Instant.parse("2026-11-23T09:00:00Z"), Optional.empty())),
                            Optional.of(new UpgradeHistory.Upgraded(
                                    "14.0.0", "14.1.0", Instant.parse("2026-11-23T07:00:00Z"), true)),
                            true,
                            Optional.of(new Glance.ServiceLook(Instant.parse("2026-11-23T09:30:00Z"), true))),
                    new Glance.ToolGlance(
                            "ruff",
                            State.OK,
                            "OK",
                            "0.9.0",
                            Optional.empty(),
                            false,
                            Optional.empty(),
                            Optional.empty(),
                            Set.of())));

    @Test
    void whatWasWrittenIsRead() throws IOException {
        GlanceFile file = new GlanceFile(folder.resolve("state/glance.json"));
        file.write(glance);
        assertThat(file.read()).contains(glance);
    }

    @Test
    void aFileOfAnEarlierVersionIsRead() throws IOException {
        Path path = folder.resolve("glance.json");
        GlanceFile file = new GlanceFile(path);
        file.write(glance);
        String earlier = Files.readString(path).replaceFirst(",\\s*\"look\" ?: ?\\{[^}]*}", "");
        assertThat(earlier).doesNotContain("problemOfRun");
        Files.writeString(path, earlier);
        assertThat(file.read())
                .hasValueSatisfying(read -> assertThat(read.tools())
                        .extracting(Glance.ToolGlance::problemOfRun)
                        .containsOnly(Optional.empty()));
    }

    @Test
    void nothingThereIsEmpty() {
        assertThat(new GlanceFile(folder.resolve("glance.json")).read()).isEmpty();
    }

    @Test
    void aDamagedFileReadsAsNothingAndIsKeptByTheNextRun() throws IOException {
        Path path = folder.resolve("glance.json");
        Files.writeString(path, "{ \"schema\": ");
        GlanceFile file = new GlanceFile(path);
        assertThat(file.read()).isEmpty();
        file.write(glance);
        assertThat(file.read()).contains(glance);
        assertThat(folder.resolve("glance.json.damaged")).hasContent("{ \"schema\": ");
    }

    @Test
    void anotherNumberOrAnUnknownStateReadsAsNothing() throws IOException {
        Path path = folder.resolve("glance.json");
        GlanceFile file = new GlanceFile(path);
        file.write(glance);
        String text = Files.readString(path);
        Files.writeString(path, text.replace("glance/1", "glance/2"));
        assertThat(file.read()).isEmpty();
        Files.writeString(path, text.replace("\"well\"", "\"splendid\""));
        assertThat(file.read()).isEmpty();
    }
}
