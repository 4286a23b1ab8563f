package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.ListeningSockets.Listener;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.readiness.SessionCounter;
import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.LogLine;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Expected;
import io.github.lamplighter.tool.TestManifest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/// The checks of the group *process*.
class ProcessChecksTest extends CheckTestCase {

    static Stream<Arguments> rows() {
        return Stream.of(
                row("process", Severity.OK, "Running", _ -> {}),
                row("process", Severity.WARNING, "Not running", c -> c.phase = Phase.STOPPED),
                row("process", Severity.OK, "Not running; starts on the first connection", c -> {
                    c.phase = Phase.STOPPED;
                    c.startedBy = List.of("muxplex.socket");
                }),
                row("process", Severity.OK, "Not running; another unit starts it", c -> {
                    c.phase = Phase.STOPPED;
                    c.lastExit = Optional.of(LastExit.of(new LastExit.Status(0)));
                    c.startedBy = List.of("muxplex.timer");
                }),
                row("process", Severity.FAILURE, "Stopped unexpectedly", c -> {
                    c.phase = Phase.STOPPED;
                    c.lastExit = Optional.of(LastExit.of(new LastExit.Status(1)));
                    c.startedBy = List.of("muxplex.timer");
                }),
                row("port", Severity.OK, "The service manager listens on port 8088", c -> {
                    c.phase = Phase.STOPPED;
                    c.startedBy = List.of("muxplex.socket");
                    c.listeners = List.of(new Listener(
                            "127.0.0.1",
                            8088,
                            Optional.of(900L),
                            1000,
                            Optional.of("/user@1000.service/init.scope"),
                            Optional.of("/lib/systemd/systemd --user")));
                }),
                row("port", Severity.FAILURE, "Port 8088 is in use by another process", c -> {
                    c.phase = Phase.STOPPED;
                    c.startedBy = List.of("muxplex.socket");
                    c.listens("127.0.0.1");
                }),
                row("process", Severity.FAILURE, "Stopped unexpectedly", c -> c.phase = Phase.FAILED),
                row("process", Severity.INFO, "Starting", c -> {
                    c.phase = Phase.STARTING;
                    c.since = Case.NOW.minusSeconds(290);
                }),
                row("process", Severity.WARNING, "Still starting", c -> {
                    c.phase = Phase.STARTING;
                    c.since = Case.NOW.minusSeconds(310);
                }),
                row("answering", Severity.FAILURE, "Running, but not responding", c -> {
                    c.silent();
                    c.phase = Phase.STARTING;
                    c.since = Case.NOW.minusSeconds(310);
                }),
                row("stopped-by-you", Severity.INFO, "Stopped by you", c -> {
                    c.phase = Phase.STOPPED;
                    c.stopped = Optional.of(Case.NOW);
                }),
                row("process", Severity.WARNING, "No background service set up", c -> c.phase = Phase.NOT_INSTALLED),
                row("process", Severity.UNKNOWN, "Could not check whether it is running", c -> c.phase = Phase.UNKNOWN),
                row("process", Severity.OK, "Not running (set to on-demand)", c -> {
                    c.expected = Expected.ON_DEMAND;
                    c.phase = Phase.STOPPED;
                }),
                row("answering", Severity.OK, "Responding", _ -> {}),
                row("answering", Severity.FAILURE, "Running, but not responding", Case::silent),
                row("answering", Severity.FAILURE, "Responds at another URL than its manifest has", c -> {
                    // A drop-in gave it another port.
                    c.silent();
                    c.allListeners = List.of(own("127.0.0.1", 9999));
                    c.responding.add("http://127.0.0.1:9999/");
                }),
                row("answering", Severity.FAILURE, "Responds at another URL than its manifest has", c -> {
                    c.silent();
                    c.allListeners = List.of(own("0:0:0:0:0:0:0:1", 8088));
                    c.responding.add("http://[::1]:8088/");
                }),
                row("answering", Severity.FAILURE, "Responds at another URL than its manifest has", c -> {
                    // It uses TLS.
                    c.silent();
                    c.allListeners = List.of(own("0.0.0.0", 8088));
                    c.responding.add("https://127.0.0.1:8088/");
                }),
                row("answering", Severity.FAILURE, "Running, but not responding", c -> {
                    // Two that may be meant.
                    c.silent();
                    c.allListeners = List.of(own("127.0.0.1", 9998), own("127.0.0.1", 9999));
                    c.responding.addAll(List.of("http://127.0.0.1:9998/", "http://127.0.0.1:9999/"));
                }),
                row("answering", Severity.FAILURE, "Running, but not responding", c -> {
                    // Another program.
                    c.silent();
                    c.allListeners = List.of(
                            new Listener("127.0.0.1", 9999, Optional.of(7L), 1000, Optional.empty(), Optional.of("x")));
                    c.responding.add("http://127.0.0.1:9999/");
                }),
                row("answering", Severity.UNKNOWN, "Not responding yet", c -> starting(c, 20)),
                row("answering", Severity.FAILURE, "Running, but not responding", c -> starting(c, 31)),
                row("answering", Severity.FAILURE, "Running, but not responding", c -> {
                    starting(c, 20);
                    c.restarts = 1;
                }),
                row("answering", Severity.FAILURE, "Running, but not responding", c -> {
                    starting(c, 20);
                    c.listens("127.0.0.1");
                }),
                row(
                        "answering",
                        Severity.FAILURE,
                        "Not ready: responded with HTTP 503",
                        c -> c.probeResult = new ProbeResult.Yes(false, "HTTP 503", Duration.ZERO)),
                row(
                        "is-this-copy",
                        Severity.FAILURE,
                        "Another process responds on port 8088",
                        c -> c.identityResult = new IdentityResult.No("pid 977 ssh")),
                row(
                        "is-this-copy",
                        Severity.UNKNOWN,
                        "Could not check which process responds",
                        c -> c.identityResult = new IdentityResult.Unknown("user id 33")),
                row(
                        "is-this-copy",
                        Severity.WARNING,
                        "Another process also responds on port 8088",
                        c -> c.identityResult = new IdentityResult.Yes(
                                "pid 4242 listens", Optional.of("pid 977 ssh listens on [::1]:8088"))),
                row("port", Severity.WARNING, "Port 8088 is in use by the service and another process", c -> {
                    c.url = "http://localhost:8088/";
                    c.silent();
                    c.listeners = List.of(
                            new Listener(
                                    "127.0.0.1", 8088, Optional.of(4242L), 1000, Optional.empty(), Optional.of("x")),
                            new Listener(
                                    "0:0:0:0:0:0:0:1",
                                    8088,
                                    Optional.of(977L),
                                    1000,
                                    Optional.empty(),
                                    Optional.of("ssh -L")));
                }),
                row("port", Severity.FAILURE, "Port 8088 is in use by another process", c -> {
                    c.url = "http://127.0.0.1:8088/";
                    c.silent();
                    c.listeners = List.of(
                            TUNNEL,
                            new Listener(
                                    "0:0:0:0:0:0:0:1",
                                    8088,
                                    Optional.of(4242L),
                                    1000,
                                    Optional.empty(),
                                    Optional.of("x")));
                }),
                row("port", Severity.FAILURE, "Port 8088 is in use by another process", c -> {
                    c.phase = Phase.FAILED;
                    c.probeResult = new ProbeResult.No("not HTTP");
                    c.listeners = List.of(new Listener(
                            "127.0.0.1", 8088, Optional.of(977L), 1000, Optional.empty(), Optional.of("ssh -L")));
                }),
                row("process", Severity.WARNING, "The service is masked, so nothing can start it", c -> {
                    c.phase = Phase.STOPPED;
                    c.masked = true;
                }),
                row("is-this-copy", Severity.INFO, "Another process responds on port 8088", c -> {
                    c.expected = Expected.ON_DEMAND;
                    c.phase = Phase.STOPPED;
                    c.identityResult = new IdentityResult.No("pid 977 ssh");
                }),
                row("is-this-copy", Severity.INFO, "A process outside the service responds on port 8088", c -> {
                    c.phase = Phase.NOT_INSTALLED;
                    c.identityResult = new IdentityResult.No("pid 4242 muxplex");
                    c.listens("127.0.0.1");
                    c.processes = List.of(new ProcessTable.Running(4242, "/user.slice", "muxplex serve"));
                }),
                row("is-this-copy", Severity.FAILURE, "Another service of this tool responds on port 8088", c -> {
                    c.identityResult = new IdentityResult.No("pid 977 muxplex");
                    c.listeners = List.of(new Listener(
                            "127.0.0.1", 8088, Optional.of(977L), 1000, Optional.empty(), Optional.of("muxplex")));
                    c.processes = List.of(new ProcessTable.Running(977, "/app.slice/other.service", "muxplex serve"));
                    c.processUnit = Optional.of("other.service");
                }),
                row("is-this-copy", Severity.FAILURE, "The service reports a different identity", c -> {
                    c.identityResult = new IdentityResult.No("/id answers A; this copy is B");
                    c.listens("127.0.0.1");
                    c.processes = List.of(new ProcessTable.Running(4242, "/app.slice/mux.service", "muxplex serve"));
                }),
                row("port", Severity.OK, "Port 8088 is in use by the service", c -> c.listens("127.0.0.1")),
                row("port", Severity.OK, "Port 8088 is free", c -> c.phase = Phase.STOPPED),
                row("port", Severity.WARNING, "Port 8088 is also the port of site", c -> {
                    c.listens("127.0.0.1");
                    c.managed = List.of(c.manifest(), site(Expected.RUNNING));
                }),
                row("port", Severity.INFO, "Port 8088 is also the port of site", c -> {
                    c.phase = Phase.NOT_INSTALLED;
                    c.managed = List.of(site(Expected.RUNNING));
                }),
                row("port", Severity.INFO, "Port 8088 is also the port of site", c -> {
                    c.phase = Phase.STOPPED;
                    c.managed = List.of(site(Expected.ON_DEMAND));
                }),
                row("port", Severity.OK, "Port 8088 is in use by the service", c -> {
                    c.listens("127.0.0.1");
                    c.managed = List.of(c.manifest(), site(Expected.COMMAND));
                }),
                row("port", Severity.FAILURE, "Port 8088 is in use by another process", c -> {
                    c.silent();
                    c.listeners = List.of(TUNNEL);
                }),
                row("port", Severity.UNKNOWN, "Could not check which process uses port 8088", c -> {
                    c.silent();
                    c.listeners = List.of(
                            new Listener("127.0.0.1", 8088, Optional.empty(), 33, Optional.empty(), Optional.empty()));
                }),
                row("port", Severity.INFO, "Port 8088 is in use by a process outside the service", c -> {
                    c.phase = Phase.STOPPED;
                    c.silent();
                    c.listens("127.0.0.1");
                    c.processes = List.of(new ProcessTable.Running(4242, "/user.slice", "muxplex serve"));
                }),
                row("unstable", Severity.OK, "Stable", c -> c.restarts = 7),
                row("unstable", Severity.WARNING, "Stopped unexpectedly, and was restarted", c -> {
                    c.restarts = 1;
                    c.since = Case.NOW.minusSeconds(5);
                    c.log = failure(c.since.minusSeconds(5));
                }),
                row("unstable", Severity.WARNING, "Stopped unexpectedly twice, and was restarted", c -> {
                    c.restarts = 2;
                    c.since = Case.NOW.minusSeconds(5);
                    c.log = failure(c.since.minusSeconds(5));
                }),
                row("unstable", Severity.WARNING, "Stopped unexpectedly, and was restarted", c -> {
                    c.restarts = 1;
                    c.since = Case.NOW.minusSeconds(5);
                    c.log = chatty(failure(c.since.minusSeconds(5)), c.since);
                }),
                // As with Restart=always, after an exit with status 0.
                row("unstable", Severity.OK, "Stable", c -> {
                    c.restarts = 1;
                    c.since = Case.NOW.minusSeconds(5);
                    c.log = Stream.of(
                                    failure(c.since.minus(Duration.ofDays(1))),
                                    List.of(new LogLine(
                                            c.since.toEpochMilli() * 1000,
                                            6,
                                            Case.UNIT + ": Scheduled restart job, restart counter is at 1.")))
                            .flatMap(List::stream)
                            .toList();
                }),
                // launchd writes no lines, but knows the last exit.
                row("unstable", Severity.OK, "Stable", c -> {
                    c.restarts = 1;
                    c.since = Case.NOW.minusSeconds(5);
                    c.lastExit = Optional.of(LastExit.of(new LastExit.Status(0)));
                    c.log = List.of();
                }),
                row("unstable", Severity.WARNING, "Restarted by the service manager, reason unknown", c -> {
                    c.restarts = 1;
                    c.since = Case.NOW.minusSeconds(5);
                    c.log = List.of();
                }),
                row("unstable", Severity.WARNING, "Restarted by the service manager, reason unknown", c -> {
                    c.restarts = 2;
                    c.since = Case.NOW.minusSeconds(5);
                    c.log = failure(c.since.minus(Duration.ofDays(1)));
                }),
                row("unstable", Severity.OK, "Stable", c -> {
                    c.restarts = 1;
                    c.since = Case.NOW.minus(Duration.ofMinutes(31));
                    c.log = failure(c.since.minusSeconds(5));
                }),
                row("unstable", Severity.WARNING, "Restarted 7 times", c -> {
                    c.restarts = 7;
                    c.since = Case.NOW.minusSeconds(5);
                }),
                row("unstable", Severity.FAILURE, "Crashed 7 times in 2 minutes", c -> {
                    c.restarts = 7;
                    c.phase = Phase.RESTARTING;
                    c.lastExit = Optional.of(LastExit.of(new LastExit.Status(1)));
                    c.log = restarts(7, Duration.ofSeconds(20));
                }),
                // As where no log can be read.
                row("unstable", Severity.WARNING, "Stopped unexpectedly, and was restarted", c -> {
                    c.restarts = 1;
                    c.since = Case.NOW.minusSeconds(5);
                    c.lastExit = Optional.of(LastExit.of(new LastExit.Status(1)));
                }),
                row("unstable", Severity.OK, "Stable", c -> {
                    c.restarts = 1;
                    c.since = Case.NOW.minusSeconds(5);
                    c.lastExit = Optional.of(LastExit.of(new LastExit.Status(0)));
                }),
                row("unstable", Severity.OK, "Stable", c -> {
                    c.restarts = 1;
                    c.since = Case.NOW.minusSeconds(5);
                    c.lastExit = Optional.of(LastExit.of(new LastExit.Signal("SIGTERM", false)));
                }),
                row("unstable", Severity.WARNING, "Restarted 3 times", c -> {
                    c.restarts = 3;
                    c.since = Case.NOW.minusSeconds(5);
                }),
                row("unstable", Severity.FAILURE, "Crashed 3 times since it was started", c -> {
                    c.restarts = 3;
                    c.phase = Phase.RESTARTING;
                    c.lastExit = Optional.of(LastExit.of(new LastExit.Status(1)));
                }),
                row("unstable", Severity.FAILURE, "Restarted 7 times", c -> {
                    c.restarts = 7;
                    c.phase = Phase.RESTARTING;
                    c.lastExit = Optional.of(LastExit.of(new LastExit.Status(0)));
                }),
                row("unstable", Severity.WARNING, "Restarted 7 times in 6 s", c -> {
                    c.restarts = 7;
                    c.since = Case.NOW.minusSeconds(5);
                    c.log = restarts(7, Duration.ofSeconds(1));
                }),
                row("unstable", Severity.WARNING, "Restarted 7 times in 3 hours", c -> {
                    c.restarts = 7;
                    c.since = Case.NOW.minusSeconds(5);
                    c.log = restarts(7, Duration.ofMinutes(30));
                }),
                // The log goes back to an earlier start: only the last restarts count.
                row("unstable", Severity.WARNING, "Restarted 3 times in 2 minutes", c -> {
                    c.restarts = 3;
                    c.since = Case.NOW.minusSeconds(5);
                    c.log = restarts(7, Duration.ofMinutes(1));
                }),
                row("process", Severity.FAILURE, "The service manager could not start the program", c -> {
                    c.phase = Phase.RESTARTING;
                    c.restarts = 7;
                    c.lastExit = Optional.of(LastExit.of(new LastExit.NotStarted("exit status 217/USER")));
                }),
                row("process", Severity.FAILURE, "Stopped unexpectedly", c -> {
                    c.phase = Phase.STOPPED;
                    c.lastExit = Optional.of(LastExit.of(new LastExit.Status(1)));
                }),
                row("process", Severity.WARNING, "Crashed, and will be restarted", c -> {
                    c.phase = Phase.RESTARTING;
                    c.restarts = 2;
                    c.lastExit = Optional.of(
                            new LastExit(new LastExit.Signal("SIGKILL", false), Optional.of(Duration.ofHours(3))));
                }),
                row("is-this-copy", Severity.FAILURE, "The service runs a different installation", c -> {
                    c.command = List.of(c.executable("other/bin/muxplex") + "", "serve");
                    older(text(c.home.resolve(".config/systemd/user/" + Case.UNIT), ""));
                }),
                row(
                        "is-this-copy",
                        Severity.OK,
                        "The responding process belongs to this service",
                        // The file was changed since, so what runs is not what it says.
                        c -> {
                            c.command = List.of(c.executable("other/bin/muxplex") + "", "serve");
                            text(c.home.resolve(".config/systemd/user/" + Case.UNIT), "");
                        }),
                row(
                        "sessions",
                        Severity.OK,
                        "2 open sessions",
                        c -> c.sessions = new SessionCounter.Count.Open(2, "tmux list-sessions")),
                row(
                        "sessions",
                        Severity.OK,
                        "No open sessions",
                        c -> c.sessions = new SessionCounter.Count.Open(0, "tmux list-sessions")),
                row(
                        "sessions",
                        Severity.UNKNOWN,
                        "Could not count open sessions",
                        c -> c.sessions = new SessionCounter.Count.NotCounted("GET /api", "It gave no JSON answer.")),
                row("elsewhere", Severity.INFO, "Running outside of a service", c -> {
                    c.phase = Phase.NOT_INSTALLED;
                    c.processes =
                            List.of(new ProcessTable.Running(977, "/user.slice/session-2.scope", "muxplex serve"));
                }),
                row(
                        "elsewhere",
                        Severity.INFO,
                        "Also running outside of the service",
                        c -> c.processes =
                                List.of(new ProcessTable.Running(977, "/user.slice/session-2.scope", "muxplex serve"))),
                row("elsewhere", Severity.INFO, "Another service also runs it: other.service", c -> {
                    c.processes = List.of(new ProcessTable.Running(977, "/app.slice/other.service", "muxplex serve"));
                    c.processUnit = Optional.of("other.service");
                }),
                row(
                        "being-upgraded",
                        Severity.INFO,
                        "Upgrade in progress",
                        c -> c.upgrade =
                                Optional.of(new UnfinishedUpgrade.InProgress("an upgrade is at \"Stopping\""))),
                row(
                        "unfinished-upgrade",
                        Severity.WARNING,
                        "An upgrade left files that cannot be deleted",
                        c -> c.upgrade =
                                Optional.of(new UnfinishedUpgrade.LeftOver("a folder is left", "sudo rm -rf /x"))),
                row(
                        "unfinished-upgrade",
                        Severity.WARNING,
                        "The previous version could not be kept for a rollback",
                        c -> c.upgrade = Optional.of(new UnfinishedUpgrade.NotKept("a folder is to be kept"))),
                row(
                        "unfinished-upgrade",
                        Severity.FAILURE,
                        "An upgrade is not finished",
                        c -> c.upgrade = Optional.of(new UnfinishedUpgrade.Interrupted("a transaction is open"))));
    }

