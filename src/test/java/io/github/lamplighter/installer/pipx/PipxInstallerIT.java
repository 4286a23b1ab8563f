package io.github.lamplighter.installer.pipx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.GitServer;
import io.github.lamplighter.harness.PreparedVenv;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.StagedBy;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.WithHome;
import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.RevisionKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.RepairCommands;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.installer.python.VirtualEnvironment;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the real pipx leaves on disk, and what it makes of a stage.
@WithHome(difficultName = true)
@Tag("slow")
class PipxInstallerIT {

    private static final Map<String, String> ENVIRONMENT = new LinkedHashMap<>();

    @Provided
    private static ThrowAwayHome home;

    private static GitRepository repository;
    private static GitServer server;
    private static Path wheels;
    private static ProcessRunner runner;
    private static PipxInstaller installer;

    @BeforeAll
    static void aHomeWithPipxInIt() throws IOException {
        repository = GitRepository.lampClock(home);
        server = GitServer.of(repository);
        wheels = Files.createDirectory(home.resolve("wheels"));
        for (String tag : List.of("v1.0.0", "v1.1.0")) {
            repository.wheel(tag, wheels);
        }
        Files.createDirectories(home.resolve("beside"));
        repository.git(
                "clone",
                "-q",
                "--branch",
                "v1.1.0",
                repository.url(),
                home.resolve("beside/clock").toString());
        ENVIRONMENT.putAll(home.environment());
        ENVIRONMENT.put("PIP_NO_INDEX", "1");
        ENVIRONMENT.put("PIP_FIND_LINKS", wheels.toUri().toString());
        ENVIRONMENT.put("PIPX_HOME", home.resolve("pipx").toString());
        ENVIRONMENT.put("PIPX_BIN_DIR", home.resolve(".local/bin").toString());
        ENVIRONMENT.put("PIPX_SHARED_LIBS", home.resolve("shared").toString());
        PreparedVenv.make(ENVIRONMENT, "/usr/bin/python3", home.resolve("shared"));
        runner = new LocalProcessRunner(ENVIRONMENT);
        installer = new PipxInstaller(AppDirectories.linux(ENVIRONMENT, home.path()), ENVIRONMENT, runner);
    }

    @AfterAll
    static void away() {
        server.close();
    }

    @AfterEach
    void uninstallAll() {
        pipx("uninstall-all");
    }

    @Test
    void aPackageOfAnIndexKeepsItsBoundAndWhatWasPutBesideItThroughAStage() {
        pipx("install", "lamp-clock>=1.0,<2");
        pipx("runpip", "lamp-clock", "install", "--force-reinstall", "lamp-clock==1.0.0");
        pipx(
                "inject",
                "lamp-clock",
                repository.renamed("lamp-plugin", home.resolve("beside/plugin")).toString());
        Provenance found = only();

        assertThat(found.installer()).isEqualTo(InstallerKind.PIPX);
        assertThat(found.packageName()).isEqualTo("lamp-clock");
        assertThat(found.version()).isEqualTo("1.0.0");
        assertThat(found.origin()).isEqualTo(new Origin.Index());
        assertThat(found.program()).isEqualTo(home.resolve(".local/bin/lamp-clock"));
        assertThat(found.runtime().requires()).isEqualTo(">=3.9");
        assertThat(found.runtime().program()).exists();
        assertThat(found.installRequest().specifier()).isIn("<2,>=1.0", ">=1.0,<2");
        assertThat(found.installRequest().with()).singleElement().asString().contains("plugin");
        assertThat(found.evidence())
                .map(Evidence::source)
                .anySatisfy(source -> assertThat(source).endsWith("venvs/lamp-clock/pipx_metadata.json"))
                .anySatisfy(source -> assertThat(source).endsWith("lamp_clock-1.0.0.dist-info/METADATA"));
        assertThat(installer.owner(found.program())).contains(found);

        Provenance staged =
                StagedBy.the(installer, runner, ENVIRONMENT, found, new UpgradeTarget.IndexVersion("1.1.0"));
        assertThat(staged.version()).isEqualTo("1.1.0");
        assertThat(staged.origin()).isEqualTo(new Origin.Index());
        assertThat(staged.installRequest()).isEqualTo(found.installRequest());
        assertThat(new VirtualEnvironment(staged.environment()).named("lamp-plugin"))
                .hasSize(1);
        assertThat(only()).as("the real one").isEqualTo(found);
    }

