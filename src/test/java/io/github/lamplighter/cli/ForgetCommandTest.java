package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Case;
import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.BackupStore;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.readiness.EndpointIdentityCheck;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.service.AtLogin;
import io.github.lamplighter.service.LoginShell;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.service.ServiceDefinitionFactory;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.StoppedByUser;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestStore;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `forget` keeps the service unless the user agrees to remove it.
class ForgetCommandTest {

    @TempDir
    Path home;

    private final List<String> done = new ArrayList<>();
    private final List<String> forgotten = new ArrayList<>();
    private boolean hasService = true;
    private boolean stops = true;
    private ManifestStore store;
    private AppDirectories directories;
    private FakeTerminal terminal;
    private Manifest manifest;

    private Optional<Path> keptVersions = Optional.empty();

    @BeforeEach
    void open() {
        directories = AppDirectories.linux(Map.of(), home);
        store = new ManifestStore(directories);
        terminal = new FakeTerminal(directories);
        manifest = new Case(home.resolve("case")).manifest();
        store.save(manifest, "detected");
    }

    @Test
    void theServiceStaysByDefault() {
        terminal.answers.addAll(List.of("y", ""));
        assertThat(forget(manifest.name().value())).isZero();
        assertThat(terminal.questions)
                .last()
                .asString()
                .contains(Case.UNIT + " keeps running. Stop and remove it, too?");
        assertThat(done).isEmpty();
        assertThat(store.entries()).isEmpty();
        assertThat(forgotten).containsExactly(manifest.name().value());
        assertThat(terminal.errors()).contains("Its service " + Case.UNIT + " keeps running");
    }

    @Test
    void theServiceIsRemovedIfTheUserAgrees() {
        terminal.answers.addAll(List.of("y", "y"));
        assertThat(forget(manifest.name().value())).isZero();
        assertThat(done).containsSubsequence("stop", "disable", "remove");
        assertThat(store.entries()).isEmpty();
        assertThat(new ActivityLog(directories).all())
                .extracting(ActivityLog.Change::what)
                .containsExactly("stopped managing muxplex", "removed the service of muxplex");
    }

    @Test
    void aToolWhoseServiceDoesNotStopStaysManaged() {
        stops = false;
        terminal.answers.addAll(List.of("y", "y"));
        assertThat(forget(manifest.name().value())).isEqualTo(ExitCode.FAILED);
        assertThat(store.entries()).hasSize(1);
        assertThat(terminal.errors()).contains("is still managed");
    }

    @Test
    void aToolWithoutAServiceHasOneQuestion() {
        hasService = false;
        terminal.answers.add("y");
        assertThat(forget(manifest.name().value())).isZero();
        assertThat(terminal.questions).hasSize(1);
    }

    /// No package manager removes them with the tool.
    @Test
    void previousVersionsThatStayAreNamed() throws IOException {
        keptVersions = Optional.of(Files.createDirectories(home.resolve("venvs/.lamplighter/muxplex")));
        Files.write(keptVersions.get().resolve("file"), new byte[1_200_000]);
        assertThat(forget(manifest.name().value(), "--yes")).isZero();
        assertThat(terminal.errors()).contains("Its previous versions (2 MB) stay in ", "rm -r " + keptVersions.get());
    }

    @Test
    void yesKeepsTheService() {
        assertThat(forget(manifest.name().value(), "--yes", "--json")).isZero();
        assertThat(terminal.questions).isEmpty();
        assertThat(done).isEmpty();
        var data = JsonFile.MAPPER.readTree(terminal.output()).path("data");
        assertThat(data.path("unit").asString()).isEqualTo(Case.UNIT);
        assertThat(data.path("serviceRemoved").asBoolean()).isFalse();
    }

    @Test
    void aManifestChangedByHandIsRestoredWordForWord() throws IOException {
        Path file = store.file(manifest.name());
        String mine =
                Files.readString(file).replace("{", "{ \"// mine\": \"yes\",").replaceFirst("\n", "\n\n");
        Files.writeString(file, mine);
        assertThat(forget("muxplex", "--yes")).isZero();
        assertThat(file).doesNotExist();
        ActivityLog.Change change = new ActivityLog(directories).all().getFirst();
        assertThat(change.back()).isEqualTo("lamplighter add muxplex --kept 1");
        assertThat(change.where()).isEqualTo(directories.display(file));
        assertThat(terminal.errors()).contains(change.back());
        Path copy = directories.state().resolve("kept/muxplex/1.description");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
        assertThat(add("muxplex", "--kept", "1", "--yes")).isZero();
        assertThat(file).hasContent(mine);
        assertThat(new ActivityLog(directories).all().getFirst())
                .satisfies(back -> assertThat(back.what()).isEqualTo("added muxplex"))
                .satisfies(back -> assertThat(back.back()).isEqualTo("lamplighter forget muxplex"));
    }