    private static List<LogLine> failure(Instant at) {
        long micros = at.toEpochMilli() * 1000;
        return List.of(
                new LogLine(micros, 3, "EADDRINUSE: 8088"),
                new LogLine(micros, 5, Case.UNIT + ": Main process exited, code=exited, status=1/FAILURE"),
                new LogLine(micros, 4, Case.UNIT + ": Failed with result 'exit-code'."),
                new LogLine(micros + 5_000_000, 6, "Listening"));
    }

    private static Manifest site(Expected expected) {
        return new TestManifest(InstallerKind.VENV, "site", Path.of("/apps/site"), Path.of("/apps/site/bin/site"))
                .expected(expected)
                .service(List.of())
                .url("http://localhost:8088/", 10)
                .build();
    }

    /// Followed by more lines of the service than are read.
    private static List<LogLine> chatty(List<LogLine> lines, Instant since) {
        List<LogLine> all = new ArrayList<>(lines);
        for (int second = 1; second <= 300; second++) {
            all.add(new LogLine(since.plusSeconds(second).toEpochMilli() * 1000, 6, "GET /"));
        }
        return all;
    }

    @Test
    void aServerThatWritesMuchHidesNoLineOfTheManager() {
        Case tool = new Case(home).with(c -> {
            c.restarts = 1;
            c.since = Case.NOW.minusSeconds(5);
            c.log = chatty(failure(c.since.minusSeconds(5)), c.since);
        });
        assertThat(details(tool, "unstable"))
                .anySatisfy(detail -> assertThat(detail).contains("status=1/FAILURE", "Failed with result"))
                .noneSatisfy(detail -> assertThat(detail).contains("GET /"));
    }