    @Test
    void anExactVersionIsMovedOnlyWhenItIsAskedFor() {
        pipx("install", "lamp-clock==1.0.0");
        Provenance found = only();
        assertThat(found.installRequest().specifier()).isEqualTo("==1.0.0");

        Provenance staged =
                StagedBy.the(installer, runner, ENVIRONMENT, found, new UpgradeTarget.IndexVersion("1.1.0"));
        assertThat(staged.version()).isEqualTo("1.1.0");
        assertThat(staged.installRequest().specifier()).isEqualTo("==1.1.0");
    }

    @Test
    void whatIsHeldMovesAgainWhereItLiesWithAllElseThatWasAskedFor() throws IOException {
        pipx("install", "lamp-clock==1.0.0");
        Path other = home.resolve("other");
        Map<String, String> elsewhere = new LinkedHashMap<>(ENVIRONMENT);
        elsewhere.put("PIPX_HOME", other.toString());
        elsewhere.put("PIPX_BIN_DIR", other.resolve("bin").toString());
        pipx(
                elsewhere,
                "install",
                "--pip-args=--extra-index-url https://ours.example/simple",
                "lamp-clock[tls]==1.0.0");
        pipx(
                elsewhere,
                "inject",
                "lamp-clock",
                repository.renamed("lamp-plugin", home.resolve("beside/held")).toString());
        Provenance copy = installer.owner(other.resolve("bin/lamp-clock")).orElseThrow();

        typed(copy, new RepairCommands.Need.Unpin());
        Provenance after = installer.owner(copy.program()).orElseThrow();
        assertThat(after.installRequest())
                .isEqualTo(new InstallRequest(
                        "",
                        List.of("tls"),
                        copy.installRequest().with(),
                        copy.installRequest().search(),
                        false,
                        Optional.empty()));
        assertThat(new VirtualEnvironment(after.environment()).named("lamp-plugin"))
                .hasSize(1);
        assertThat(only().installRequest().specifier()).as("the other copy").isEqualTo("==1.0.0");
    }

    @Test
    void aPasswordInItsRecordIsNotShownSoNoCommandIs() {
        pipx("install", "--pip-args=--extra-index-url https://ada:hunter2@ours.example/simple", "lamp-clock==1.0.0");
        assertThat(installer.repairCommands(only(), new RepairCommands.Need.Unpin()))
                .isInstanceOfSatisfying(
                        RepairCommands.NoCommand.class,
                        told -> assertThat(told.what())
                                .contains("contains a password")
                                .doesNotContain("hunter2"));
        assertThat(text(only(), new RepairCommands.Need.Reinstall())).doesNotContain("hunter2");
    }

    @Test
    void aToolWhosePythonIsGoneComesBackAsItWas() throws IOException {
        pipx("install", "lamp-clock>=1.0,<2");
        pipx(
                "inject",
                "lamp-clock",
                repository.renamed("lamp-plugin", home.resolve("beside/gone")).toString());
        Provenance before = only();
        try (DirectoryStream<Path> pythons =
                Files.newDirectoryStream(before.environment().resolve("bin"), "python*")) {
            for (Path python : pythons) {
                Files.delete(python);
                Files.createSymbolicLink(python, home.resolve("gone/python3.77"));
            }
        }
        assertThat(only().runtime().program()).doesNotExist();
        typed(only(), new RepairCommands.Need.Reinstall());
        assertThat(only().installRequest()).isEqualTo(before.installRequest());
        assertThat(Files.isExecutable(only().runtime().program())).isTrue();
        assertThat(new VirtualEnvironment(only().environment()).named("lamp-plugin"))
                .hasSize(1);
    }