    @Test
    void anUnreadableManifestIsRestoredToo() throws IOException {
        Path file = store.file(manifest.name());
        Files.writeString(file, "{ half");
        assertThat(forget("muxplex", "--yes")).isZero();
        assertThat(add("muxplex", "--kept", "1", "--yes")).isZero();
        assertThat(file).hasContent("{ half");
    }

    @Test
    void restoringBacksUpTheCurrentManifest() throws IOException {
        forget("muxplex", "--yes");
        store.save(manifest, "manifest");
        String later = Files.readString(store.file(manifest.name()));
        assertThat(add("muxplex", "--kept", "1", "--yes")).isZero();
        assertThat(new ActivityLog(directories).all().getFirst().back()).isEqualTo("lamplighter add muxplex --kept 2");
        assertThat(add("muxplex", "--kept", "2", "--yes")).isZero();
        assertThat(store.file(manifest.name())).hasContent(later);
    }

    @Test
    void aMissingBackupAndAnotherSettingAreUsageErrors() {
        assertThat(add("muxplex", "--kept", "7", "--yes")).isEqualTo(ExitCode.USAGE);
        assertThat(add("muxplex", "--kept", "1", "--as", "other")).isEqualTo(ExitCode.USAGE);
        assertThat(store.entries()).hasSize(1);
    }

    private int add(String... words) {
        return terminal.add(List.of(), Map.of(), false, words);
    }

    private int forget(String... words) {
        Probe probe = new Probe(Duration.ofSeconds(1));
        ServiceManager manager = (ServiceManager) Proxy.newProxyInstance(
                ServiceManager.class.getClassLoader(),
                new Class<?>[] {ServiceManager.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "unavailable" -> {
                            return Optional.empty();
                        }
                        case "unitOf" -> {
                            return Case.UNIT;
                        }
                        case "fileText" -> {
                            return hasService ? Optional.of("[Service]") : Optional.empty();
                        }
                        case "isWritten" -> {
                            return true;
                        }
                        case "isChangedByHand" -> {
                            return false;
                        }
                        case "state" -> {
                            return state(
                                    done.contains("stop") && stops
                                            ? ServiceState.Phase.STOPPED
                                            : ServiceState.Phase.RUNNING);
                        }
                        case "stop", "disable", "remove" -> {
                            done.add(method.getName());
                            return method.getName().equals("stop") && !stops
                                    ? new ServiceOutcome.Failed("It does not stop.", List.of())
                                    : new ServiceOutcome.Done("");
                        }
                        default -> {
                            return InvocationHandler.invokeDefault(proxy, method, arguments);
                        }
                    }
                });
        ServiceControl serviceControl = new ServiceControl(
                manager,
                new ServiceDefinitionFactory(directories),
                () -> new LoginShell.Answer.Found("/bin", List.of()),
                probe,
                new EndpointIdentityCheck(_ -> List.of(), probe, directories),
                new StoppedByUser(directories, Optional::empty, InstantSource.system()),
                List::of,
                InstantSource.system());
        ServiceOperation change = new ServiceOperation(
                _ -> Optional.empty(),
                new EnvironmentLock(directories),
                new ActivityLog(directories),
                manager,
                new BackupStore(directories),
                () -> {
                    throw new UnsupportedOperationException("nobody asks the doctor about it any more");
                },
                InstantSource.system(),
                ZoneOffset.UTC);
        Console console = terminal.console(true);
        return new CommandLine(new ForgetCommand(
                        store,
                        directories,
                        serviceControl,
                        change,
                        terminal.recorder(console),
                        _ -> keptVersions,
                        tool -> forgotten.add(tool.value()),
                        console))
                .execute(words);
    }

    private static ServiceState state(ServiceState.Phase phase) {
        return new ServiceState(
                Case.UNIT,
                phase,
                ServiceState.Load.USABLE,
                new AtLogin.Starts(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.of(Path.of("/nowhere")),
                ServiceState.Owner.OURS,
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