    @Test
    void theProofOfACrashHasWhatWasWrittenBeforeIt() {
        Case tool = new Case(home).with(c -> {
            c.restarts = 1;
            c.since = Case.NOW.minusSeconds(5);
            c.log = failure(c.since.minusSeconds(5));
        });
        assertThat(tool.finding("unstable").orElseThrow().evidence())
                .extracting(Evidence::detail)
                .anySatisfy(detail -> assertThat(detail).contains("restarted once by the service manager"))
                .anySatisfy(detail ->
                        assertThat(detail).contains("EADDRINUSE: 8088").doesNotContain("Listening"));
    }

    private static List<LogLine> restarts(int times, Duration apart) {
        List<LogLine> lines = new ArrayList<>();
        for (int i = 1; i <= times; i++) {
            long at = apart.multipliedBy(i).toNanos() / 1000;
            lines.add(new LogLine(at, 6, Case.UNIT + ": Scheduled restart job, restart counter is at " + i + "."));
            lines.add(new LogLine(at, 3, "EADDRINUSE: 8088"));
        }
        return lines;
    }

    @Test
    void whatWasNeverStartedDidNotCrash() {
        Case tool = new Case(home).with(c -> {
            c.phase = Phase.FAILED;
            c.restarts = 7;
            c.lastExit = Optional.of(LastExit.of(new LastExit.NotStarted("exit status 217/USER")));
        });
        assertThat(tool.finding("unstable")).isEmpty();
        assertThat(tool.finding("process").orElseThrow().remedies())
                .as("a start would not help")
                .noneMatch(remedy -> remedy instanceof Remedy.Action action
                        && action.action().equals("start"));
    }

