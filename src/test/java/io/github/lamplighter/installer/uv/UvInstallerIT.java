package io.github.lamplighter.installer.uv;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.StagedBy;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.Uv;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Tools of `uv tool`, by the real uv.
@WithHome(difficultName = true)
@Tag("slow")
class UvInstallerIT {

    private final Map<String, String> environment = new LinkedHashMap<>();

    @Provided
    private ThrowAwayHome home;

    private GitRepository repository;
    private Uv uv;
    private ProcessRunner runner;
    private UvInstaller installer;
    private Path wheels;

    @BeforeEach
    void aHomeWithUvInIt() throws IOException {
        repository = GitRepository.lampClock(home);
        wheels = Files.createDirectory(home.resolve("wheels"));
        environment.putAll(home.environment());
        environment.put("UV_NO_INDEX", "1");
        environment.put("UV_FIND_LINKS", wheels.toUri().toString());
        uv = Uv.in(home, environment);
        runner = new LocalProcessRunner(environment);
        installer = new UvInstaller(AppDirectories.linux(environment, home.path()), environment, runner);
    }

    @Test
    void aPackageOfAnIndexKeepsItsBoundAndItsPluginsThroughAStage() throws IOException {
        repository.wheel("v1.0.0", wheels);
        Path plugin = repository.renamed("lamp-plugin", home.resolve("beside/plugin"));
        uv.tool("install", "lamp-clock>=1,<2", "--with", "lamp-plugin @ " + plugin.toUri());
        repository.wheel("v1.1.0", wheels);
        Provenance found = only();
        assertThat(found.installer()).isEqualTo(InstallerKind.UV);
        assertThat(found.version()).isEqualTo("1.0.0");
        assertThat(found.program()).isEqualTo(home.resolve(".local/bin/lamp-clock"));
        assertThat(found.environment().toString()).endsWith(".local/share/uv/tools/lamp-clock");
        assertThat(found.installRequest().specifier()).isEqualTo(">=1,<2");
        assertThat(found.installRequest().with()).singleElement().asString().startsWith("lamp-plugin @ file:");
        assertThat(installer.owner(found.program())).contains(found);

        Provenance staged =
                StagedBy.the(installer, runner, environment, found, new UpgradeTarget.IndexVersion("1.1.0"));
        assertThat(staged.version()).isEqualTo("1.1.0");
        assertThat(staged.installRequest()).isEqualTo(found.installRequest());
        assertThat(new VirtualEnvironment(staged.environment()).named("lamp-plugin"))
                .hasSize(1);
        theRealOneIsAsItWas(found);
    }

    /// uv marks dependencies as requested, too.
    @Test
    void onlyWhatUvPipInstalledHasNoRecord() throws IOException {
        repository.wheel("v1.0.0", wheels);
        Path needed = repository.renamed("lamp-needed", home.resolve("beside/needed"));
        Path plugin = repository.renamed("lamp-plugin", home.resolve("beside/plugin"));
        Path project = plugin.resolve("pyproject.toml");
        Files.writeString(
                project,
                Files.readString(project)
                        .replace(
                                "[project]\n",
                                "[project]\ndependencies = [\"lamp-needed @ %s\"]\n".formatted(needed.toUri())));
        Path backend = plugin.resolve("backend.py");
        Files.writeString(
                backend,
                Files.readString(backend)
                        .replace(
                                "Requires-Python",
                                "Requires-Dist: lamp-needed @ %s\\nRequires-Python".formatted(needed.toUri())));
        uv.tool("install", "lamp-clock", "--with", "lamp-plugin @ " + plugin.toUri());
        Provenance found = only();
        assertThat(new VirtualEnvironment(found.environment()).named("lamp-needed"))
                .hasSize(1);
        assertThat(installer.unrecorded(found)).isEmpty();
        Path added = repository.renamed("lamp-added", home.resolve("beside/added"));
        uv.run("pip", "install", "--python", found.environment().toString(), added.toString());
        assertThat(installer.unrecorded(found)).containsExactly("lamp-added 2.0.0");
    }

    @Test
    void anExactVersionIsMovedOnlyWhenItIsAskedFor() throws IOException {
        repository.wheel("v1.0.0", wheels);
        repository.wheel("v1.1.0", wheels);
        uv.tool("install", "lamp-clock==1.0.0", "--python", "3.11");
        Provenance found = only();
        assertThat(found.origin()).isEqualTo(new Origin.Index());
        assertThat(found.installRequest().specifier()).isEqualTo("==1.0.0");

        Provenance staged =
                StagedBy.the(installer, runner, environment, found, new UpgradeTarget.IndexVersion("1.1.0"));
        assertThat(staged.version()).isEqualTo("1.1.0");
        assertThat(staged.installRequest().specifier()).isEqualTo("==1.1.0");
        assertThat(staged.evidence()).map(Evidence::detail).contains("tool.python 3.11");
        theRealOneIsAsItWas(found);
    }

