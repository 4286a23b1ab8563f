package io.github.lamplighter.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.RepairCommands;
import io.github.lamplighter.installer.StagePlan;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.AddTool.Proposal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What need not be said when a tool is added, and what of it comes from whom.
class AddToolTest {

    @TempDir
    Path home;

    private final List<Provenance> installed = new ArrayList<>();
    private final List<UsageDetector.Unit> units = new ArrayList<>();
    private final List<UsageDetector.Running> running = new ArrayList<>();
    private final Map<String, String> variables = new HashMap<>();
    private boolean http = true;
    private ManifestStore store;
    private ToolCatalog toolCatalog;
    private AddTool addTool;
    private TryManifest tryManifest;

    @BeforeEach
    void open() throws IOException {
        home = home.toRealPath();
        AppDirectories directories = AppDirectories.linux(Map.of(), home);
        store = new ManifestStore(directories);
        List<Installer> installers = List.of(new Known(InstallerKind.NPM), new Known(InstallerKind.VENV));
        toolCatalog = new ToolCatalog(store, installers);
        ProcessRunner runner =
                new LocalProcessRunner(Map.of("PATH", home.resolve("tools").toString()));
        ManifestBuilder builder = new ManifestBuilder(
                toolCatalog,
                new Recipes(),
                new UsageDetector() {
                    @Override
                    public List<Unit> units(Provenance provenance) {
                        return units;
                    }

                    @Override
                    public List<Running> running(Provenance provenance) {
                        return running;
                    }

                    @Override
                    public Optional<Map<String, String>> variables(
                            ToolName name, Optional<String> unit, Collection<String> names) {
                        Map<String, String> found = new HashMap<>(variables);
                        found.keySet().retainAll(names);
                        return Optional.of(found);
                    }

                    @Override
                    public boolean speaksHttp(String url) {
                        return http;
                    }
                },
                runner,
                Map.of(
                        "PREFECT_HOME",
                        "/srv/prefect",
                        "XDG_DATA_HOME",
                        home.resolve(".local/share").toString()),
                directories);
        addTool = new AddTool(toolCatalog, store, builder, runner, directories);
        tryManifest = new TryManifest(toolCatalog, builder, runner, directories);
    }

    @Test
    void theAuthorsFileInAnNpmPackageIsShownBeforeItCounts() throws IOException {
        Path folder = npm("lamp");
        executable(home.resolve("tools/tmux"));
        Files.writeString(folder.resolve("lamplighter.json"), """
            { "schema": "lamplighter.tool/1", "name": "lamp", "install": { "installer": "npm", "program": "/evil", "environment": "/evil" },
              "service": { "arguments": ["serve", "--data", "~/lamp"] },
              "endpoint": { "url": "http://127.0.0.1:8088/" },
              "requires": { "programs": [ { "name": "tmux", "hints": { "debian": "sudo apt\u202e install tmux" } } ] },
              "sessions": { "command": ["tmux", "ls"], "count": "lines" },
              "doctor": { "command": ["lamp", "doctor"] } }
            """);
        Proposal.Ready ready = ready("lamp");
        assertThat(ready.source()).isEqualTo("author");
        Manifest manifest = ready.manifest();
        assertThat(manifest.install().program()).isEqualTo(home.resolve("npm/bin/lamp"));
        assertThat(manifest.service().orElseThrow().arguments())
                .containsExactly("serve", "--data", home.resolve("lamp").toString());
        assertThat(manifest.sessions())
                .contains(new Manifest.Sessions.FromCommand(
                        List.of(home.resolve("tools/tmux").toString(), "ls"), Manifest.Count.LINES));
        assertThat(manifest.doctor().orElseThrow().command())
                .as("its own name is its own program")
                .startsWith(home.resolve("npm/bin/lamp").toString());
        assertThat(manifest.requires().programs().getFirst().hints())
                .as("no characters that turn the direction of what is read")
                .containsEntry("debian", "sudo apt install tmux");
        assertThat(ready.evidence())
                .contains(
                        new Evidence(
                                "~/npm/lib/node_modules/lamp/lamplighter.json", "recommended by the author of lamp"),
                        new Evidence(
                                "~/npm/lib/node_modules/lamp/lamplighter.json", "checks run this command: `tmux ls`"));
        assertThat(store.entries()).as("nothing counts before it was agreed to").isEmpty();
    }

    @Test
    void theAuthorsFileInAPythonEnvironmentIsThePackagesOwn() throws IOException {
        Path environment = python("My_Lamp");
        Path folder = Files.createDirectories(environment.resolve("share/lamplighter"));
        Files.writeString(
                folder.resolve("other.json"),
                "{ \"schema\": \"lamplighter.tool/1\", \"name\": \"other\", \"install\": { \"installer\": \"uv\" },"
                        + " \"smoke\": [\"no\"] }");
        Files.writeString(folder.resolve("my-lamp.json"), """
            { "schema": "lamplighter.tool/1", "name": "my-lamp", "install": { "installer": "uv", "package": "my.lamp" }, "smoke": ["--version"] }
            """);
        assertThat(ready("My_Lamp").manifest().smoke()).containsExactly("--version");
        assertThat(ready("My_Lamp").manifest().install().installer()).isEqualTo(InstallerKind.VENV);
    }