    @Test
    void aServiceThatIsRestartedForTheSecondTimeIsNotCalledStable() {
        Case tool = new Case(home).with(c -> {
            c.phase = Phase.RESTARTING;
            c.restarts = 2;
        });
        assertThat(tool.finding("unstable")).isEmpty();
    }

    /// For example the folder that `devpi-init` creates.
    @Test
    void whatDoesNotStartNamesItsMissingData() {
        Case tool = new Case(home).with(c -> {
            c.phase = Phase.FAILED;
            c.data = List.of(c.home.resolve(".devpi/server"), c.home);
            c.lastExit = Optional.of(LastExit.of(new LastExit.Status(1)));
        });
        assertThat(tool.finding("process").orElseThrow().evidence())
                .contains(new Evidence("~/.devpi/server", "is listed in `data`, and does not exist"))
                .noneMatch(evidence -> evidence.source().equals("~"));
    }

    @Test
    void theServiceOfAnotherToolInTheEnvironmentIsNoSecondOneOfThisTool() {
        Case tool = new Case(home).with(c -> {
            c.processes = List.of(new ProcessTable.Running(977, "/app.slice/lamplighter-other.service", "other serve"));
            c.processUnit = Optional.of("lamplighter-other.service");
            c.managed = List.of(
                    c.manifest(),
                    new TestManifest(
                                    InstallerKind.VENV,
                                    "other",
                                    c.manifest().install().environment(),
                                    c.program().resolveSibling("other"))
                            .service(List.of())
                            .build());
        });
        assertThat(tool.finding("elsewhere")).isEmpty();
    }