    @Test
    void aPythonThatIsNotThereIsAskedForFirst() {
        pipx("install", "lamp-clock==1.0.0");
        assertThat(installer.repairCommands(only(), new RepairCommands.Need.UnsuitableRuntime(">=3.77")))
                .isEqualTo(new RepairCommands.NoCommand(
                        "Install Python >=3.77; then Lamplighter shows the next command here"));
        assertThat(text(only(), new RepairCommands.Need.UnsuitableRuntime(">=3.9")))
                .contains("reinstall --python /");
    }

    @Test
    void aToolThatIsGoneWithItsRecordIsAskedForAsItWasSeenLast() throws IOException {
        pipx("install", "lamp-clock[tls]>=1.0");
        pipx(
                "inject",
                "lamp-clock",
                repository.renamed("lamp-plugin", home.resolve("beside/last")).toString());
        Provenance before = only();
        ThrowAwayHome.remove(before.environment());
        Files.delete(before.program());
        typed(before, new RepairCommands.Need.Reinstall());
        assertThat(only().installRequest()).isEqualTo(before.installRequest());
    }

    private static String text(Provenance install, RepairCommands.Need need) {
        return ((RepairCommands.Commands) installer.repairCommands(install, need)).text();
    }

    /// In a shell that knows nothing of where it lies.
    private static void typed(Provenance install, RepairCommands.Need need) {
        Map<String, String> shell = new LinkedHashMap<>(ENVIRONMENT);
        shell.remove("PIPX_HOME");
        shell.remove("PIPX_BIN_DIR");
        Child.run(shell, Duration.ofMinutes(3), "/bin/sh", "-c", text(install, need))
                .well();
    }

    @Test
    void aTagIsLeftForAnotherTagOfTheSameRepository() {
        pipx("install", named("v1.0.0"));
        Provenance found = only();
        assertThat(found.origin()).isEqualTo(git(Optional.of("v1.0.0"), RevisionKind.UNRESOLVED, "v1.0.0"));

        Provenance staged = StagedBy.the(
                installer,
                runner,
                ENVIRONMENT,
                found,
                new UpgradeTarget.GitCommit(server.url(), "v1.1.0", repository.commitOf("v1.1.0"), "1.1.0"));
        assertThat(staged.origin()).isEqualTo(git(Optional.of("v1.1.0"), RevisionKind.UNRESOLVED, "v1.1.0"));
        assertThat(staged.version()).isEqualTo("1.1.0");
    }

    @Test
    void aBranchIsFollowedToItsHeadThoughItsVersionStringStays() throws IOException {
        repository.git("checkout", "-q", "-b", "trunk", "v1.1.0");
        server.publish();
        pipx("install", named("trunk"));
        Provenance found = only();
        assertThat(found.origin()).isEqualTo(git(Optional.of("trunk"), RevisionKind.UNRESOLVED, "trunk"));

        Files.writeString(repository.folder().resolve("NEWS"), "nothing that pip would see\n");
        repository.git("add", "-A");
        repository.git("commit", "-q", "-m", "the same version");
        server.publish();
        String head = repository.commitOf("trunk");
        Provenance staged = StagedBy.the(
                installer,
                runner,
                ENVIRONMENT,
                found,
                new UpgradeTarget.GitCommit(server.url(), "trunk", head, head.substring(0, 7)));
        assertThat(staged.version()).isEqualTo("1.1.0");
        assertThat(staged.origin()).isEqualTo(git(Optional.of("trunk"), RevisionKind.UNRESOLVED, "trunk"));
        repository.git("checkout", "-q", "main");
    }

