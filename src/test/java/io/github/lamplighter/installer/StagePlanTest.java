package io.github.lamplighter.installer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.npm.NpmInstaller;
import io.github.lamplighter.installer.venv.VenvInstaller;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.LocalProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an installer says has to be run: the recorded origin is in it, and nothing of it touches what is there.
class StagePlanTest {

    private static final String REPOSITORY = "https://example.org/ada/clock";

    @TempDir
    Path home;

    private Path stage;
    private Path python;

    @BeforeEach
    void folders() throws IOException {
        stage = Files.createDirectories(home.resolve("stage"));
        python = home.resolve("python/bin/python3.11");
        Files.createDirectories(home.resolve("python/lib/python3.11/site-packages/pip"));
        Files.createFile(Files.createDirectories(python.getParent()).resolve("python3.11"))
                .toFile()
                .setExecutable(true);
    }

    @Test
    void npmInstallsIntoTheStageAlone() throws IOException {
        Path modules = home.resolve("prefix/lib/node_modules");
        Files.writeString(Files.createDirectories(modules.resolve("@ada/clock")).resolve("package.json"), """
            {"name": "@ada/clock", "version": "1.0.0", "bin": {"clock": "a.js", "tick": "b.js"}}
            """);
        StagePlan answer = npm().stage(
                        provenance(InstallerKind.NPM, "@ada/clock", modules.resolve("@ada/clock"), new Origin.Index()),
                        new UpgradeTarget.IndexVersion("2.0.0"),
                        stage);

        List<String> argv = answer.commands().getFirst().argv();
        assertThat(argv).containsSequence("--prefix", stage.toString());
        assertThat(argv.subList(argv.size() - 2, argv.size())).containsExactly("--", "@ada/clock@2.0.0");
        assertThat(answer.prepared()).isEqualTo(stage.resolve("lib/node_modules/@ada/clock"));
        assertThat(answer.links())
                .isEqualTo(new StagePlan.LinkRule.Mirror(
                        stage.resolve("bin"), home.resolve("prefix/bin"), Set.of("clock", "tick")));
        assertThat(answer.rewritePaths()).isFalse();
    }

    @Test
    void npmsStagesLieWhereNpmDoesNotLook() {
        Path modules = home.resolve("prefix/lib/node_modules");
        Path root = npm().stageRoot(
                        provenance(InstallerKind.NPM, "@ada/clock", modules.resolve("@ada/clock"), new Origin.Index()));
        assertThat(root.startsWith(home.resolve("prefix/lib"))).isTrue();
        assertThat(root.startsWith(modules)).isFalse();
    }