    @Test
    void theProofOfTheProcessHasItsPidAndHowItEnded() {
        assertThat(details(new Case(home), "process"))
                .anySatisfy(detail -> assertThat(detail).contains("pid 4242"));
        assertThat(details(
                        new Case(home).with(c -> {
                            c.phase = Phase.FAILED;
                            c.lastExit = Optional.of(LastExit.of(new LastExit.Signal("SIGKILL", false)));
                        }),
                        "process"))
                .anySatisfy(detail -> assertThat(detail).contains("; killed by SIGKILL"));
    }

    @Test
    void whatIsStartedOnDemandIsNotOfferedToBeStarted() {
        Case tool = new Case(home).with(c -> {
            c.expected = Expected.ON_DEMAND;
            c.phase = Phase.STOPPED;
        });
        assertThat(tool.finding("process").orElseThrow().remedies()).isEmpty();
        tool.expected = Expected.RUNNING;
        assertThat(tool.finding("process").orElseThrow().remedies())
                .extracting(remedy -> ((Remedy.Action) remedy).action())
                .containsExactly("start");
    }

    /// It could not start, and what is still running would be gone.
    @Test
    void aToolWhoseRuntimeWasRemovedIsNeitherStartedNorRestarted() {
        Case tool = new Case(home).with(c -> {
            c.home.resolve("node/bin/node").toFile().delete();
            c.phase = Phase.STOPPED;
        });
        assertThat(tool.finding("process").orElseThrow().remedies())
                .containsExactly(new Remedy.Wait("Repair the installation first"));
        Case silent = new Case(home).with(c -> {
            c.home.resolve("node/bin/node").toFile().delete();
            c.probeResult = new ProbeResult.No("connection refused");
        });
        assertThat(silent.finding("answering").orElseThrow().remedies())
                .contains(new Remedy.Wait("Repair the installation first"))
                .noneMatch(remedy -> remedy instanceof Remedy.Action action
                        && action.action().equals("restart"));
    }

