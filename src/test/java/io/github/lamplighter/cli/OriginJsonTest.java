package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Schema;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.RevisionKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.RepairCommands;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.service.StopImpactAssessor.StopImpact;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolCatalog;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.upgrade.UpgradeImpact;
import io.github.lamplighter.upgrade.UpgradePlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/// The origin of a tool in JSON, in the words of the contract.
class OriginJsonTest {

    @TempDir
    Path home;

    private ManifestStore store;
    private Manifest lamp;

    @BeforeEach
    void aToolFromGit() throws IOException {
        store = new ManifestStore(AppDirectories.linux(Map.of(), home));
        Path file = store.file(new ToolName("lamp"));
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
            {"schema": "lamplighter.tool/1", "name": "lamp",
             "install": {"installer": "venv", "environment": "/lamp", "program": "/lamp/bin/lamp"}}
            """);
        lamp = ((ManifestEntry.Readable) store.entry(new ToolName("lamp")).orElseThrow()).manifest();
    }

    @Test
    void aTagStaysATagAfterItWasResolvedOnce() {
        assertThat(listed(git("v1", "a", RevisionKind.UNRESOLVED), git("v1", "a", RevisionKind.TAG))
                        .path("revisionKind")
                        .asString())
                .isEqualTo("tag");
        assertThat(listed(git("v1", "b", RevisionKind.UNRESOLVED), git("v1", "a", RevisionKind.TAG))
                        .path("revisionKind")
                        .isNull())
                .as("it was another commit")
                .isTrue();
    }

    @Test
    void aPlanHasTheKindOfItsSource() {
        Path folder = Path.of("/lamp");
        Provenance here = install(new Origin.LocalDirectory(home));
        UpgradePlan plan = new UpgradePlan(
                "1",
                lamp,
                here,
                new UpgradeTarget.IndexVersion("2"),
                new StagePlan(
                        Optional.empty(), List.of(), folder, folder, false, folder, new StagePlan.LinkRule.None()),
                folder,
                folder,
                1,
                new UpgradePlan.Downtime(Duration.ZERO, false),
                false,
                false,
                new UpgradeImpact(List.of(), StopImpact.NONE, List.of()),
                "hash");
        JsonNode json = UpgradeText.json(plan, JsonFile.MAPPER.createObjectNode());
        assertThat(json.path("source").asString()).isEqualTo("local-directory");
        assertThat(new Schema("envelope-1.json").complaints("""
            {"schema": "lamplighter/1", "command": "upgrade", "status": "success", "exitCode": 0, "errors": [],
             "data": {"tools": [{"name": "lamp", "outcome": "ready", "from": "1", "to": "2", "reason": null, "plan": %s}]}}
            """.formatted(json)))
                .isEmpty();
    }

    private static Origin.Git git(String revision, String commit, RevisionKind kind) {
        return new Origin.Git("https://example.org/lamp", Optional.of(revision), kind, commit);
    }

    private static Provenance install(Origin origin) {
        return new Provenance(
                InstallerKind.VENV,
                "lamp",
                Path.of("/lamp"),
                Path.of("/lamp/bin/lamp"),
                "1.0.0",
                origin,
                new Provenance.Runtime("python", Path.of("/usr/bin/python3"), "3.13", ""),
                List.of());
    }

    private JsonNode listed(Origin now, Origin before) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false, false, Optional.empty());
        ListCommand list = new ListCommand(
                new ToolCatalog(store, List.of(new One(install(now)))),
                _ -> Optional.of(install(before)),
                AppDirectories.linux(Map.of(), home),
                console);
        assertThat(new CommandLine(list).execute("--json")).isZero();
        return JsonFile.MAPPER.readTree(out.toString(StandardCharsets.UTF_8)).at("/data/tools/0/origin");
    }

    private record One(Provenance install) implements Installer {
        @Override
        public InstallerKind kind() {
            return InstallerKind.VENV;
        }

        @Override
        public List<Provenance> installed() {
            return List.of(install);
        }

        @Override
        public Optional<Provenance> owner(Path program) {
            return Optional.of(install);
        }

        @Override
        public StagePlan stage(Provenance from, UpgradeTarget upgradeTarget, Path stage) {
            throw new UnsupportedOperationException();
        }

        @Override
        public RepairCommands repairCommands(Provenance install, RepairCommands.Need need) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Path stageRoot(Provenance provenance) {
            throw new UnsupportedOperationException();
        }
    }
}