    @Test
    void whatIsHeldMovesAgainWithAllElseThatWasAskedFor() throws IOException {
        repository.wheel("v1.0.0", wheels);
        repository.wheel("v1.1.0", wheels);
        Path plugin = repository.renamed("lamp-plugin", home.resolve("beside/plugin"));
        uv.tool("install", "lamp-clock==1.0.0");
        environment.put("UV_TOOL_DIR", home.resolve("other/tools").toString());
        environment.put("UV_TOOL_BIN_DIR", home.resolve("other/bin").toString());
        uv.tool(
                "install",
                "lamp-clock[tls]==1.0.0",
                "--python",
                "3.11",
                "--default-index",
                index().toUri().toString(),
                "--with",
                "lamp-plugin @ " + plugin.toUri());
        Provenance copy = installer.owner(home.resolve("other/bin/lamp-clock")).orElseThrow();
        environment.remove("UV_TOOL_DIR");
        environment.remove("UV_TOOL_BIN_DIR");

        RepairCommands.Commands commands = commands(copy, new RepairCommands.Need.Unpin());
        typed(commands);
        Provenance after = installer.owner(copy.program()).orElseThrow();
        assertThat(after.installRequest())
                .isEqualTo(new InstallRequest(
                        "",
                        copy.installRequest().extras(),
                        copy.installRequest().with(),
                        copy.installRequest().search(),
                        false,
                        Optional.empty()));
        assertThat(after.installRequest().extras()).containsExactly("tls");
        assertThat(after.installRequest().search().defaultIndex())
                .isPresent()
                .isEqualTo(copy.installRequest().search().defaultIndex());
        assertThat(after.evidence()).map(Evidence::detail).contains("tool.python 3.11");
        assertThat(only().installRequest().specifier()).as("the other copy").isEqualTo("==1.0.0");
    }

    /// An index as files.
    private Path index() throws IOException {
        Path page = home.resolve("index/lamp-clock/index.html");
        Files.createDirectories(page.getParent());
        try (Stream<Path> files = Files.list(wheels)) {
            Files.writeString(
                    page,
                    files.map(file -> "<a href=\"%s\">%s</a>".formatted(file.toUri(), file.getFileName()))
                            .collect(Collectors.joining("\n", "<!DOCTYPE html>\n", "\n")));
        }
        return home.resolve("index");
    }

    @Test
    void aToolWhosePythonIsGoneComesBackAsItWas() throws IOException {
        repository.wheel("v1.0.0", wheels);
        Path plugin = repository.renamed("lamp-plugin", home.resolve("beside/plugin"));
        uv.tool("install", "lamp-clock>=1", "--with", "lamp-plugin @ " + plugin.toUri());
        Provenance before = only();
        try (DirectoryStream<Path> pythons =
                Files.newDirectoryStream(before.environment().resolve("bin"), "python*")) {
            for (Path python : pythons) {
                Files.delete(python);
                Files.createSymbolicLink(python, home.resolve("gone/python3.77"));
            }
        }
        typed(commands(only(), new RepairCommands.Need.Reinstall()));
        assertThat(only().installRequest()).isEqualTo(before.installRequest());
        assertThat(Files.isExecutable(only().runtime().program())).isTrue();
        assertThat(new VirtualEnvironment(only().environment()).named("lamp-plugin"))
                .hasSize(1);
    }

    @Test
    void aToolThatIsGoneWithItsReceiptIsAskedForAsItWasSeenLast() throws IOException {
        repository.wheel("v1.0.0", wheels);
        Path plugin = repository.renamed("lamp-plugin", home.resolve("beside/plugin"));
        uv.tool("install", "lamp-clock[tls]>=1", "--with", "lamp-plugin @ " + plugin.toUri());
        Provenance before = only();
        ThrowAwayHome.remove(before.environment());
        Files.delete(before.program());
        typed(commands(before, new RepairCommands.Need.Reinstall()));
        assertThat(only().installRequest()).isEqualTo(before.installRequest());
        assertThat(only().program()).isEqualTo(before.program());
    }

    private RepairCommands.Commands commands(Provenance install, RepairCommands.Need need) {
        return (RepairCommands.Commands) installer.repairCommands(install, need);
    }

