package io.github.lamplighter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Case;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportBuilder;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.file.ActivityLog;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.BackupStore;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.tool.Manifest;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The lock, the record and the backup around every change of a service.
class ServiceOperationTest {

    private static final ServiceOperation.Labels STOP =
            new ServiceOperation.Labels("Stopping", "stopped %s", "service stop", "start");

    @TempDir
    private Path home;

    private Optional<String> text = Optional.empty();
    private boolean byHand;

    private final List<String> order = new ArrayList<>();
    private Optional<String> unfinished = Optional.empty();

    @Test
    void whileSomebodyElseIsAtWorkNothingIsDone() throws IOException {
        Manifest manifest = new Case(home).manifest();
        try (EnvironmentLock.Held _ = (EnvironmentLock.Held) new EnvironmentLock(directories())
                .take(manifest.install().environment(), "Upgrading muxplex to 2 since noon.")) {
            ServiceOperation.Result result = change().run(manifest, "u.service", STOP, this::work, () -> manifest);
            assertThat(result).isInstanceOf(ServiceOperation.Result.Busy.class);
            assertThat(((ServiceOperation.Result.Busy) result).why()).contains("Upgrading muxplex to 2 since noon.");
        }
        assertThat(order).containsExactly("recover");
        assertThat(new ActivityLog(directories()).all()).isEmpty();
    }

    /// It may be running and responding all the same.
    @Test
    void aServiceThatRunsAnotherInstallationIsAWarningOfItsStart() {
        Instant now = Instant.parse("2026-11-23T12:00:00Z");
        Report report = new ReportBuilder("muxplex", Manifest.Expected.RUNNING, now)
                .findings(
                        finding("is-this-copy", Group.RUNNING, Severity.FAILURE, now),
                        finding("process", Group.RUNNING, Severity.FAILURE, now),
                        finding("who-can-reach", Group.SETTINGS_AND_ACCESS, Severity.WARNING, now),
                        finding("launcher", Group.VERSION, Severity.WARNING, now))
                .build();
        assertThat(ServiceOperation.warnings(Optional.of(report)))
                .extracting(Finding::id)
                .containsExactly("is-this-copy", "who-can-reach");
    }

    private static Finding finding(String id, Group group, Severity severity, Instant now) {
        return ReportBuilder.finding(id, group, severity, id, now);
    }

    @Test
    void withoutItsOwnFilesNothingIsDone() throws IOException {
        Files.createDirectories(directories().locks().getParent());
        Files.writeString(directories().locks(), "in the way");
        Manifest manifest = new Case(home).manifest();
        ServiceOperation.Result result = change().runWithoutCheck(manifest, "u.service", STOP, this::work);
        assertThat(result)
                .isInstanceOfSatisfying(
                        ServiceOperation.Result.Completed.class,
                        completed -> assertThat(completed.outcome())
                                .isInstanceOfSatisfying(
                                        ServiceOutcome.Refused.class,
                                        refused -> assertThat(refused.reason())
                                                .startsWith(
                                                        "Nothing was changed, because Lamplighter can't write its own"
                                                                + " files: ")));
        assertThat(order).containsExactly("recover");
    }

    @Test
    void whatWasDoneIsWrittenDownWithTheWayBack() {
        Manifest manifest = new Case(home).manifest();
        try {
            change().run(manifest, "u.service", STOP, this::work, () -> manifest);
        } catch (UnsupportedOperationException e) {
            // No doctor here: it is asked last.
            order.add("doctor");
        }
        assertThat(order).containsExactly("recover", "work", "doctor");
        assertThat(new ActivityLog(directories()).all()).singleElement().satisfies(change -> {
            assertThat(change.what()).isEqualTo("stopped muxplex");
            assertThat(change.where()).isEqualTo("u.service");
            assertThat(change.why()).isEqualTo("lamplighter service stop muxplex");
            assertThat(change.back()).isEqualTo("lamplighter start muxplex");
        });
    }

    /// Its data may not be restored.
    @Test
    void aToolWhoseUpgradeIsNotFinishedIsStoppedButNotStarted() throws IOException {
        unfinished = Optional.of("Could not restore the data.");
        List<String> ran = new ArrayList<>();
        for (String verb : List.of("service start", "service restart", "service install", "service stop")) {
            done(verb, "", () -> ran.add(verb));
        }
        assertThat(ran).containsExactly("service stop");
    }

    @Test
    void aServiceFileThatIsWrittenAnewIsKeptAsItWas() throws IOException {
        text = Optional.of("mine");
        done("service install", "service uninstall", () -> text = Optional.of("theirs"));
        assertThat(back()).isEqualTo("lamplighter service install muxplex --kept 1");
        assertThat(new BackupStore(directories()).text("muxplex", 1, ServiceOperation.FILE))
                .contains("mine");
    }

    @Test
    void aServiceFileThatStaysAsItIsAndANewOneNeedNoCopy() throws IOException {
        done("service install", "service uninstall", () -> text = Optional.of("new"));
        assertThat(back()).isEqualTo("lamplighter service uninstall muxplex");
        done("service install", "service uninstall", () -> {});
        assertThat(back()).isEqualTo("lamplighter service uninstall muxplex");
        assertThat(new BackupStore(directories()).text("muxplex", 1, ServiceOperation.FILE))
                .isEmpty();
    }

    @Test
    void oneThatWasChangedByHandIsKeptWhenItIsTakenAway() throws IOException {
        text = Optional.of("as ours");
        done("service uninstall", "service install", () -> text = Optional.empty());
        assertThat(back()).isEqualTo("lamplighter service install muxplex");
        text = Optional.of("mine");
        byHand = true;
        done("service uninstall", "service install", () -> text = Optional.empty());
        assertThat(back()).isEqualTo("lamplighter service install muxplex --kept 1");
        assertThat(new BackupStore(directories()).text("muxplex", 1, ServiceOperation.FILE))
                .contains("mine");
    }

    private void done(String verb, String back, Runnable work) {
        change().runWithoutCheck(
                        new Case(home).manifest(),
                        "u.service",
                        new ServiceOperation.Labels("Doing it to", "did it to %s", verb, back),
                        () -> {
                            work.run();
                            return new ServiceOutcome.Done("");
                        });
    }

    private String back() {
        return new ActivityLog(directories()).all().getFirst().back();
    }

    private ServiceManager manager() {
        return (ServiceManager) Proxy.newProxyInstance(
                ServiceManager.class.getClassLoader(),
                new Class<?>[] {ServiceManager.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "fileText" -> text;
                    case "isChangedByHand" -> byHand;
                    default -> InvocationHandler.invokeDefault(proxy, method, arguments);
                });
    }

    private ServiceOutcome work() {
        order.add("work");
        return new ServiceOutcome.Done("It was stopped.");
    }

    private AppDirectories directories() {
        return AppDirectories.linux(Map.of(), home);
    }

    private ServiceOperation change() {
        return new ServiceOperation(
                _ -> {
                    order.add("recover");
                    return unfinished;
                },
                new EnvironmentLock(directories()),
                new ActivityLog(directories()),
                manager(),
                new BackupStore(directories()),
                () -> {
                    throw new UnsupportedOperationException();
                },
                InstantSource.system(),
                ZoneOffset.UTC);
    }
}