    @Test
    void whatStoppedUnexpectedlyHasItsLogBesideTheStart() {
        Case tool = new Case(home).with(c -> {
            c.phase = Phase.STOPPED;
            c.lastExit = Optional.of(LastExit.of(new LastExit.Status(1)));
        });
        assertThat(tool.finding("process").orElseThrow().remedies())
                .extracting(remedy -> ((Remedy.Action) remedy).action())
                .containsExactly("start", "logs");
    }

    @Test
    void theServiceItselfIsNotOutsideOfItself() {
        Case tool = new Case(home)
                .with(c -> c.processes = List.of(new ProcessTable.Running(4242, "/user.slice", "muxplex serve")));
        assertThat(tool.finding("elsewhere")).isEmpty();
    }

    private static List<String> details(Case tool, String check) {
        return tool.finding(check).orElseThrow().evidence().stream()
                .map(Evidence::detail)
                .toList();
    }

    @Test
    void theProofOfTheProcessSaysSinceWhenHowOftenAndHowItEndedBefore() {
        Case tool = new Case(home).with(c -> {
            c.restarts = 2;
            c.lastExit = Optional.of(LastExit.of(new LastExit.Status(1)));
        });
        assertThat(tool.finding("process").orElseThrow().evidence())
                .extracting(Evidence::detail)
                .anySatisfy(detail -> assertThat(detail)
                        .isEqualTo("since 23 Nov 2026 08:06:00; restarted 2 times by the service manager;"
                                + " last exit: exit status 1"));
    }