    private void typed(RepairCommands.Commands commands) {
        Child.run(environment, Duration.ofMinutes(3), "/bin/sh", "-c", commands.text())
                .well();
    }

    @Test
    void aTagIsLeftForAnotherTagOfTheSameRepository() throws IOException {
        uv.tool("install", "lamp-clock @ " + repository.requirement("v1.0.0"));
        Provenance found = only();
        assertThat(found.origin()).isEqualTo(git(Optional.of("v1.0.0"), RevisionKind.UNRESOLVED, "v1.0.0"));

        Provenance staged = StagedBy.the(
                installer,
                runner,
                environment,
                found,
                new UpgradeTarget.GitCommit(repository.url(), "v1.1.0", repository.commitOf("v1.1.0"), "1.1.0"));
        assertThat(staged.origin()).isEqualTo(git(Optional.of("v1.1.0"), RevisionKind.UNRESOLVED, "v1.1.0"));
        theRealOneIsAsItWas(found);
    }

    @Test
    void aCommitIsTold() {
        String commit = repository.commitOf("v1.0.0");
        uv.tool("install", "lamp-clock @ " + repository.requirement(commit));
        assertThat(only().origin()).isEqualTo(git(Optional.of(commit), RevisionKind.COMMIT, "v1.0.0"));
        assertThat(only().version()).isEqualTo("1.0.0");
    }

    @Test
    void theHeadIsFollowedThoughItsVersionStringStays() throws IOException {
        repository.git("checkout", "-q", "-B", "main", "v1.1.0");
        uv.tool("install", "git+" + repository.url());
        Provenance found = only();
        assertThat(found.origin()).isEqualTo(git(Optional.empty(), RevisionKind.DEFAULT, "main"));

        Files.writeString(repository.folder().resolve("NEWS"), "nothing that pip would see\n");
        repository.git("add", "-A");
        repository.git("commit", "-q", "-m", "the same version");
        String head = repository.commitOf("main");
        Provenance staged = StagedBy.the(
                installer,
                runner,
                environment,
                found,
                new UpgradeTarget.GitCommit(repository.url(), "HEAD", head, head.substring(0, 7)));
        assertThat(staged.origin()).isEqualTo(git(Optional.empty(), RevisionKind.DEFAULT, "main"));
        theRealOneIsAsItWas(found);
    }

    @Test
    void foldersCheckoutsAndWheelsAreTold() throws IOException {
        Path folder = repository.folder();
        uv.tool("install", folder.toString());
        assertThat(only().origin()).isEqualTo(new Origin.LocalDirectory(folder));
        uv.tool("install", "--force", "--editable", folder.toString());
        assertThat(only().origin()).isEqualTo(new Origin.Editable(folder));
        Path wheel = repository.wheel("v1.0.0", wheels);
        uv.tool("install", "--force", wheel.toString());
        assertThat(only().origin()).isEqualTo(new Origin.Archive(wheel.toUri().toString()));
    }

    @Test
    void aReceiptThatCannotBeReadIsSaidAndNotGuessed() throws IOException {
        repository.wheel("v1.0.0", wheels);
        uv.tool("install", "lamp-clock");
        Path receipt = only().environment().resolve("uv-receipt.toml");
        Files.writeString(receipt, Files.readString(receipt).replace("entrypoints = [", "entrypoints = "));
        assertThat(only().version()).isEqualTo("1.0.0");
        assertThat(only().origin())
                .isInstanceOfSatisfying(
                        Origin.Unknown.class,
                        unknown -> assertThat(unknown.why())
                                .startsWith(
                                        "Could not read ~/.local/share/uv/tools/lamp-clock/uv-receipt.toml: not TOML"
                                                + " at line "));
    }

    /// uv removes the links that a receipt names: the copy's must not name the user's.
    private void theRealOneIsAsItWas(Provenance found) throws IOException {
        assertThat(only()).isEqualTo(found);
        assertThat(found.program()).isSymbolicLink().isExecutable();
        try (Stream<Path> links = Files.list(home.resolve(".local/bin"))) {
            assertThat(links.map(link -> link.getFileName().toString())).containsExactlyInAnyOrder("uv", "lamp-clock");
        }
    }

    private Origin git(Optional<String> requested, RevisionKind kind, String revision) {
        return new Origin.Git(repository.url(), requested, kind, repository.commitOf(revision));
    }

    private Provenance only() {
        List<Provenance> installed = installer.installed();
        assertThat(installed).hasSize(1);
        return installed.getFirst();
    }
}