    @Test
    void aCommitAndARepositoryWithoutARevisionAreTold() {
        String commit = repository.commitOf("v1.0.0");
        pipx("install", named(commit));
        assertThat(only().origin()).isEqualTo(git(Optional.of(commit), RevisionKind.COMMIT, "v1.0.0"));
        pipx("install", "--force", "lamp-clock @ git+" + server.url());
        pipx("runpip", "lamp-clock", "install", "--force-reinstall", "git+" + server.url());
        assertThat(only().origin()).isEqualTo(git(Optional.empty(), RevisionKind.DEFAULT, "main"));
    }

    @Test
    void foldersCheckoutsAndWheelsAreTold() {
        Path folder = home.resolve("beside/clock");
        pipx("install", folder.toString());
        assertThat(only().origin()).isEqualTo(new Origin.LocalDirectory(folder));
        pipx("uninstall", "lamp-clock");

        pipx("install", "--editable", folder.toString());
        assertThat(only().origin()).isEqualTo(new Origin.Editable(folder));
        pipx("uninstall", "lamp-clock");

        Path wheel = wheels.resolve("lamp_clock-1.0.0-py3-none-any.whl");
        pipx("install", wheel.toString());
        assertThat(only().origin()).isEqualTo(new Origin.Archive(wheel.toUri().toString()));
    }

    @Test
    void aSecondCopyWithASuffixIsAnotherInstall() {
        pipx("install", "lamp-clock==1.0.0");
        pipx("install", "--suffix=@old", "lamp-clock==1.0.0");
        assertThat(installer.installed())
                .hasSize(2)
                .allSatisfy(found -> assertThat(found.packageName()).isEqualTo("lamp-clock"))
                .map(found -> String.valueOf(found.program().getFileName()))
                .containsExactly("lamp-clock", "lamp-clock@old");

        Provenance old = installer.installed().getLast();
        Provenance staged = StagedBy.the(installer, runner, ENVIRONMENT, old, new UpgradeTarget.IndexVersion("1.1.0"));
        assertThat(staged.version()).isEqualTo("1.1.0");
        assertThat(staged.environment().getFileName()).hasToString("lamp-clock@old");
    }

    @Test
    void aRecordThatCannotBeReadIsSaidAndNotGuessed() throws IOException {
        pipx("install", "lamp-clock==1.0.0");
        Path record = home.resolve("pipx/venvs/lamp-clock/pipx_metadata.json");
        String text = Files.readString(record);
        Files.writeString(record, text.substring(0, text.length() / 2));

        assertThat(only().version()).isEqualTo("1.0.0");
        assertThat(only().program()).isEqualTo(home.resolve(".local/bin/lamp-clock"));
        assertThat(only().origin())
                .isInstanceOfSatisfying(
                        Origin.Unknown.class,
                        unknown -> assertThat(unknown.why())
                                .startsWith("Could not read ~/pipx/venvs/lamp-clock/pipx_metadata.json: not JSON at"
                                        + " line "));
        Files.writeString(record, text);
    }

    private static String named(String revision) {
        return "lamp-clock @ git+%s@%s".formatted(server.url(), revision);
    }

    private static Origin git(Optional<String> requested, RevisionKind kind, String revision) {
        return new Origin.Git(server.url(), requested, kind, repository.commitOf(revision));
    }

    private static Provenance only() {
        List<Provenance> installed = installer.installed();
        assertThat(installed).hasSize(1);
        return installed.getFirst();
    }

    private static void pipx(String... words) {
        pipx(ENVIRONMENT, words);
    }

    private static void pipx(Map<String, String> environment, String... words) {
        String[] argv = new String[words.length + 1];
        argv[0] = "pipx";
        System.arraycopy(words, 0, argv, 1, words.length);
        Child.run(environment, Duration.ofMinutes(3), argv).well();
    }
}