    @Test
    void aTimeIsOnTheClockOfTheUser() {
        Case stopped = new Case(home).with(c -> {
            c.phase = Phase.STOPPED;
            c.stopped = Optional.of(Case.NOW);
        });
        assertThat(stopped.finding("stopped-by-you").orElseThrow().evidence())
                .contains(new Evidence("lamplighter stop muxplex", "at 23 Nov 2026 09:06:00"));
    }

    @Test
    void whereNobodyMayLookNothingIsSaidToBeFree() {
        Case elsewhere = new Case(home).with(c -> {
            c.seesAll = false;
            c.phase = Phase.STOPPED;
        });
        assertThat(elsewhere.finding("port")).isEmpty();
        assertThat(elsewhere.finding("unstable"))
                .as("what does not run is not said to stay up")
                .isEmpty();
    }

    @Test
    void aSecondServiceOfItIsNoCopyOutsideAny() {
        Case two = new Case(home).with(c -> {
            c.processes = List.of(new ProcessTable.Running(977, "/app.slice/other.service", "muxplex serve"));
            c.processUnit = Optional.of("other.service");
            c.foreign.add(c.unit("other.service", true));
        });
        assertThat(two.finding("service-duplicate")).isPresent();
        assertThat(two.finding("elsewhere")).isEmpty();
    }

    @Test
    void sinceWhenAnotherProgramIsThereIsAProof() {
        Case tunnel = new Case(home).with(c -> {
            c.identityResult = new IdentityResult.No("pid 977 ssh");
            c.listeners = List.of(TUNNEL);
        });
        assertThat(tunnel.finding("is-this-copy").orElseThrow().evidence()).anySatisfy(proof -> {
            assertThat(proof.source()).isEqualTo("pid 977");
            assertThat(proof.detail()).startsWith("since 22 Nov 2026");
        });
    }

    /// A proxy holds the port on purpose; whose answer it passes on, only an identity can tell.
    @Test
    void whatStandsInFrontOfItIsInNobodysWay() {
        Case behind = new Case(home).with(c -> {
            c.proxied = true;
            c.identityResult = new IdentityResult.Unknown("pid 977 nginx; something may listen for this service");
            c.listeners = List.of(TUNNEL);
        });
        assertThat(behind.finding("port").orElseThrow().severity()).isEqualTo(Severity.OK);
        Finding who = behind.finding("is-this-copy").orElseThrow();
        assertThat(who.severity()).isEqualTo(Severity.UNKNOWN);
        assertThat(who.remedies())
                .singleElement()
                .isInstanceOfSatisfying(
                        Remedy.Open.class, open -> assertThat(open.target()).endsWith("muxplex.json"));
    }

    @Test
    void anotherProgramOnItsPortIsSaidOnce() {
        Case tunnel = new Case(home).with(c -> {
            c.phase = Phase.FAILED;
            c.identityResult = new IdentityResult.No("pid 977 ssh");
            c.listeners = List.of(TUNNEL);
        });
        assertThat(tunnel.finding("is-this-copy").orElseThrow().severity()).isEqualTo(Severity.FAILURE);
        assertThat(tunnel.finding("port")).isEmpty();
        assertThat(tunnel.finding("process").orElseThrow().remedies())
                .as("a start would fail, too")
                .singleElement()
                .satisfies(log -> assertThat(log.toString()).contains("logs"));
        tunnel.listeners = List.of();
        assertThat(tunnel.finding("process").orElseThrow().remedies()).hasSize(2);
    }

    @Test
    void whatStoppedIsNotAlsoSaidNotToAnswer() {
        Report report =
                new Case(home).silent().with(c -> c.phase = Phase.STOPPED).report();
        assertThat(report.findings())
                .extracting(Finding::id)
                .contains("process")
                .doesNotContain("answering");
        assertThat(report.facts().running().value()).contains(false);
        assertThat(report.facts().answering().value()).contains(false);
        assertThat(report.facts().mine().value()).isEmpty();
    }