    @Test
    void anAuthorsFileThatMakesNoSenseIsLeftAsideAndSaidSo() throws IOException {
        Path folder = npm("http-server");
        Files.writeString(folder.resolve("lamplighter.json"), "{ \"schema\": 1 }");
        Proposal.Ready ready = ready("http-server");
        assertThat(ready.source()).isEqualTo("recipe");
        assertThat(ready.evidence())
                .anySatisfy(evidence -> assertThat(evidence.detail()).contains("is ignored"));
        Path outside = Files.writeString(home.resolve("outside.json"), """
            { "schema": "lamplighter.tool/1", "name": "serve", "install": { "installer": "npm" }, "smoke": ["evil"] }
            """);
        Files.createSymbolicLink(npm("serve").resolve("lamplighter.json"), outside);
        assertThat(ready("serve").source())
                .as("links out of the package are not followed")
                .isEqualTo("recipe");
    }

    @Test
    void theRecipeSaysWhichOfThePackagesProgramsIsTheTool() throws IOException {
        Path environment = python("jupyterlab");
        executable(environment.resolve("bin/jupyter-lab"));
        Manifest manifest = ready("jupyterlab").manifest();
        assertThat(manifest.install().program()).isEqualTo(environment.resolve("bin/jupyter-lab"));
        assertThat(manifest.command()).isEqualTo("jupyter-lab");
    }

    @Test
    void aUnitThatSomebodyWroteIsUsedAndSaysItsArguments() throws IOException {
        npm("lamp");
        units.add(new UsageDetector.Unit(
                "lamp.service", home.resolve("lamp.service"), List.of("serve"), Optional.of(home.resolve("lamps"))));
        Proposal.Ready ready = ready("lamp");
        Manifest.Service service = ready.manifest().service().orElseThrow();
        assertThat(service.unit()).contains("lamp.service");
        assertThat(service.arguments()).containsExactly("serve");
        assertThat(service.workingDirectory()).contains(home.resolve("lamps"));
        assertThat(ready.evidence()).contains(new Evidence("~/lamp.service", "starts lamp serve"));
        addTool.accept(ready);
        assertThat(origin("/service/arguments")).isEqualTo("lamp.service");
    }

    /// Its unit is used as it is, so the recipe's arguments do not run, and nothing answers at their address.
    @Test
    void aUnitWithOtherArgumentsThanTheRecipesAnswersWhereItListensAndNowhereElse() throws IOException {
        npm("json-server");
        units.add(new UsageDetector.Unit(
                "mine.service",
                home.resolve("mine.service"),
                List.of("--config", "mine.json", "db.json"),
                Optional.of(home)));
        Proposal.Ready unclear = ready("json-server");
        assertThat(unclear.manifest().endpoint()).isEmpty();
        assertThat(unclear.evidence())
                .contains(new Evidence(
                        "~/mine.service",
                        "starts with other arguments, so it may not respond at http://127.0.0.1:3000/"));

        units.clear();
        units.add(new UsageDetector.Unit(
                "myjs.service", home.resolve("myjs.service"), List.of("--port", "3066", "db.json"), Optional.of(home)));
        Proposal.Ready stopped = ready("json-server");
        assertThat(stopped.manifest().endpoint().orElseThrow().url()).isEqualTo("http://127.0.0.1:3066/");
        assertThat(stopped.manifest().service().orElseThrow().arguments()).containsExactly("--port", "3066", "db.json");
        assertThat(stopped.evidence())
                .contains(new Evidence("~/myjs.service", "its arguments set the address http://127.0.0.1:3066/"));

        running.add(new UsageDetector.Running(
                40, List.of("-p", "9"), Optional.of(home), List.of(new UsageDetector.Address("127.0.0.1", 9))));
        running.add(new UsageDetector.Running(
                41,
                List.of("--port", "3066", "db.json"),
                Optional.of(home),
                List.of(new UsageDetector.Address("127.0.0.1", 3066))));
        Proposal.Ready ready = ready("json-server");
        assertThat(ready.manifest().endpoint().orElseThrow().url()).isEqualTo("http://127.0.0.1:3066/");
        assertThat(ready.manifest().smoke()).as("the rest of the recipe stays").isNotEmpty();
        addTool.accept(ready);
        assertThat(origin("/endpoint/url")).isEqualTo("pid 41");
        assertThat(origin("/service/arguments")).isEqualTo("myjs.service");
    }

    @Test
    void aUnitThatStartsWhatTheRecipeStartsAnswersWhereTheRecipeSays() throws IOException {
        npm("json-server");
        units.add(new UsageDetector.Unit(
                "myjs.service",
                home.resolve("myjs.service"),
                List.of("--host", "127.0.0.1", "--port", "3000", "db.json"),
                Optional.empty()));
        assertThat(ready("json-server").manifest().endpoint().orElseThrow().url())
                .isEqualTo("http://127.0.0.1:3000/");
        assertThat(ready("json-server").manifest().service().orElseThrow().unit())
                .contains("myjs.service");
    }