    @Test
    void npmHasNoRecordOfARepositoryAndRefusesOne() {
        Provenance from = provenance(
                InstallerKind.NPM, "clock", home.resolve("prefix/lib/node_modules/clock"), new Origin.Index());
        assertThatThrownBy(() -> npm().stage(from, commit(REPOSITORY), stage))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aGitInstallStaysWithItsRepository() {
        StagePlan answer = venv().stage(git(), commit(REPOSITORY), stage);

        assertThat(answer.commands())
                .allSatisfy(command -> assertThat(command.argv()).contains("clock @ git+" + REPOSITORY + "@v2.0.0"));
        assertThat(answer.commands().getLast().argv()).contains("--force-reinstall", "--no-deps");
        assertThat(answer.rewritePaths()).isTrue();
        assertThat(answer.environment()).isEqualTo(home.resolve("clock"));
    }

    @Test
    void anotherRepositoryIsRefused() {
        assertThatThrownBy(() -> venv().stage(git(), commit("https://example.org/mallory/clock"), stage))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aVirtualEnvironmentIsChangedInItsCopyAlone() {
        StagePlan answer = venv().stage(
                        provenance(InstallerKind.VENV, "clock", home.resolve("clock"), new Origin.Index()),
                        new UpgradeTarget.IndexVersion("2.0.0"),
                        stage);

        assertThat(answer.copyTo()).contains(stage.resolve("clock"));
        assertThat(answer.commands())
                .map(Command::line)
                .allSatisfy(line -> assertThat(line)
                        .contains(stage.resolve("clock/bin/python").toString(), "clock==2.0.0")
                        .doesNotContain(home.resolve("clock/bin").toString()));
    }

    @Test
    void aVirtualEnvironmentIsPutRightByItsOwnPipAlone() throws IOException {
        Files.createDirectories(home.resolve("clock"));
        Provenance install = provenance(InstallerKind.VENV, "clock", home.resolve("clock"), new Origin.Index());
        String pip = "%s -m pip --python %s/clock/bin/python install ".formatted(python, home);
        assertThat(venv().repairCommands(install, new RepairCommands.Need.Reinstall()))
                .isInstanceOfSatisfying(
                        RepairCommands.Commands.class,
                        commands -> assertThat(commands.text())
                                .isEqualTo(pip + "--upgrade clock==1.0.0 && " + pip
                                        + "--force-reinstall --no-deps clock==1.0.0"));
        assertThat(venv().repairCommands(install, new RepairCommands.Need.UnsuitableRuntime(">=3.77")))
                .isEqualTo(new RepairCommands.NoCommand(
                        "Recreate ~/clock with Python >=3.77, then install clock==1.0.0 in it"));
    }

    @Test
    void anEnvironmentWhoseFolderIsGoneIsMadeFirst() {
        Provenance install = provenance(InstallerKind.VENV, "clock", home.resolve("clock"), new Origin.Index());
        assertThat(home.resolve("clock")).doesNotExist();
        assertThat(((RepairCommands.Commands) venv().repairCommands(install, new RepairCommands.Need.Reinstall()))
                        .text())
                .isEqualTo("%s -m venv %s/clock && %2$s/clock/bin/python -m pip install clock==1.0.0", python, home);
    }

    /// `uv venv` makes environments without pip.
    @Test
    void anEnvironmentOfUvIsChangedByUv() throws IOException {
        Path uv = Files.createFile(
                Files.createDirectories(home.resolve(".local/bin")).resolve("uv"));
        assertThat(uv.toFile().setExecutable(true)).isTrue();
        Files.writeString(
                Files.createDirectories(home.resolve("clock")).resolve("pyvenv.cfg"), "home = /usr/bin\nuv = 0.13.9\n");
        Provenance install = provenance(InstallerKind.VENV, "clock", home.resolve("clock"), new Origin.Index());

        assertThat(venv().stage(install, new UpgradeTarget.IndexVersion("2.0.0"), stage)
                        .commands())
                .singleElement()
                .satisfies(command -> assertThat(command.argv())
                        .startsWith(
                                uv.toString(),
                                "pip",
                                "install",
                                "--python",
                                stage.resolve("clock/bin/python").toString())
                        .endsWith("clock==2.0.0"));
        assertThat(((RepairCommands.Commands) venv().repairCommands(install, new RepairCommands.Need.Reinstall()))
                        .text())
                .isEqualTo(
                        "%s pip install --python %s/clock/bin/python --reinstall-package clock --refresh-package clock"
                                + " clock==1.0.0",
                        uv, home);
        assertThat(venv().obstacle(install)).isEmpty();

        Files.delete(uv);
        Files.delete(home.resolve("python/lib/python3.11/site-packages/pip"));
        assertThat(venv().obstacle(install))
                .contains("~/clock has no pip, and uv was not found. Install uv, or add pip with"
                        + " `~/clock/bin/python -m ensurepip`.");
    }

    @Test
    void anEnvironmentWhosePythonIsGoneIsNotUpgraded() throws IOException {
        Provenance install = provenance(InstallerKind.VENV, "clock", home.resolve("clock"), new Origin.Index());
        assertThat(venv().obstacle(install)).isEmpty();
        Files.delete(python);
        assertThat(venv().obstacle(install))
                .contains("The Python of ~/clock was removed. Recreate ~/clock with an installed Python, then install"
                        + " clock==1.0.0 in it.");
    }

    @Test
    void anEnvironmentWhosePythonIsAnotherVersionIsNotUpgraded() throws IOException {
        Provenance install = provenance(InstallerKind.VENV, "clock", home.resolve("clock"), new Origin.Index());
        Path newer = Files.createFile(home.resolve("python3.14"));
        Files.deleteIfExists(home.resolve("clock/bin/python"));
        Files.createSymbolicLink(
                Files.createDirectories(home.resolve("clock/bin")).resolve("python"), newer);
        assertThat(venv().obstacle(install))
                .contains("The Python of ~/clock is now 3.14, but its packages were installed for 3.11.2. Recreate"
                        + " ~/clock with an installed Python, then install clock==1.0.0 in it.");
        assertThat(venv().repairCommands(install, new RepairCommands.Need.Reinstall()))
                .isInstanceOf(RepairCommands.NoCommand.class);
    }

    @Test
    void whatIsHeldAtACommitFollowsTheDefaultBranchOfItsRepository() {
        String commit = "1".repeat(40);
        Provenance install = provenance(
                InstallerKind.VENV,
                "clock",
                home.resolve("clock"),
                new Origin.Git(REPOSITORY, Optional.of(commit), Origin.RevisionKind.COMMIT, commit));
        assertThat(((RepairCommands.Commands) venv().repairCommands(install, new RepairCommands.Need.Unpin())).text())
                .contains("'clock @ git+" + REPOSITORY + "'")
                .doesNotContain(commit);
    }

    private NpmInstaller npm() {
        return new NpmInstaller(AppDirectories.linux(Map.of(), home), Map.of(), new LocalProcessRunner(Map.of()));
    }

    private VenvInstaller venv() {
        return new VenvInstaller(AppDirectories.linux(Map.of(), home), new LocalProcessRunner(Map.of()));
    }

    private Provenance git() {
        return provenance(
                InstallerKind.VENV,
                "clock",
                home.resolve("clock"),
                new Origin.Git(REPOSITORY, Optional.of("v1.0.0"), Origin.RevisionKind.TAG, "1".repeat(40)));
    }

    private static UpgradeTarget.GitCommit commit(String url) {
        return new UpgradeTarget.GitCommit(url, "v2.0.0", "2".repeat(40), "2.0.0");
    }

    private Provenance provenance(InstallerKind kind, String name, Path environment, Origin origin) {
        return new Provenance(
                kind,
                name,
                environment,
                environment.resolve("bin/clock"),
                "1.0.0",
                origin,
                new Provenance.Runtime("python", python, "3.11.2", ""),
                List.of());
    }
}