    @Test
    void aServiceThatCannotBeStartedNamesItsMissingEnvironmentFile() {
        Path file = home.resolve("web.env");
        Case tool = new Case(home).with(c -> {
            c.phase = Phase.FAILED;
            c.owner = Owner.FOREIGN;
            c.lastExit = Optional.of(LastExit.of(new LastExit.NotStarted("resources")));
            c.foreign.add(new ForeignUnit(
                    Case.UNIT,
                    home.resolve(Case.UNIT),
                    List.of(),
                    true,
                    List.of(),
                    Map.of(),
                    Optional.empty(),
                    Optional.of(file),
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    ""));
        });
        assertThat(tool.finding("process").orElseThrow().evidence())
                .contains(new Evidence("~/web.env", "is its environment file, and does not exist"));
        text(file, "A=b");
        assertThat(tool.finding("process").orElseThrow().evidence())
                .extracting(Evidence::source)
                .doesNotContain("~/web.env");
    }

    @Test
    void aServiceWhoseNodeWasRemovedKeepsItsFile() {
        for (Phase phase : List.of(Phase.FAILED, Phase.RESTARTING)) {
            Finding finding = new Case(home)
                    .with(c -> {
                        c.phase = phase;
                        c.owner = Owner.FOREIGN;
                        c.lastExit = Optional.of(LastExit.of(new LastExit.NotStarted("exit status 203/EXEC")));
                        c.home.resolve("node/bin/node").toFile().delete();
                    })
                    .finding("process")
                    .orElseThrow();
            assertThat(finding.effect()).contains("It stays down until the installation is repaired.");
            assertThat(finding.remedies())
                    .contains(new Remedy.Wait("Repair the installation first"))
                    .noneMatch(Remedy.CopyCommand.class::isInstance);
        }
    }

    @Test
    void aToolThatIsNoLongerInstalledIsNotOfferedAStart() {
        Case gone = new Case(home).with(c -> {
            c.installed = false;
            c.phase = Phase.FAILED;
        });
        assertThat(gone.finding("process").orElseThrow().remedies())
                .contains(new Remedy.Wait("Repair the installation first"))
                .noneMatch(remedy -> remedy instanceof Remedy.Action action
                        && action.action().equals("start"));
    }

    /// JupyterLab, for example.
    @Test
    void aServiceThatTookTheNextPortIsFoundThere() {
        Finding finding = new Case(home)
                .with(c -> {
                    c.identityResult = new IdentityResult.No("pid 977 listens on 8088: ssh; it is not in it");
                    c.listeners = List.of(CheckTestCase.TUNNEL);
                    c.allListeners = List.of(CheckTestCase.TUNNEL, own("127.0.0.1", 8089));
                    c.responding.add("http://127.0.0.1:8089/");
                })
                .finding("is-this-copy")
                .orElseThrow();
        assertThat(finding.severity()).isEqualTo(Severity.FAILURE);
        assertThat(finding.remedies())
                .contains(new Remedy.CopyCommand(
                        "lamplighter add muxplex --url http://127.0.0.1:8089/", "Correct the URL in the manifest"));
    }

    /// Some programs write an error and exit with 0.
    @Test
    void aServiceThatExitedCleanlyShowsItsLastLogLines() {
        Case tool = new Case(home).with(c -> {
            c.phase = Phase.STOPPED;
            c.lastExit = Optional.of(LastExit.of(new LastExit.Status(0)));
            c.log = List.of(new LogLine(0, 3, "fatal: database is locked"));
        });
        assertThat(tool.finding("process").orElseThrow().evidence())
                .extracting(Evidence::detail)
                .contains("last log lines: fatal: database is locked");
    }

    private static Listener own(String address, int port) {
        return new Listener(address, port, Optional.of(4242L), 1000, Optional.empty(), Optional.of("muxplex"));
    }

    /// Its manifest gives it 30 seconds.
    private static void starting(Case tool, int seconds) {
        tool.silent();
        tool.since = Case.NOW.minusSeconds(seconds);
    }

    /// Who looks at a service must not change it: systemd starts it at the first connection.
    @Test
    void aServiceThatAConnectionStartsIsNotAsked() {
        AtomicBoolean asked = new AtomicBoolean();
        Case waiting = new Case(home)
                .with(c -> {
                    c.phase = Phase.STOPPED;
                    c.startedBy = List.of("muxplex.socket");
                })
                .whenProbed(() -> asked.set(true));
        assertThat(waiting.report().facts().answering().evidence().toString()).contains("a connection starts it");
        assertThat(asked).isFalse();
        waiting.phase = Phase.RUNNING;
        assertThat(waiting.report().facts().answering().value()).contains(true);
        assertThat(asked).isTrue();
    }
}