    /// The recipe's folder is made with the data in it, so it would never exist.
    @Test
    void withItsDataElsewhereAServerDoesNotRunInTheRecipesFolder() throws IOException {
        executable(python("pypiserver").resolve("bin/pypi-server"));
        assertThat(ready("pypiserver").manifest().service().orElseThrow().workingDirectory())
                .contains(home.resolve("packages"));
        AddTool.Request elsewhere = new AddTool.Request(
                "pypiserver",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of("run", "-p", "9", home.resolve("pkgs").toString()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Manifest manifest = ((Proposal.Ready) addTool.propose(elsewhere)).manifest();
        assertThat(manifest.data()).isEmpty();
        assertThat(manifest.service().orElseThrow().workingDirectory()).isEmpty();

        Files.createDirectories(home.resolve("packages"));
        assertThat(((Proposal.Ready) addTool.propose(elsewhere))
                        .manifest()
                        .service()
                        .orElseThrow()
                        .workingDirectory())
                .as("a folder of the user's own")
                .contains(home.resolve("packages"));
    }

    @Test
    void whoReallyInstalledItIsSaidWhenItWasAnother() throws IOException {
        npm("json-server");
        AddTool.Request asked = new AddTool.Request(
                "json-server",
                Optional.of(InstallerKind.VENV),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertThat(addTool.propose(asked))
                .isEqualTo(
                        new AddTool.Proposal.Refused("~/npm/bin/json-server was installed with npm, not with venv."));
    }

    @Test
    void aProcessThatListensSaysItsArgumentsItsFolderAndItsAddress() throws IOException {
        npm("lamp");
        running.add(new UsageDetector.Running(
                41,
                List.of("serve", "-p", "9"),
                Optional.of(home),
                List.of(new UsageDetector.Address("127.0.0.1", 9))));
        Proposal.Ready ready = ready("lamp");
        assertThat(ready.manifest().service().orElseThrow().arguments()).containsExactly("serve", "-p", "9");
        assertThat(ready.manifest().service().orElseThrow().workingDirectory()).contains(home);
        assertThat(ready.manifest().endpoint().orElseThrow().url()).isEqualTo("http://127.0.0.1:9/");
        assertThat(ready.manifest().expected()).isEqualTo(Manifest.Expected.RUNNING);
        assertThat(ready.evidence())
                .contains(new Evidence("pid 41", "running: lamp serve -p 9, listens on 127.0.0.1:9, in ~"));
        http = false;
        assertThat(ready("lamp").manifest().endpoint().orElseThrow().url()).isEqualTo("tcp:127.0.0.1:9");
    }

    @Test
    void aProcessThatOnlyPassesByMakesNoService() throws IOException {
        npm("lamp");
        running.add(new UsageDetector.Running(41, List.of("fix"), Optional.of(home), List.of()));
        assertThat(ready("lamp").manifest().service()).isEmpty();
        assertThat(ready("lamp").manifest().expected()).isEqualTo(Manifest.Expected.COMMAND);
    }

    @Test
    void argumentsThatLookLikeASecretAreNeitherTakenNorShown() throws IOException {
        npm("lamp");
        running.add(new UsageDetector.Running(
                41,
                List.of("--api-token=hunter2"),
                Optional.of(home),
                List.of(new UsageDetector.Address("127.0.0.1", 9))));
        units.add(new UsageDetector.Unit(
                "lamp.service", home.resolve("lamp.service"), List.of("--api-token=hunter2"), Optional.empty()));
        Proposal.Ready ready = ready("lamp");
        assertThat(store.text(ready.manifest())).doesNotContain("hunter2");
        assertThat(ready.evidence().toString()).doesNotContain("hunter2").contains("looks like a secret");
    }

    @Test
    void theRecipeGoesBeforeWhatIsRunningAndTheUsersWordBeforeBoth() throws IOException {
        npm("http-server");
        running.add(new UsageDetector.Running(
                41, List.of("-p", "9"), Optional.of(home), List.of(new UsageDetector.Address("127.0.0.1", 9))));
        Proposal.Ready ready = ready("http-server");
        assertThat(ready.manifest().endpoint().orElseThrow().url()).isEqualTo("http://127.0.0.1:8080/");
        assertThat(ready.evidence()).extracting(Evidence::source).contains("pid 41");
        Proposal.Ready said =
                (Proposal.Ready) addTool.propose(request("http-server", List.of("-p", "7"), Optional.empty()));
        assertThat(said.manifest().service().orElseThrow().arguments()).containsExactly("-p", "7");
        assertThat(said.manifest().endpoint().orElseThrow().url())
                .as("the port of the same option")
                .isEqualTo("http://127.0.0.1:7/");
    }

    @Test
    void whereEachValueComesFromIsRemembered() throws IOException {
        npm("http-server");
        addTool.accept(ready("http-server"));
        assertThat(origin("/service/arguments")).isEqualTo("recipe");
        assertThat(origin("/install/package")).isEqualTo("detected");
        Path file = store.file(new ToolName("http-server"));
        Files.writeString(file, Files.readString(file).replace("8080/", "8081/"));
        assertThat(origin("/endpoint/url")).isEqualTo("your file");
        assertThat(origin("/smoke")).isEqualTo("recipe");
    }

    @Test
    void whatAnUpgradeChangesInTheAuthorsFileIsShownAgainAndNotTakenOverByItself() throws IOException {
        Path folder = npm("lamp");
        authors(folder, "\"serve\"", "8088", "");
        addTool.accept(ready("lamp"));
        assertThat(addTool.propose(request("lamp", List.of(), Optional.empty())))
                .isInstanceOf(Proposal.Already.class);
        Path file = store.file(new ToolName("lamp"));
        Files.writeString(file, Files.readString(file).replace("8088", "7077"));
        String mine = Files.readString(file);

        authors(folder, "\"run\"", "9099", ", \"smoke\": [\"--version\"]");
        Proposal.Updated updated = (Proposal.Updated) addTool.propose(request("lamp", List.of(), Optional.empty()));
        assertThat(Files.readString(file)).as("shown, not taken").isEqualTo(mine);
        assertThat(updated.changes())
                .containsExactly(
                        "`service.arguments` will change from [\"serve\"] to [\"run\"].",
                        "`smoke` will be added: [\"--version\"].");
        assertThat(updated.ready().manifest().endpoint().orElseThrow().url())
                .as("what the user changed stays")
                .isEqualTo("http://127.0.0.1:7077/");

        addTool.accept(updated.ready());
        assertThat(manifest("lamp").service().orElseThrow().arguments()).containsExactly("run");
        assertThat(origin("lamp", "/endpoint/url")).isEqualTo("your file");
        assertThat(addTool.propose(request("lamp", List.of(), Optional.empty())))
                .as("once agreed to, there is nothing to show")
                .isInstanceOf(Proposal.Already.class);
    }

    @Test
    void theSamePackageUnderTwoPrefixesIsTwoTools() throws IOException {
        npm("lamp");
        addTool.accept(ready("lamp"));
        Path other = home.resolve("ada's tools");
        Path folder = Files.createDirectories(other.resolve("lib/node_modules/lamp"));
        executable(other.resolve("bin/lamp"));
        installed.add(provenance(InstallerKind.NPM, "lamp", folder, other.resolve("bin/lamp")));
        String path = other.resolve("bin/lamp").toString();
        assertThat(addTool.propose(request(path, List.of(), Optional.empty())))
                .isEqualTo(new Proposal.Refused(
                        "The name lamp is used by ~/npm/bin/lamp. To add this installation under another name, run `lamplighter add '%s' --as lamp-2`."
                                .formatted(path.replace("'", "'\\''"))));
        assertThat(addTool.propose(request("lamp", List.of(), Optional.empty())))
                .isInstanceOfSatisfying(
                        Proposal.Already.class,
                        already -> assertThat(already.others()).containsExactly(Path.of(path)));
        assertThat(addTool.propose(request("lamp", List.of(), Optional.of("lamp-two"))))
                .as("not the one that has an entry already, unseen")
                .isEqualTo(new Proposal.Refused(
                        "~/npm/bin/lamp is already managed as lamp. To add another installation, use its path:"
                                + " ~/ada's tools/bin/lamp."));
        String id = toolCatalog.tools().getLast().id();
        assertThat(addTool.propose(request(id, List.of(), Optional.of("lamp-two"))))
                .as("the id of the list is a name as well")
                .isInstanceOfSatisfying(
                        Proposal.Ready.class,
                        ready -> assertThat(ready.manifest().install().environment())
                                .isEqualTo(folder));
        addTool.accept((Proposal.Ready) addTool.propose(request(path, List.of(), Optional.of("lamp-two"))));
        assertThat(manifest("lamp").install().environment()).isNotEqualTo(folder);
        assertThat(manifest("lamp-two").install().environment()).isEqualTo(folder);
        assertThat(addTool.propose(request(path, List.of(), Optional.empty())))
                .as("it is looked after under another name")
                .isInstanceOfSatisfying(
                        Proposal.Already.class,
                        already -> assertThat(already.entry().name()).isEqualTo("lamp-two"));
    }

    @Test
    void ofSeveralCopiesTheOneThatTheShellWouldRunIsMeantAndOtherwiseNoneIsGuessed() throws IOException {
        List<Path> launchers = new ArrayList<>();
        for (String prefix : List.of("one", "two")) {
            Path folder = Files.createDirectories(home.resolve(prefix).resolve("lib/node_modules/lamp"));
            Path launcher = home.resolve(prefix).resolve("bin/lamp");
            executable(launcher);
            launchers.add(launcher);
            installed.add(provenance(InstallerKind.NPM, "lamp", folder, launcher));
        }
        assertThat(addTool.propose(request("lamp", List.of(), Optional.empty())))
                .isEqualTo(new Proposal.Refused(
                        "lamp has 2 installations: ~/one/bin/lamp, ~/two/bin/lamp. Choose one by its path."));
        Path onPath = Files.createDirectories(home.resolve("tools")).resolve("lamp");
        Files.createSymbolicLink(onPath, launchers.getLast());
        installed.replaceAll(found -> found.program().equals(launchers.getLast())
                ? provenance(InstallerKind.NPM, "lamp", found.environment(), onPath)
                : found);
        assertThat(ready("lamp").manifest().install().environment())
                .isEqualTo(home.resolve("two/lib/node_modules/lamp"));
        assertThat(toolCatalog.matching("lamp")).hasSize(2);
    }

    @Test
    void whatIsTriedOutIsTheCopyThatTheFileNames() throws IOException {
        List<Path> environments = new ArrayList<>();
        for (String folder : List.of("first", "second")) {
            Path environment = Files.createDirectories(home.resolve(folder));
            Path program = executable(environment.resolve("bin/lamp"));
            installed.add(provenance(InstallerKind.VENV, "lamp", environment, program));
            environments.add(environment);
        }
        for (Path environment : environments) {
            String shown = "~/" + home.relativize(environment);
            for (String install : List.of(
                    "\"environment\": \"%s\"".formatted(shown),
                    "\"program\": \"%s/bin/lamp\"".formatted(environment),
                    "\"environment\": \"%1$s\", \"program\": \"%1$s/bin/lamp\"".formatted(shown))) {
                AddTool.Proposal.Ready tried = (AddTool.Proposal.Ready) tryOut("venv", install);
                assertThat(tried.manifest().install().environment()).as(install).isEqualTo(environment);
                assertThat(tried.manifest().install().program()).isEqualTo(environment.resolve("bin/lamp"));
            }
        }
        assertThat(tryOut("venv", "\"environment\": \"~/third\""))
                .isEqualTo(new AddTool.Proposal.NotFound(
                        "~/tried.json describes lamp in ~/third, which is not installed."));
        assertThat(tryOut("venv", "\"package\": \"lamp\""))
                .isEqualTo(new AddTool.Proposal.Refused(
                        "~/tried.json describes lamp, which has 2 installations: ~/first/bin/lamp,"
                                + " ~/second/bin/lamp. Choose one with `install.environment`."));
    }

    @Test
    void whereTheFileLeavesItOpenTheCopyThatIsExaminedIsSaid() throws IOException {
        python("lamp");
        AddTool.Proposal.Ready tried = (AddTool.Proposal.Ready) tryOut("pipx", "\"package\": \"lamp\"");
        assertThat(tried.evidence())
                .contains(new Evidence(
                        "~/venvs/lamp/bin/lamp",
                        "the installation that is checked, installed with venv; the manifest says pipx"));

        Path other = Files.createDirectories(home.resolve("other"));
        installed.add(provenance(InstallerKind.VENV, "lamp", other, executable(other.resolve("bin/lamp"))));
        Path onPath = executable(home.resolve("tools/lamp"));
        installed.replaceAll(found ->
                found.environment().equals(other) ? provenance(InstallerKind.VENV, "lamp", other, onPath) : found);
        AddTool.Proposal.Ready shells = (AddTool.Proposal.Ready) tryOut("venv", "\"package\": \"lamp\"");
        assertThat(shells.manifest().install().environment()).isEqualTo(other);
        assertThat(shells.evidence())
                .contains(new Evidence(
                        "~/tools/lamp",
                        "the installation that is checked, installed with venv; first on PATH, before 1 other"));
    }

    @Test
    void aDescriptionToTryThatCannotBeReadIsNamedWithThePlace() throws IOException {
        Path file = Files.writeString(home.resolve("bad.json"), "{ \"name\": \"lamp\"\n  \"command\": 1 }");
        assertThat(tryManifest.propose(file))
                .isEqualTo(new AddTool.Proposal.Refused(
                        "Could not read ~/bad.json (line 2, column 3): a comma is missing" + " before this."));
    }

    private AddTool.Proposal tryOut(String installer, String install) throws IOException {
        Path file = home.resolve("tried.json");
        Files.writeString(file, """
            { "schema": "lamplighter.tool/1", "name": "lamp", "install": { "installer": "%s", %s } }
            """.formatted(installer, install));
        return tryManifest.propose(file);
    }

    @Test
    void aToolThatIsGoneGivesItsPlaceToAnotherCopy() throws IOException {
        Path folder = npm("lamp");
        addTool.accept(ready("lamp"));
        installed.clear();
        try (var files = Files.walk(folder)) {
            for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        Path moved = Files.createDirectories(home.resolve("new/lib/node_modules/lamp"));
        executable(home.resolve("new/bin/lamp"));
        installed.add(provenance(InstallerKind.NPM, "lamp", moved, home.resolve("new/bin/lamp")));
        assertThat(addTool.propose(request(home.resolve("new/bin/lamp").toString(), List.of(), Optional.empty())))
                .isInstanceOfSatisfying(Proposal.Moved.class, offered -> {
                    assertThat(offered.sentence()).contains("which no longer exists", "would replace it");
                    assertThat(offered.ready().manifest().name().value()).isEqualTo("lamp");
                    assertThat(offered.ready().manifest().install().environment())
                            .isEqualTo(moved);
                });
    }

    @Test
    void theNameOfAToolThatIsGoneMeansTheInstallationOfAnotherPackageManager() throws IOException {
        Path folder = python("radicale");
        executable(folder.resolve("bin/radicale"));
        addTool.accept(ready("radicale"));
        installed.clear();
        try (var files = Files.walk(folder)) {
            for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        Path other = Files.createDirectories(home.resolve("pipx/venvs/radicale"));
        executable(other.resolve("bin/radicale"));
        installed.add(provenance(InstallerKind.VENV, "radicale", other, other.resolve("bin/radicale")));
        assertThat(addTool.propose(AddTool.Request.of("radicale")))
                .isInstanceOfSatisfying(
                        Proposal.Moved.class,
                        offered -> assertThat(
                                        offered.ready().manifest().install().environment())
                                .isEqualTo(other));
    }

    /// Another package manager may have taken the command, while the managed installation is still there.
    @Test
    void aToolMovesToTheProgramThatTheUserNames() throws IOException {
        npm("lamp");
        addTool.accept(ready("lamp"));
        Path environment = Files.createDirectories(home.resolve("new/lib/node_modules/lamp"));
        Path program = home.resolve("new/bin/lamp");
        executable(program);
        installed.add(provenance(InstallerKind.NPM, "lamp", environment, program));
        assertThat(addTool.propose(new AddTool.Request(
                        "lamp",
                        Optional.empty(),
                        Optional.of(program),
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())))
                .isInstanceOfSatisfying(Proposal.Moved.class, offered -> {
                    assertThat(offered.sentence()).contains("is managed in", "would replace that");
                    assertThat(offered.ready().manifest().install().environment())
                            .isEqualTo(environment);
                });
        assertThat(addTool.propose(request(program.toString(), List.of(), Optional.empty())))
                .as("a path alone may mean another entry")
                .isInstanceOf(Proposal.Refused.class);
    }

    @Test
    void anNpmToolOfAGitRepositoryIsNotTakenForOneOfTheIndexOnceTheUserSaidSo() throws IOException {
        npm("lamp");
        AddTool.Request request = new AddTool.Request(
                "lamp",
                Optional.empty(),
                Optional.empty(),
                Optional.of("git+https://me:secret@example.org/lamp"),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Proposal.Ready ready = (Proposal.Ready) addTool.propose(request);
        assertThat(ready.provenance().origin()).isInstanceOf(Origin.Unknown.class);
        addTool.accept(ready);
        assertThat(manifest("lamp").install().origin()).contains("git+https://example.org/lamp");
        Tool tool = toolCatalog.matching("lamp").getFirst();
        assertThat(tool.provenance().orElseThrow().origin())
                .isEqualTo(new Origin.Unknown(
                        "You set the origin git+https://example.org/lamp; npm doesn't record which version that was.",
                        Origin.Unknown.Cause.NOT_FOLLOWED));
        npm("wheel");
        addTool.accept(ready("wheel"));
        assertThat(addTool.propose(new AddTool.Request(
                        "wheel",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("git+https://me:secret@example.org/wheel"),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())))
                .as("it may be said later as well")
                .isInstanceOfSatisfying(Proposal.Declared.class, declared -> {
                    assertThat(declared.changes())
                            .containsExactly("`install.origin` will be added: \"git+https://example.org/wheel\".");
                    addTool.accept(declared.ready());
                });
        assertThat(manifest("wheel").install().origin()).contains("git+https://example.org/wheel");
        python("wick");
        assertThat(addTool.propose(new AddTool.Request(
                        "wick",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("git+https://example.org/wick"),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())))
                .as("Python keeps a record, which counts")
                .isInstanceOf(Proposal.Refused.class);
    }

    /// `service install` suggests this for a tool that was added as a command.
    @Test
    void optionsChangeTheManifestOfAManagedTool() throws IOException {
        npm("lamp");
        addTool.accept(ready("lamp"));
        assertThat(manifest("lamp").expected()).isEqualTo(Manifest.Expected.COMMAND);
        AddTool.Request request = AddTool.Request.of("lamp")
                .withArguments(List.of("serve", "--port=8088"))
                .withUrl(Optional.of("http://127.0.0.1:8088/"));
        assertThat(addTool.propose(request)).isInstanceOfSatisfying(Proposal.Declared.class, declared -> {
            assertThat(declared.changes())
                    .containsExactly(
                            "`endpoint.url` will be added: \"http://127.0.0.1:8088/\".",
                            "`expected` will be removed (now: \"command\").",
                            "`service.arguments` will be added: [\"serve\",\"--port=8088\"].");
            addTool.accept(declared.ready());
        });
        Manifest manifest = manifest("lamp");
        assertThat(manifest.expected()).isEqualTo(Manifest.Expected.RUNNING);
        assertThat(manifest.service().orElseThrow().arguments()).containsExactly("serve", "--port=8088");
        assertThat(manifest.endpoint().orElseThrow().url()).isEqualTo("http://127.0.0.1:8088/");
        assertThat(addTool.propose(request)).isInstanceOf(Proposal.Already.class);
        assertThat(addTool.propose(AddTool.Request.of("lamp"))).isInstanceOf(Proposal.Already.class);
        assertThat(addTool.propose(AddTool.Request.of("lamp").withArguments(List.of("serve", "--port=9099"))))
                .isInstanceOfSatisfying(
                        Proposal.Declared.class,
                        declared -> assertThat(declared.ready()
                                        .manifest()
                                        .endpoint()
                                        .orElseThrow()
                                        .url())
                                .as("the port is in the arguments")
                                .isEqualTo("http://127.0.0.1:9099/"));
    }

    @Test
    void otherArgumentsKeepTheEndpointOfAManagedTool() throws IOException {
        Path folder = npm("lamp");
        Files.writeString(folder.resolve("lamplighter.json"), """
            { "schema": "lamplighter.tool/1", "name": "lamp", "install": { "installer": "npm" },
              "service": { "arguments": ["serve", "--port", "8080"] },
              "endpoint": { "url": "http://127.0.0.1:8080/", "expect": [200, 401], "readyTimeoutSeconds": 40,
                            "version": { "path": "/version", "pointer": "/version" } } }
            """);
        addTool.accept(ready("lamp"));
        Manifest.Endpoint before = manifest("lamp").endpoint().orElseThrow();
        assertThat(before.version()).isPresent();
        AddTool.Request silent = AddTool.Request.of("lamp").withArguments(List.of("serve", "--config", "other.toml"));
        assertThat(addTool.propose(silent)).isInstanceOfSatisfying(Proposal.Declared.class, declared -> {
            assertThat(declared.changes())
                    .containsExactly(
                            "`service.arguments` will change from [\"serve\",\"--port\",\"8080\"] to"
                                    + " [\"serve\",\"--config\",\"other.toml\"].",
                            "Its URL stays http://127.0.0.1:8080/. To change it, use `--url`.");
            assertThat(declared.ready().manifest().endpoint()).contains(before);
        });
        assertThat(addTool.propose(silent.withUrl(Optional.of("http://127.0.0.1:9099/"))))
                .isInstanceOfSatisfying(Proposal.Declared.class, declared -> {
                    Manifest.Endpoint after =
                            declared.ready().manifest().endpoint().orElseThrow();
                    assertThat(after.url()).isEqualTo("http://127.0.0.1:9099/");
                    assertThat(after.version()).isEqualTo(before.version());
                    assertThat(after.readyTimeoutSeconds()).isEqualTo(40);
                    assertThat(declared.changes()).noneMatch(change -> change.startsWith("Its URL stays"));
                });
    }

    /// A backup of a folder that the tool does not use would be called one of its data.
    @Test
    void dataAreWhereTheArgumentsPutThem() throws IOException {
        npm("azurite");
        assertThat(ready("azurite").manifest().declaredData()).contains(List.of(home.resolve(".azurite")));
        units.add(new UsageDetector.Unit(
                "blobs.service",
                home.resolve("blobs.service"),
                List.of("--location", "/srv/blobs"),
                Optional.of(home)));
        assertThat(ready("azurite").manifest().declaredData()).contains(List.of(Path.of("/srv/blobs")));
        units.set(
                0,
                new UsageDetector.Unit(
                        "blobs.service", home.resolve("blobs.service"), List.of("-l", "blobs"), Optional.of(home)));
        assertThat(ready("azurite").manifest().declaredData()).contains(List.of(home.resolve("blobs")));
        units.set(
                0,
                new UsageDetector.Unit(
                        "blobs.service", home.resolve("blobs.service"), List.of("-l", "blobs"), Optional.empty()));
        assertThat(ready("azurite").manifest().declaredData())
                .as("unknown, which an upgrade says")
                .isEmpty();
        assertThat(ready("azurite").evidence()).extracting(Evidence::source).contains("data");

        units.clear();
        addTool.accept(ready("azurite"));
        assertThat(addTool.propose(AddTool.Request.of("azurite").withArguments(List.of("--location", "~/blobs"))))
                .isInstanceOfSatisfying(
                        Proposal.Declared.class,
                        declared -> assertThat(declared.changes())
                                .contains("`data` will change from [\"~/.azurite\"] to [\"~/blobs\"]."));
    }

    /// The service gets the variables of the user's manager, too.
    @Test
    void dataAreWhereTheVariablesOfTheServicePutThem() throws IOException {
        npm("n8n");
        variables.put("N8N_USER_FOLDER", "/srv/flows");
        assertThat(ready("n8n").manifest().declaredData()).contains(List.of(Path.of("/srv/flows/.n8n")));
        variables.put("DB_TYPE", "postgresdb");
        assertThat(ready("n8n").manifest().declaredData())
                .as("a database elsewhere is not backed up with the folder")
                .isEmpty();

        variables.clear();
        executable(python("open-webui").resolve("bin/open-webui"));
        assertThat(ready("open-webui").manifest().declaredData()).contains(List.of(home.resolve(".open-webui")));
        units.add(new UsageDetector.Unit(
                "chat.service", home.resolve("chat.service"), List.of("serve"), Optional.of(home)));
        assertThat(ready("open-webui").manifest().declaredData())
                .as("its default, which the recipe's variable replaces")
                .isEmpty();
        variables.put("DATA_DIR", "/srv/chat");
        assertThat(ready("open-webui").manifest().declaredData()).contains(List.of(Path.of("/srv/chat")));
    }

    /// It would start with no data, and say nothing.
    @Test
    void aVariableThatOnlyTheTerminalHasIsNamed() throws IOException {
        executable(python("prefect").resolve("bin/prefect"));
        assertThat(ready("prefect").manifest().declaredData()).contains(List.of(home.resolve(".prefect")));
        assertThat(ready("prefect").evidence())
                .filteredOn(evidence -> evidence.source().equals("PREFECT_HOME"))
                .singleElement()
                .satisfies(evidence -> assertThat(evidence.detail()).contains("`service.inherit`"));
        npm("verdaccio");
        assertThat(ready("verdaccio").evidence())
                .extracting(Evidence::source)
                .as("as it is without it")
                .doesNotContain("XDG_DATA_HOME");
        variables.put("PREFECT_HOME", "/srv/other");
        assertThat(ready("prefect").evidence()).extracting(Evidence::source).doesNotContain("PREFECT_HOME");
    }

    @Test
    void dataFollowAnOptionThatTheRecipeDoesNotUse() throws IOException {
        npm("node-red");
        addTool.accept(ready("node-red"));
        assertThat(addTool.propose(AddTool.Request.of("node-red").withArguments(List.of("-u", "/srv/flows"))))
                .isInstanceOfSatisfying(
                        Proposal.Declared.class,
                        declared -> assertThat(declared.ready().manifest().declaredData())
                                .contains(List.of(Path.of("/srv/flows"))));
        assertThat(addTool.propose(AddTool.Request.of("node-red").withArguments(List.of("-s", "/srv/settings.js"))))
                .isInstanceOfSatisfying(
                        Proposal.Declared.class,
                        declared -> assertThat(declared.changes())
                                .contains("`data` will be removed (now: [\"~/.node-red\"])."));
    }

    @Test
    void dataAreAtTheDefaultAgainWithoutTheOptionThatSetTheirFolder() throws IOException {
        npm("node-red");
        addTool.accept(ready("node-red"));
        assertThat(dataWith("node-red", "-u", "/srv/flows")).contains(List.of(Path.of("/srv/flows")));
        assertThat(dataWith("node-red", "-p", "1881")).contains(List.of(home.resolve(".node-red")));
        assertThat(dataWith("node-red", "-s", "/srv/settings.js")).isEmpty();
        assertThat(dataWith("node-red", "-p", "1882")).contains(List.of(home.resolve(".node-red")));
    }

    /// Azurite's own default is its working directory.
    @Test
    void dataAreUnknownWithoutTheOptionWithWhichTheRecipeSetsTheirFolder() throws IOException {
        npm("azurite");
        addTool.accept(ready("azurite"));
        assertThat(dataWith("azurite", "--location", "/srv/blobs")).contains(List.of(Path.of("/srv/blobs")));
        assertThat(dataWith("azurite", "--silent")).isEmpty();
        assertThat(dataWith("azurite", "-l", "/srv/blobs")).contains(List.of(Path.of("/srv/blobs")));
    }

    /// The data of a managed tool after its arguments were changed.
    private Optional<List<Path>> dataWith(String name, String... arguments) {
        Proposal.Declared declared =
                (Proposal.Declared) addTool.propose(AddTool.Request.of(name).withArguments(List.of(arguments)));
        addTool.accept(declared.ready());
        return declared.ready().manifest().declaredData();
    }

    @Test
    void dataInTheWorkingDirectoryAreUnknownIfItIsAnother() throws IOException {
        npm("json-server");
        Path folder = home.resolve("json-server");
        Manifest alone = ready("json-server").manifest();
        assertThat(alone.declaredData()).contains(List.of(folder));
        assertThat(alone.service().orElseThrow().workingDirectory()).contains(folder);
        AddTool.Request elsewhere = new AddTool.Request(
                "json-server",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.of(home.resolve("project")),
                Optional.empty(),
                Optional.empty());
        assertThat(addTool.propose(elsewhere))
                .isInstanceOfSatisfying(
                        Proposal.Ready.class,
                        ready -> assertThat(ready.manifest().declaredData()).isEmpty());

        List<String> arguments = alone.service().orElseThrow().arguments();
        units.add(new UsageDetector.Unit(
                "mine.service", home.resolve("mine.service"), arguments, Optional.of(home.resolve("project"))));
        Manifest inItsUnit = ready("json-server").manifest();
        assertThat(inItsUnit.declaredData()).isEmpty();
        assertThat(inItsUnit.service().orElseThrow().workingDirectory()).contains(home.resolve("project"));

        units.clear();
        running.add(new UsageDetector.Running(
                41,
                arguments,
                Optional.of(home.resolve("project")),
                List.of(new UsageDetector.Address("127.0.0.1", 3000))));
        assertThat(ready("json-server").manifest().declaredData()).isEmpty();
    }

    @Test
    void forgettingLeavesTheToolWhereItIs() throws IOException {
        Path folder = npm("lamp");
        addTool.accept(ready("lamp"));
        store.remove(new ToolName("lamp"));
        assertThat(store.entries()).isEmpty();
        assertThat(folder).isDirectory();
        assertThat(home.resolve("npm/bin/lamp")).exists();
        assertThat(ready("lamp").manifest().name()).hasToString("lamp");
    }

    private static void authors(Path folder, String arguments, String port, String more) throws IOException {
        Files.writeString(folder.resolve("lamplighter.json"), """
            { "schema": "lamplighter.tool/1", "name": "lamp", "install": { "installer": "npm" },
              "service": { "arguments": [%s] }, "endpoint": { "url": "http://127.0.0.1:%s/" }%s }
            """.formatted(arguments, port, more));
    }

    private String origin(String pointer) {
        return origin(store.entries().getFirst().name(), pointer);
    }

    private String origin(String name, String pointer) {
        return store.layers(manifest(name)).stream()
                .filter(layer -> layer.pointer().equals(pointer))
                .findFirst()
                .orElseThrow()
                .from();
    }

    private Manifest manifest(String name) {
        return ((ManifestEntry.Readable) store.entry(new ToolName(name)).orElseThrow()).manifest();
    }

    private Proposal.Ready ready(String name) {
        return (Proposal.Ready) addTool.propose(request(name, List.of(), Optional.empty()));
    }

    private static AddTool.Request request(String name, List<String> arguments, Optional<String> as) {
        return new AddTool.Request(
                name,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                arguments,
                Optional.empty(),
                Optional.empty(),
                as);
    }

    private Path npm(String name) throws IOException {
        Path folder =
                Files.createDirectories(home.resolve("npm/lib/node_modules").resolve(name));
        Path program = executable(home.resolve("npm/bin").resolve(name));
        installed.add(provenance(InstallerKind.NPM, name, folder, program));
        return folder;
    }

    private Path python(String name) throws IOException {
        Path environment = Files.createDirectories(home.resolve("venvs").resolve(name));
        Path program = executable(environment.resolve("bin").resolve(name));
        installed.add(provenance(InstallerKind.VENV, name, environment, program));
        return environment;
    }

    private static Path executable(Path path) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, "#!/bin/sh\n");
        assertThat(path.toFile().setExecutable(true)).isTrue();
        return path;
    }

    private static Provenance provenance(InstallerKind kind, String name, Path environment, Path program) {
        return new Provenance(
                kind,
                name,
                environment,
                program,
                "1.0.0",
                new Origin.Index(),
                new Provenance.Runtime("node", Path.of("/usr/bin/node"), "22.0.0", ""),
                List.of());
    }

    /// What the test says is installed.
    private final class Known implements Installer {
        private final InstallerKind kind;

        Known(InstallerKind kind) {
            this.kind = kind;
        }

        @Override
        public InstallerKind kind() {
            return kind;
        }

        @Override
        public List<Provenance> installed() {
            return installed.stream().filter(known -> known.installer() == kind).toList();
        }

        @Override
        public Optional<Provenance> owner(Path program) {
            return installed().stream()
                    .filter(known -> known.program().equals(program) || program.startsWith(known.environment()))
                    .findFirst();
        }

        @Override
        public StagePlan stage(Provenance from, UpgradeTarget upgradeTarget, Path stage) {
            throw new UnsupportedOperationException();
        }

        @Override
        public RepairCommands repairCommands(Provenance provenance, RepairCommands.Need need) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Path stageRoot(Provenance provenance) {
            throw new UnsupportedOperationException();
        }
    }
}
