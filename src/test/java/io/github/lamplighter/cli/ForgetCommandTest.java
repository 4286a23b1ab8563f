package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Case;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.file.Places;
import io.github.lamplighter.readiness.Identify;
import io.github.lamplighter.readiness.Probe;
import io.github.lamplighter.service.Definitions;
import io.github.lamplighter.service.LoginShell;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.Services;
import io.github.lamplighter.service.StoppedByUser;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.upgrade.Activity;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// A tool that is forgotten keeps its service unless the person says otherwise.
class ForgetCommandTest {

    @TempDir
    Path home;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Deque<String> answers = new ArrayDeque<>();
    private final List<String> questions = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private boolean hasService = true;
    private boolean stops = true;
    private ManifestStore store;
    private Places places;
    private Manifest manifest;

    @BeforeEach
    void open() {
        places = Places.linux(Map.of(), home);
        store = new ManifestStore(places);
        manifest = new Case(home.resolve("case")).manifest();
        store.save(manifest, "detected");
    }

    @Test
    void theServiceStaysUnlessAskedFor() {
        answers.addAll(List.of("y", ""));
        assertThat(forget(manifest.name().value())).isZero();
        assertThat(questions).last().asString().contains(Case.UNIT + " goes on by itself. Stop it and take it away");
        assertThat(done).isEmpty();
        assertThat(store.entries()).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Its service " + Case.UNIT + " goes on by itself");
    }

    @Test
    void theServiceGoesWhenThePersonSaysSo() {
        answers.addAll(List.of("y", "y"));
        assertThat(forget(manifest.name().value())).isZero();
        assertThat(done).containsSubsequence("stop", "disable", "remove");
        assertThat(store.entries()).isEmpty();
        assertThat(new Activity(places).all())
                .singleElement()
                .extracting(Activity.Change::where)
                .isEqualTo(Case.UNIT);
    }

    @Test
    void aServiceThatDoesNotStopKeepsTheToolInTheList() {
        stops = false;
        answers.addAll(List.of("y", "y"));
        assertThat(forget(manifest.name().value())).isEqualTo(ExitCode.FAILED);
        assertThat(store.entries()).hasSize(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("is still looked after");
    }

    @Test
    void withoutAServiceNothingIsAskedAboutOne() {
        hasService = false;
        answers.add("y");
        assertThat(forget(manifest.name().value())).isZero();
        assertThat(questions).hasSize(1);
    }

    @Test
    void yesAgreesToForgettingAndLeavesTheServiceAlone() {
        assertThat(forget(manifest.name().value(), "--yes", "--json")).isZero();
        assertThat(questions).isEmpty();
        assertThat(done).isEmpty();
        var data =
                JsonFile.MAPPER.readTree(out.toString(StandardCharsets.UTF_8)).path("data");
        assertThat(data.path("unit").asString()).isEqualTo(Case.UNIT);
        assertThat(data.path("serviceRemoved").asBoolean()).isFalse();
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
                        case "onDisk" -> {
                            return hasService ? Optional.of("[Service]") : Optional.empty();
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
        Services services = new Services(
                manager,
                new Definitions(places),
                () -> new LoginShell.Answer.Found("/bin", List.of()),
                probe,
                new Identify(_ -> List.of(), probe, places),
                new StoppedByUser(places, Optional::empty, InstantSource.system()),
                InstantSource.system());
        ServiceChange change = new ServiceChange(
                () -> {},
                new EnvironmentLock(places),
                new Activity(places),
                () -> {
                    throw new UnsupportedOperationException("nobody asks the doctor about it any more");
                },
                InstantSource.system(),
                ZoneOffset.UTC);
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                Optional.of(question -> {
                    questions.add(question);
                    return answers.remove();
                }));
        return new CommandLine(new ForgetCommand(store, places, services, change, console)).execute(words);
    }

    private static ServiceState state(ServiceState.Phase phase) {
        return new ServiceState(
                Case.UNIT,
                phase,
                Optional.of(true),
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
