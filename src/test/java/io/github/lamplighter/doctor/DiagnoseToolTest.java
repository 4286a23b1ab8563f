package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.DiagnoseTool.Scope;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.MissingParts;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.Unknown.Cause;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.ListeningSockets.Listener;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.readiness.SessionCounter;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.ServiceEnvironment;
import io.github.lamplighter.service.ServiceManager.LogLine;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Expected;
import io.github.lamplighter.tool.Manifest.RequiredProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DiagnoseToolTest {

    private static final Evidence PROOF = new Evidence("npm view x@2.41.3", "engines.node >=24");
    private static final Verdict.SkippedRelease NEEDS_24 = new Verdict.SkippedRelease(
            "2.41.3", Verdict.Reason.RUNTIME, "2.41.3 needs Node >=24; this copy has 22.11.0", ">=24", PROOF);

    @TempDir
    Path home;

    private static Arguments so(String id, Severity severity, String title, Consumer<Case> change) {
        return Arguments.of(id, severity, title, change);
    }

    static Stream<Arguments> whatIsSaid() {
        RequiredProgram tmux = new RequiredProgram("tmux", Optional.of(">=3.2"), List.of("-V"), Map.of());
        return Stream.of(
                so("process", Severity.OK, "Running", _ -> {}),
                so("process", Severity.WARNING, "Not running", c -> c.phase = Phase.STOPPED),
                so("process", Severity.FAILURE, "Stopped unexpectedly", c -> c.phase = Phase.FAILED),
                so("stopped-by-you", Severity.INFO, "Stopped by you", c -> {
                    c.phase = Phase.STOPPED;
                    c.stopped = Optional.of(Case.NOW);
                }),
                so("process", Severity.WARNING, "No background service set up", c -> c.phase = Phase.NOT_INSTALLED),
                so("process", Severity.UNKNOWN, "Could not check whether it is running", c -> c.phase = Phase.UNKNOWN),
                so("process", Severity.OK, "Not running (set to on-demand)", c -> {
                    c.expected = Expected.ON_DEMAND;
                    c.phase = Phase.STOPPED;
                }),
                so("answering", Severity.OK, "Responding", _ -> {}),
                so("answering", Severity.FAILURE, "Running, but not responding", Case::silent),
                so(
                        "answering",
                        Severity.FAILURE,
                        "Not ready: responded with HTTP 503",
                        c -> c.probeResult = new ProbeResult.Yes(false, "HTTP 503", Duration.ZERO)),
                so(
                        "is-this-copy",
                        Severity.FAILURE,
                        "Another process responds on port 8088",
                        c -> c.identityResult = new IdentityResult.No("pid 977 ssh")),
                so(
                        "is-this-copy",
                        Severity.UNKNOWN,
                        "Could not check which process responds",
                        c -> c.identityResult = new IdentityResult.Unknown("user id 33")),
                so(
                        "is-this-copy",
                        Severity.WARNING,
                        "Another process also responds on port 8088",
                        c -> c.identityResult = new IdentityResult.Yes(
                                "pid 4242 listens", Optional.of("pid 977 ssh listens on [::1]:8088"))),
                so("port", Severity.WARNING, "Port 8088 is in use by the service and another process", c -> {
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
                so("port", Severity.FAILURE, "Port 8088 is in use by another process", c -> {
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
                so("port", Severity.FAILURE, "Port 8088 is in use by another process", c -> {
                    c.phase = Phase.FAILED;
                    c.probeResult = new ProbeResult.No("not HTTP");
                    c.listeners = List.of(new Listener(
                            "127.0.0.1", 8088, Optional.of(977L), 1000, Optional.empty(), Optional.of("ssh -L")));
                }),
                so("process", Severity.WARNING, "The service is masked, so nothing can start it", c -> {
                    c.phase = Phase.STOPPED;
                    c.words = "masked";
                }),
                so("is-this-copy", Severity.INFO, "Another process responds on port 8088", c -> {
                    c.expected = Expected.ON_DEMAND;
                    c.phase = Phase.STOPPED;
                    c.identityResult = new IdentityResult.No("pid 977 ssh");
                }),
                so("is-this-copy", Severity.INFO, "A process outside the service responds on port 8088", c -> {
                    c.phase = Phase.NOT_INSTALLED;
                    c.identityResult = new IdentityResult.No("pid 4242 muxplex");
                    c.listens("127.0.0.1");
                    c.processes = List.of(new ProcessTable.Running(4242, "/user.slice", "muxplex serve"));
                }),
                so("is-this-copy", Severity.FAILURE, "Another service of this tool responds on port 8088", c -> {
                    c.identityResult = new IdentityResult.No("pid 977 muxplex");
                    c.listeners = List.of(new Listener(
                            "127.0.0.1", 8088, Optional.of(977L), 1000, Optional.empty(), Optional.of("muxplex")));
                    c.processes = List.of(new ProcessTable.Running(977, "/app.slice/other.service", "muxplex serve"));
                    c.processUnit = Optional.of("other.service");
                }),
                so("is-this-copy", Severity.FAILURE, "The service reports a different identity", c -> {
                    c.identityResult = new IdentityResult.No("/id answers A; this copy is B");
                    c.listens("127.0.0.1");
                    c.processes = List.of(new ProcessTable.Running(4242, "/app.slice/mux.service", "muxplex serve"));
                }),
                so("port", Severity.OK, "Port 8088 is in use by the service", c -> c.listens("127.0.0.1")),
                so("port", Severity.OK, "Port 8088 is free", c -> c.phase = Phase.STOPPED),
                so("port", Severity.FAILURE, "Port 8088 is in use by another process", c -> {
                    c.silent();
                    c.listeners = List.of(TUNNEL);
                }),
                so("port", Severity.UNKNOWN, "Could not check which process uses port 8088", c -> {
                    c.silent();
                    c.listeners = List.of(
                            new Listener("127.0.0.1", 8088, Optional.empty(), 33, Optional.empty(), Optional.empty()));
                }),
                so("port", Severity.INFO, "Port 8088 is in use by a process outside the service", c -> {
                    c.phase = Phase.STOPPED;
                    c.silent();
                    c.listens("127.0.0.1");
                    c.processes = List.of(new ProcessTable.Running(4242, "/user.slice", "muxplex serve"));
                }),
                so("unstable", Severity.OK, "Stable", c -> c.restarts = 7),
                so("unstable", Severity.WARNING, "Restarted 7 times", c -> {
                    c.restarts = 7;
                    c.since = Case.NOW.minusSeconds(5);
                }),
                so("unstable", Severity.FAILURE, "Crashed 7 times in 2 minutes", c -> {
                    c.restarts = 7;
                    c.phase = Phase.RESTARTING;
                    c.lastExit = Optional.of("exit status 1");
                    c.log = restarts(7, Duration.ofSeconds(20));
                }),
                so(
                        "launcher",
                        Severity.FAILURE,
                        "Command muxplex is missing",
                        c -> c.program().toFile().delete()),
                so(
                        "launcher",
                        Severity.FAILURE,
                        "Command muxplex is not executable",
                        c -> c.program().toFile().setExecutable(false)),
                so(
                        "launcher",
                        Severity.FAILURE,
                        "The interpreter of command muxplex is missing",
                        c -> text(c.program(), "#!/nowhere/bin/python3\n")
                                .toFile()
                                .setExecutable(true)),
                so(
                        "launcher",
                        Severity.FAILURE,
                        "The interpreter of command muxplex is missing",
                        c -> text(c.program(), "#!/bin/sh\n'''exec' \"/no where/bin/python\" \"$0\" \"$@\"\n' '''\n")
                                .toFile()
                                .setExecutable(true)),
                so("installed-version", Severity.UNKNOWN, "Could not read the installed version", c -> c.version = ""),
                so("installed-version", Severity.FAILURE, "No longer installed", c -> c.installed = false),
                so(
                        "running-version",
                        Severity.WARNING,
                        "0.9.2 is installed, but 0.9.1 is still running",
                        c -> c.runningVersion = Optional.of("v0.9.1")),
                so(
                        "running-version",
                        Severity.OK,
                        "Running the installed version (0.9.2)",
                        c -> c.runningVersion = Optional.of("v0.9.2+build.7")),
                so(
                        "running-version",
                        Severity.UNKNOWN,
                        "Could not check the running version",
                        c -> c.runningVersion = Optional.empty()),
                so("running-version", Severity.WARNING, "Still running the version from before 0.9.2", c -> {
                    c.tellsItsVersion = false;
                    c.executable("lib/node_modules/muxplex/package.json");
                }),
                so("update", Severity.OK, "Up to date", _ -> {}),
                so("update", Severity.INFO, "0.9.4 is available", c -> c.outdated("0.9.4")),
                so(
                        "update",
                        Severity.UNKNOWN,
                        "Could not check for updates: server not reachable",
                        c -> c.verdict = new Verdict.NotCheckable(Verdict.UncheckableReason.NOT_REACHED, "no network")),
                so(
                        "update",
                        Severity.UNKNOWN,
                        "Could not check for updates: unsupported URL",
                        c -> c.verdict = new Verdict.NotCheckable(Verdict.UncheckableReason.NEVER_ASKED, "git+http")),
                so("update", Severity.INFO, "No update check: the source publishes no versions", c -> {
                    c.origin = new Origin.Archive("https://x.example/a.tgz");
                    c.verdict = new Verdict.NotCheckable(Verdict.UncheckableReason.NO_SOURCE, "an archive");
                }),
                so("held", Severity.INFO, "Pinned to commit 1a2b3c4", c -> {
                    c.origin = new Origin.Git(
                            "https://x.example/m",
                            Optional.of("1a2b3c4"),
                            Origin.RevisionKind.COMMIT,
                            "1a2b3c4d".repeat(5));
                    c.verdict = new Verdict.Pinned("a commit");
                }),
                so(
                        "update",
                        Severity.OK,
                        "Up to date (a newer version is not offered)",
                        c -> c.verdict = new Verdict.Current("0.9.2", List.of(NEEDS_24))),
                so("why-not-newer", Severity.INFO, "2.41.3 needs Node >=24; this copy has 22.11.0", c -> {
                    c.outdated("0.9.4");
                    c.verdict = new Verdict.Outdated(
                            ((Verdict.Outdated) c.verdict).upgradeTarget(), Optional.empty(), List.of(NEEDS_24));
                }),
                so("source", Severity.OK, "Installed with npm (npm does not record the source)", _ -> {}),
                so(
                        "source",
                        Severity.WARNING,
                        "Source metadata cannot be read",
                        c -> c.origin = new Origin.Unknown("d.json cannot be read: it is cut off.", Cause.NOT_READ)),
                so(
                        "source",
                        Severity.WARNING,
                        "Metadata names different sources",
                        c -> c.origin = new Origin.Unknown("It is there twice.", Cause.NOT_AGREED)),
                so(
                        "source",
                        Severity.INFO,
                        "Installed from a source without published versions",
                        c -> c.origin = new Origin.Unknown("It came from hg.", Cause.NOT_FOLLOWED)),
                so(
                        "source",
                        Severity.OK,
                        "Installed from git tag v0.9.2",
                        c -> c.origin = new Origin.Git(
                                "https://x.example/m",
                                Optional.of("v0.9.2"),
                                Origin.RevisionKind.TAG,
                                "ab".repeat(20))),
                so("runtime", Severity.OK, "Node 22.11.0 is compatible", _ -> {}),
                so(
                        "runtime",
                        Severity.FAILURE,
                        "Node 22.11.0 was removed",
                        c -> c.home.resolve("node/bin/node").toFile().delete()),
                so(
                        "runtime",
                        Severity.FAILURE,
                        "Needs Node >=24 (this installation has 22.11.0)",
                        c -> c.runtimeFloor = ">=24"),
                so("runtime", Severity.OK, "Java 25.0.5.1 is compatible", c -> {
                    c.runtimeName = "java";
                    c.runtimeVersion = "25.0.5.1";
                    c.runtimeFloor = ">=25";
                }),
                so("runtime", Severity.FAILURE, "Needs Java >=25 (this installation has 24.0.2)", c -> {
                    c.runtimeName = "java";
                    c.runtimeVersion = "24.0.2";
                    c.runtimeFloor = ">=25";
                }),
                so("runtime", Severity.UNKNOWN, "Could not check whether Java abc is compatible", c -> {
                    c.runtimeName = "java";
                    c.runtimeVersion = "abc";
                    c.runtimeFloor = ">=25";
                }),
                so("runtime", Severity.UNKNOWN, "Could not check whether Python 3.11.4+ is compatible", c -> {
                    c.runtimeName = "python";
                    c.runtimeVersion = "3.11.4+";
                    c.runtimeFloor = ">=3.9";
                }),
                so("runtime", Severity.UNKNOWN, "Could not check whether Node 22 is compatible", c -> {
                    c.runtimeName = "node";
                    c.runtimeVersion = "22";
                    c.runtimeFloor = ">=20";
                }),
                so("runtime", Severity.OK, "ruby 3.3.0.1 is compatible", c -> {
                    c.runtimeName = "ruby";
                    c.runtimeVersion = "3.3.0.1";
                    c.runtimeFloor = ">=3.3";
                }),
                so("program-tmux", Severity.FAILURE, "tmux is not installed", c -> c.programs.add(tmux)),
                so("program-tmux", Severity.FAILURE, "Needs tmux >=3.2 (an older version is installed)", c -> {
                    c.programs.add(tmux);
                    c.onServicePath.put("tmux", Path.of("/service/bin/tmux"));
                    c.said = "tmux 2.9a";
                }),
                so("program-tmux", Severity.OK, "tmux found", c -> {
                    c.programs.add(tmux);
                    c.onShellPath.put("tmux", Path.of("/shell/bin/tmux"));
                }),
                so("service-path", Severity.FAILURE, "The service cannot find tmux; your shell can", c -> {
                    c.programs.add(tmux);
                    c.onShellPath.put("tmux", Path.of("/shell/bin/tmux"));
                }),
                so("service-path", Severity.INFO, "The service finds a different tmux than your shell", c -> {
                    c.programs.add(tmux);
                    c.onServicePath.put("tmux", Path.of("/service/bin/tmux"));
                    c.onShellPath.put("tmux", Path.of("/shell/bin/tmux"));
                }),
                so("service-path", Severity.OK, "The service finds all required programs", c -> {
                    c.programs.add(tmux);
                    c.onServicePath.put("tmux", Path.of("/service/bin/tmux"));
                }),
                so("service-path", Severity.FAILURE, "The service cannot find tmux; your shell can", c -> {
                    c.programs.add(tmux);
                    c.onShellPath.put("tmux", Path.of("/shell/bin/tmux"));
                    c.owner = Owner.FOREIGN;
                    c.path("/wherever/the/file/says");
                    c.variables = Optional.of(new ServiceEnvironment()
                            .with(Map.of("PATH", c.servicePath()), "the user's service manager"));
                }),
                so("service-path", Severity.UNKNOWN, "Could not check the service's PATH", c -> {
                    c.programs.add(tmux);
                    c.owner = Owner.FOREIGN;
                    c.file = Optional.of("[Service]\nExecStart=muxplex\n");
                }),
                so("service-file", Severity.OK, "Service file is up to date", _ -> {}),
                so(
                        "service-file",
                        Severity.WARNING,
                        "Service file was changed by hand",
                        c -> c.file = Optional.of(
                                "[Service]\nExecStart=muxplex\nKillMode=none\nEnvironment=\"PATH=/service/bin\"")),
                so(
                        "service-file",
                        Severity.INFO,
                        "Service file was not created by Lamplighter",
                        c -> c.owner = Owner.FOREIGN),
                so("service-file", Severity.UNKNOWN, "Could not read the service file", c -> c.file = Optional.of("")),
                so(
                        "service-file",
                        Severity.INFO,
                        "The service has drop-in files",
                        c -> c.additions = List.of(c.home.resolve("muxplex.service.d/path.conf"))),
                so(
                        "service-file",
                        Severity.WARNING,
                        "Service file cannot be updated",
                        c -> c.refused = Optional.of("The folder ~/mux, in which it shall run, is not there.")),
                so("service-file", Severity.WARNING, "Service file is missing", c -> c.isFileThere = false),
                so(
                        "service-file",
                        Severity.WARNING,
                        "The service starts a program that does not exist",
                        c -> c.command = List.of(c.home + "/nowhere/muxplex", "serve")),
                so("service-file", Severity.FAILURE, "The service starts a program that does not exist", c -> {
                    c.phase = Phase.STOPPED;
                    c.owner = Owner.FOREIGN;
                    c.command = List.of("/usr/bin/node", c.home + "/nowhere/muxplex");
                }),
                so("service-file", Severity.WARNING, "The service starts a different installation", c -> {
                    c.phase = Phase.STOPPED;
                    c.command = List.of(c.executable("other/bin/muxplex") + "");
                }),
                so("service-file", Severity.OK, "Service file is up to date", c -> {
                    c.command = List.of(c.program() + "", c.home + "/other/bin/nobody");
                }),
                so("is-this-copy", Severity.FAILURE, "The service runs a different installation", c -> {
                    c.command = List.of(c.executable("other/bin/muxplex") + "", "serve");
                    older(text(c.home.resolve(".config/systemd/user/" + Case.UNIT), ""));
                }),
                so(
                        "is-this-copy",
                        Severity.OK,
                        "The responding process belongs to this service",
                        // The file was changed since, so what runs is not what it says.
                        c -> {
                            c.command = List.of(c.executable("other/bin/muxplex") + "", "serve");
                            text(c.home.resolve(".config/systemd/user/" + Case.UNIT), "");
                        }),
                so(
                        "parts",
                        Severity.FAILURE,
                        "Some of its files are missing",
                        c -> c.missingParts =
                                new MissingParts(List.of(new Evidence("~/x.py", "no such file")), List.of())),
                so(
                        "parts",
                        Severity.WARNING,
                        "2 required packages are missing",
                        c -> c.missingParts = new MissingParts(
                                List.of(), List.of(new Evidence("~/m", "needs a"), new Evidence("~/m", "needs b")))),
                so(
                        "service-duplicate",
                        Severity.WARNING,
                        "More than one service starts this tool",
                        c -> c.foreign.add(c.unit("system/muxplex.service", true))),
                so("at-login", Severity.OK, "Starts when you log in", _ -> {}),
                so("at-login", Severity.INFO, "Does not start when you log in", c -> c.enabled = Optional.of(false)),
                so("at-login", Severity.OK, "Starts on the first connection (socket activation)", c -> {
                    c.enabled = Optional.of(false);
                    c.socketEnabled = Optional.of(true);
                }),
                so("platform", Severity.OK, "Background services are supported here", _ -> {}),
                so(
                        "platform",
                        Severity.WARNING,
                        "Background services are not available here",
                        c -> c.unavailable = Optional.of("This is a container without a service manager.")),
                so("platform", Severity.INFO, "Background services are not available here", c -> {
                    c.expected = Expected.ON_DEMAND;
                    c.unavailable = Optional.of("This is a container without a service manager.");
                }),
                so("log-out", Severity.INFO, "Stops when you log out", c -> c.lingers = Optional.of(false)),
                so(
                        "settings",
                        Severity.FAILURE,
                        "Settings file has a syntax error (line 2)",
                        c -> c.settings.add(text(c.home.resolve("settings.json"), "{ \"a\": 1\n  }}"))),
                so(
                        "settings",
                        Severity.FAILURE,
                        "Settings file has a syntax error (line 2)",
                        c -> c.settings.add(text(c.home.resolve("settings.toml"), "a = 1\nb = = 2\n"))),
                so(
                        "settings",
                        Severity.OK,
                        "Settings files are readable",
                        c -> c.settings.add(text(c.home.resolve("settings.toml"), "a = 1\n"))),
                so(
                        "settings",
                        Severity.INFO,
                        "Settings file contains comments or trailing commas",
                        c -> c.settings.add(text(
                                c.home.resolve("settings.json"),
                                "\uFEFF{ // mine\r\n  \"a\": [1, /* two */ 2,],\r\n}\r\n"))),
                so(
                        "settings",
                        Severity.FAILURE,
                        "Settings file has a syntax error (line 3)",
                        c -> c.settings.add(text(c.home.resolve("settings.json"), "{ // mine\n  \"a\": 1,\n  b }"))),
                so("settings", Severity.FAILURE, "Settings file has a syntax error (line 1)", c -> {
                    c.installer = InstallerKind.PIPX;
                    c.settings.add(text(c.home.resolve("settings.json"), "{ // mine\n}"));
                }),
                so("settings", Severity.INFO, "No settings file yet", c -> c.settings.add(c.home.resolve("no.json"))),
                so(
                        "environment-file",
                        Severity.WARNING,
                        "Other users can read the environment file",
                        c -> c.environmentFile = Optional.of(text(forAll(c.home).resolve("env"), "A=b"))),
                so(
                        "environment-file",
                        Severity.INFO,
                        "Environment file is protected only by its folder",
                        c -> c.environmentFile = Optional.of(text(c.home.resolve("env"), "A=b"))),
                so("at-login", Severity.INFO, "Does not start when you log in: no [Install] section", c -> {
                    c.owner = Owner.FOREIGN;
                    c.file = Optional.of("[Service]\nExecStart=muxplex\n");
                    c.enabled = Optional.of(false);
                }),
                so("at-login", Severity.INFO, "Started by another unit", c -> {
                    c.owner = Owner.FOREIGN;
                    c.file = Optional.of("[Service]\nExecStart=muxplex\n");
                    c.enabled = Optional.empty();
                }),
                so(
                        "sessions",
                        Severity.OK,
                        "2 open sessions",
                        c -> c.sessions = new SessionCounter.Count.Open(2, "tmux list-sessions")),
                so(
                        "sessions",
                        Severity.OK,
                        "No open sessions",
                        c -> c.sessions = new SessionCounter.Count.Open(0, "tmux list-sessions")),
                so(
                        "sessions",
                        Severity.UNKNOWN,
                        "Could not count open sessions",
                        c -> c.sessions = new SessionCounter.Count.NotCounted("GET /api", "It gave no JSON answer.")),
                so("elsewhere", Severity.INFO, "Running outside of a service", c -> {
                    c.phase = Phase.NOT_INSTALLED;
                    c.processes =
                            List.of(new ProcessTable.Running(977, "/user.slice/session-2.scope", "muxplex serve"));
                }),
                so(
                        "elsewhere",
                        Severity.INFO,
                        "Also running outside of the service",
                        c -> c.processes =
                                List.of(new ProcessTable.Running(977, "/user.slice/session-2.scope", "muxplex serve"))),
                so("elsewhere", Severity.INFO, "Another service also runs it: other.service", c -> {
                    c.processes = List.of(new ProcessTable.Running(977, "/app.slice/other.service", "muxplex serve"));
                    c.processUnit = Optional.of("other.service");
                }),
                so("service-folders", Severity.OK, "All folders in the service's PATH exist", c -> c.path("/bin")),
                so(
                        "service-folders",
                        Severity.INFO,
                        "A folder in the service's PATH is missing",
                        c -> c.path("/bin:" + c.home.resolve("node/v22/bin"))),
                so(
                        "service-folders",
                        Severity.WARNING,
                        "The service's PATH contains a relative folder",
                        c -> c.path("/bin::/usr/bin")),
                so(
                        "service-folders",
                        Severity.WARNING,
                        "The service's PATH contains a relative folder",
                        c -> c.path("/bin:node_modules/.bin")),
                so(
                        "service-folders",
                        Severity.WARNING,
                        "The service's PATH contains ~ or $, which is not expanded",
                        c -> c.path("~/bin:$HOME/go/bin:/bin")),
                so(
                        "service-folders",
                        Severity.WARNING,
                        "A folder in the service's PATH is writable by anyone",
                        c -> c.path("/bin:" + open(c.home.resolve("everybodys")))),
                so("address", Severity.OK, "Only reachable from this computer", c -> c.listens("127.0.0.1", "::1")),
                so("address", Severity.WARNING, "Anyone on your network can use it", c -> c.listens("0.0.0.0")),
                so("address", Severity.INFO, "Reachable from the network without encryption", c -> {
                    c.listens("::");
                    c.auth = List.of(new Manifest.Auth.SecretFile(secret(c.home.resolve("password"), "rw-------")));
                }),
                so("address", Severity.OK, "Reachable from the network, with sign-in and TLS", c -> {
                    c.url = "https://127.0.0.1:8088/";
                    c.listens("192.168.1.7");
                    c.auth = List.of(new Manifest.Auth.SecretFile(secret(c.home.resolve("password"), "rw-------")));
                }),
                so(
                        "sign-in",
                        Severity.OK,
                        "Sign-in is configured",
                        c -> c.auth = List.of(
                                new Manifest.Auth.SecretFile(secret(c.home.resolve("password"), "rw-------")),
                                new Manifest.Auth.Variable("MUXPLEX_PASSWORD"))),
                so("sign-in", Severity.OK, "Sign-in is configured", c -> {
                    c.auth = List.of(new Manifest.Auth.Variable("MUXPLEX_PASSWORD"));
                    c.environmentFile = Optional.of(secret(c.home.resolve("env"), "rw-------"));
                }),
                so(
                        "sign-in",
                        Severity.WARNING,
                        "Other users can read the file with the password",
                        c -> c.auth = List.of(new Manifest.Auth.SecretFile(
                                secret(forAll(c.home).resolve("password"), "rw-r--r--")))),
                so(
                        "sign-in",
                        Severity.OK,
                        "Sign-in is configured",
                        c -> c.auth =
                                List.of(new Manifest.Auth.SecretFile(secret(c.home.resolve("password"), "rw-r--r--")))),
                so("sign-in", Severity.WARNING, "No sign-in is configured", c -> {
                    c.auth = List.of(
                            new Manifest.Auth.SecretFile(c.home.resolve("password")),
                            new Manifest.Auth.Variable("MUXPLEX_PASSWORD"));
                    c.variables = Optional.of(new ServiceEnvironment().with(Map.of("MODE", "quiet"), Case.UNIT));
                }),
                so("sign-in", Severity.OK, "Sign-in is configured", c -> {
                    c.auth = List.of(new Manifest.Auth.Variable("MUXPLEX_PASSWORD"));
                    c.variables = Optional.of(
                            new ServiceEnvironment().with(Map.of("MUXPLEX_PASSWORD", "canary-4711"), Case.UNIT));
                }),
                so(
                        "sign-in",
                        Severity.UNKNOWN,
                        "Could not check whether a sign-in is configured",
                        c -> c.auth = List.of(new Manifest.Auth.Variable("MUXPLEX_PASSWORD"))),
                so(
                        "certificate",
                        Severity.UNKNOWN,
                        "Could not check the certificate",
                        c -> c.url = "https://127.0.0.1:8088/"),
                so(
                        "certificate",
                        Severity.FAILURE,
                        "Certificate file is missing",
                        c -> c.certificate = Optional.of(c.home.resolve("cert.pem"))),
                so(
                        "certificate",
                        Severity.WARNING,
                        "Certificate cannot be read",
                        c -> c.certificate = Optional.of(text(c.home.resolve("cert.pem"), "nothing"))),
                so(
                        "being-upgraded",
                        Severity.INFO,
                        "Upgrade in progress",
                        c -> c.upgrade =
                                Optional.of(new UnfinishedUpgrade.InProgress("an upgrade is at \"Stopping\""))),
                so(
                        "unfinished-upgrade",
                        Severity.FAILURE,
                        "An upgrade was interrupted",
                        c -> c.upgrade = Optional.of(new UnfinishedUpgrade.Interrupted("a transaction is open"))));
    }

    private static final Listener TUNNEL = new Listener(
            "127.0.0.1", 8088, Optional.of(977L), 1000, Optional.empty(), Optional.of("ssh -L 8088:x:8088"));

    private static List<LogLine> restarts(int times, Duration apart) {
        List<LogLine> lines = new java.util.ArrayList<>();
        for (int i = 1; i <= times; i++) {
            long at = apart.multipliedBy(i).toNanos() / 1000;
            lines.add(new LogLine(at, 6, Case.UNIT + ": Scheduled restart job, restart counter is at " + i + "."));
            lines.add(new LogLine(at, 3, "EADDRINUSE: 8088"));
        }
        return lines;
    }

    private static Path open(Path folder) {
        try {
            Files.createDirectories(folder);
            return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Path secret(Path file, String permissions) {
        try {
            return Files.setPosixFilePermissions(
                    text(file, "MUXPLEX_PASSWORD=canary-4711\n"), PosixFilePermissions.fromString(permissions));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// A test's own folder is closed to others.
    private static Path forAll(Path folder) {
        try {
            return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// As it was two hours ago, before the service began.
    private static void older(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Case.NOW.minusSeconds(7200)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Path text(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aServiceThatRunsAnotherCopyIsNotOfferedToBeAdopted() {
        Case other = new Case(home).with(c -> {
            c.owner = Owner.FOREIGN;
            c.command = List.of(c.executable("other/bin/muxplex") + "");
            older(text(c.home.resolve(".config/systemd/user/" + Case.UNIT), ""));
        });
        assertThat(other.finding("service-file").orElseThrow().remedies().toString())
                .doesNotContain("adopt");
        assertThat(other.finding("is-this-copy").orElseThrow().remedies().toString())
                .contains("lamplighter forget muxplex && lamplighter add " + home);
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("whatIsSaid")
    void saysWhatIsSo(String id, Severity severity, String title, Consumer<Case> change) {
        Finding finding = new Case(home).with(change).finding(id).orElseThrow();
        assertThat(finding.severity()).isEqualTo(severity);
        assertThat(finding.title()).isEqualTo(title).hasSizeLessThanOrEqualTo(60);
        assertThat(finding.evidence()).as("a finding rests on something").isNotEmpty();
        if (severity != Severity.OK) {
            assertThat(finding.remedies()).as("one thing that can be done").isNotEmpty();
        }
        assertThat(finding.evidence().toString()).doesNotContain("canary-4711");
        for (Remedy remedy : finding.remedies()) {
            if (remedy instanceof Remedy.Action action) {
                assertThat(action.argv()).first().isEqualTo("lamplighter");
            }
        }
    }

    @Test
    void whereNothingCanRunThatIsSaidOnceAndWhetherItRunsIsNotAskedAgain() {
        Case tool = new Case(home).with(c -> {
            c.unavailable = Optional.of("This is a container without a service manager.");
            c.phase = Phase.UNKNOWN;
        });
        assertThat(tool.finding("process")).as("the same cause").isEmpty();
        assertThat(tool.finding("platform").orElseThrow().evidence())
                .extracting(Evidence::detail)
                .containsExactly("This is a container without a service manager.");
        assertThat(new Case(home).command().finding("platform"))
                .as("a command needs none")
                .isEmpty();
    }

    @Test
    void theProofOfTheProcessSaysSinceWhenHowOftenAndHowItEndedBefore() {
        Case tool = new Case(home).with(c -> {
            c.restarts = 2;
            c.lastExit = Optional.of("exit status 1");
        });
        assertThat(tool.finding("process").orElseThrow().evidence())
                .extracting(Evidence::detail)
                .anySatisfy(detail -> assertThat(detail)
                        .isEqualTo("since 23 Nov 2026 08:06:00; restarted 2 times by the service manager;"
                                + " last exit: exit status 1"));
    }

    @Test
    void aFileThatWasChangedByHandCanBeKeptAndOneOfAnEarlierDescriptionCannot() {
        Case tool = new Case(home)
                .with(c -> c.file =
                        Optional.of("[Service]\nExecStart=muxplex\nKillMode=none\nEnvironment=\"PATH=/service/bin\""));
        assertThat(tool.finding("service-file").orElseThrow().remedies())
                .extracting(Remedy::text)
                .anySatisfy(text -> assertThat(text).isEqualTo("Keep mine"));
        tool.changedByHand = false;
        assertThat(tool.finding("service-file").orElseThrow().remedies())
                .extracting(Remedy::text)
                .doesNotContain("Keep mine");
    }

    /// Whoever wrote a check: what it quotes names the home as people do.
    @Test
    void aSourceIsWaitedForAsLongAsTheUserMaySet() {
        assertThat(CheckCatalog.find("update").orElseThrow().limit()).isEqualTo(CheckCatalog.SOURCE);
        assertThat(Setting.NETWORK_LIMIT.objection(CheckCatalog.SOURCE.toSeconds() + "s"))
                .as("what may be set is shorter")
                .isPresent();
    }

    @Test
    void theHomeIsATildeInEveryProof() {
        Case tool = new Case(home).with(c -> {
            c.phase = Phase.NOT_INSTALLED;
            c.identityResult = new IdentityResult.No(
                    "pid 977 listens on 8088: node %s/bin/muxplex --dir=%s/data".formatted(home, home));
            c.processes = List.of(
                    new ProcessTable.Running(978, "/user.slice", "python %s/bin/muxplex %s".formatted(home, home)));
            c.listeners = List.of(new Listener(
                    "127.0.0.1", 8088, Optional.of(977L), 1000, Optional.empty(), Optional.of(home + "/x serve")));
        });

        Report report = tool.report();

        assertThat(report.findings())
                .flatMap(Finding::evidence)
                .contains(
                        new Evidence("pid 978", "python ~/bin/muxplex ~; started by tmux"),
                        new Evidence(
                                "http://127.0.0.1:8088/", "pid 977 listens on 8088: node ~/bin/muxplex --dir=~/data"));
        assertThat(Stream.concat(
                        report.findings().stream().flatMap(finding -> finding.evidence().stream()),
                        Stream.of(
                                        report.facts().running(),
                                        report.facts().mine(),
                                        report.facts().installed())
                                .flatMap(fact -> fact.evidence().stream())))
                .noneMatch(evidence -> (evidence.source() + evidence.detail()).contains(home.toString()));
    }

    @Test
    void everySecondServiceIsNamedWithTheWayToEndIt() {
        Case two = new Case(home).with(c -> {
            c.foreign.add(c.unit("mux-by-hand.service", true));
            c.foreign.add(c.unit("system/muxplex.service", true));
        });
        Finding finding = two.finding("service-duplicate").orElseThrow();
        assertThat(finding.evidence()).hasSize(3);
        assertThat(finding.remedies())
                .extracting(remedy -> remedy instanceof Remedy.CopyCommand copy ? copy.command() : "")
                .containsExactly(
                        "systemctl --user disable --now mux-by-hand.service",
                        "sudo systemctl disable --now muxplex.service");
        Case off = new Case(home).with(c -> {
            c.phase = Phase.STOPPED;
            c.foreign.add(c.unit("mux-by-hand.service", false));
        });
        assertThat(off.finding("service-duplicate"))
                .as("what is off and does not run")
                .isEmpty();
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
    void whatIsGoneComesBackFromWhereItCameOrNotAtAll() {
        Case gone = new Case(home).with(c -> c.installed = false);
        assertThat(gone.finding("installed-version").orElseThrow().remedies())
                .as("its source is not known")
                .noneMatch(Remedy.CopyCommand.class::isInstance);

        gone.lastSeen = Optional.of(gone.install());
        assertThat(gone.finding("installed-version").orElseThrow().remedies())
                .contains(new Remedy.CopyCommand(
                        "npm install --global --prefix %s muxplex@0.9.2".formatted(home), "Reinstall the tool"));

        gone.origin =
                new Origin.Git("https://x.example/m", Optional.of("v0.9.2"), Origin.RevisionKind.TAG, "ab".repeat(20));
        gone.lastSeen = Optional.of(gone.install());
        assertThat(gone.finding("installed-version").orElseThrow().remedies())
                .as("npm keeps no record of a repository")
                .noneMatch(Remedy.CopyCommand.class::isInstance);
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

    /// What the service file says does not count then, so writing it anew would change nothing.
    @Test
    void aPathThatIsSetAboveTheServiceFileIsPutRightWhereItIsSet() throws IOException {
        Path folder = Files.createDirectories(home.resolve("muxplex.service.d"));
        Path other = Files.writeString(folder.resolve("a.conf"), "[Service]\nNice=5\n");
        Path guilty = Files.writeString(
                folder.resolve("x.conf"), "[Service]\nEnvironment=PATH=%s\n".formatted(new Case(home).servicePath()));
        Case tool = new Case(home).with(c -> {
            c.path("/as/the/file/says");
            c.programs.add(new RequiredProgram("git", Optional.empty(), List.of(), Map.of()));
            c.onShellPath.put("git", Path.of("/shell/bin/git"));
            c.additions = List.of(other, guilty);
            c.variables = Optional.of(new ServiceEnvironment().with(Map.of("PATH", c.servicePath()), Case.UNIT));
        });
        Finding finding = tool.finding("service-path").orElseThrow();
        assertThat(finding.remedies())
                .containsExactly(new Remedy.Open("~/muxplex.service.d/x.conf", "Open the drop-in file"));
        assertThat(finding.evidence())
                .contains(new Evidence("~/muxplex.service.d/x.conf", "sets this PATH and overrides the service file"));
        tool.additions = List.of();
        tool.variables = Optional.of(new ServiceEnvironment().with(Map.of("PATH", tool.servicePath()), "~/lamp.env"));
        tool.owner = Owner.FOREIGN;
        assertThat(tool.finding("service-path").orElseThrow().remedies())
                .as("no `service install`")
                .containsExactly(new Remedy.Wait("Fix the cause shown in the details"));
    }

    @Test
    void whatIsInterruptedStandsBesideWhatInterruptsIt() {
        Case silent = new Case(home).silent().with(c -> c.sessions = new SessionCounter.Count.Open(2, "tmux ls"));
        assertThat(interrupts(silent, "answering")).containsExactly("2 open sessions", "");
        silent.sessions = new SessionCounter.Count.NotCounted("tmux ls", "It did not end within 5 s.");
        assertThat(interrupts(silent, "answering"))
                .as("a restart; the log interrupts nothing")
                .containsExactly("open sessions could not be counted", "");

        Case changed = new Case(home).with(c -> {
            c.file = Optional.of("[Service]\nExecStart=muxplex\nKillMode=none\n[Install]\nWantedBy=default.target\n");
            c.sessions = new SessionCounter.Count.Open(1, "tmux ls");
        });
        assertThat(interrupts(changed, "service-file"))
                .as("to show it and to keep it interrupts nothing")
                .containsExactly("", "", "restarts muxplex; 1 open session");
        changed.phase = Phase.STOPPED;
        assertThat(interrupts(changed, "service-file")).containsOnly("");
        assertThat(interrupts(changed, "process")).as("a start").containsExactly("");
    }

    private static List<String> interrupts(Case tool, String id) {
        return tool.finding(id).orElseThrow().remedies().stream()
                .map(remedy -> ((Remedy.Action) remedy).interrupts().orElse(""))
                .toList();
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
    }

    @Test
    void whatCouldNotBeCheckedDoesNotSilenceWhatIsBroken() throws IOException {
        Case tool = new Case(home).with(c -> c.version = "");
        Files.delete(tool.program());
        assertThat(tool.finding("installed-version").orElseThrow().severity()).isEqualTo(Severity.UNKNOWN);
        assertThat(tool.finding("launcher").orElseThrow().severity()).isEqualTo(Severity.FAILURE);
    }

    @Test
    void aPythonThatHasBecomeAnotherOneIsNotTheOneItWasInstalledFor() throws IOException {
        Case tool = new Case(home).with(c -> {
            c.runtimeName = "python";
            c.runtimeVersion = "3.11.2";
            c.runtimeFloor = ">=3.9";
            c.executable("usr/bin/python3.13");
        });
        Path link = home.resolve("lib/node_modules/muxplex/bin/python");
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, home.resolve("usr/bin/python3.13"));
        assertThat(tool.finding("runtime").orElseThrow())
                .returns(Severity.FAILURE, Finding::severity)
                .returns("Python 3.11.2 was replaced by 3.13", Finding::title);
        Files.delete(link);
        Files.createSymbolicLink(link, tool.executable("usr/bin/python3.11"));
        assertThat(tool.finding("runtime").orElseThrow().severity()).isEqualTo(Severity.OK);
    }

    @Test
    void forEachProgramItIsSaidWhereTheShellAndWhereTheServiceFindIt() {
        Case tool = new Case(home).with(c -> {
            c.programs.add(new RequiredProgram("tmux", Optional.empty(), List.of(), Map.of()));
            c.programs.add(new RequiredProgram("git", Optional.empty(), List.of(), Map.of()));
            c.onShellPath.put("tmux", Path.of("/shell/bin/tmux"));
            c.onShellPath.put("git", Path.of("/shell/bin/git"));
            c.onServicePath.put("git", Path.of("/shell/bin/git"));
        });
        assertThat(tool.finding("service-path").orElseThrow().evidence())
                .contains(
                        new Evidence("tmux", "service: not found; shell: /shell/bin/tmux"),
                        new Evidence(Case.UNIT, "the service's PATH lacks /shell/bin"),
                        new Evidence("git", "service: /shell/bin/git; shell: /shell/bin/git"));
        tool.shellPath = Optional.empty();
        assertThat(tool.finding("service-path").orElseThrow().evidence())
                .as("a shell that was never asked is asked, not said to find nothing")
                .contains(new Evidence("git", "service: /shell/bin/git; shell: /shell/bin/git"));
    }

    @Test
    void whatLiesThereAndMayNotBeExecutedIsSaid() throws IOException {
        Case tool = new Case(home).with(c -> {
            c.programs.add(new RequiredProgram("tmux", Optional.empty(), List.of(), Map.of()));
            c.onShellPath.put("tmux", Path.of("/shell/bin/tmux"));
        });
        Files.writeString(home.resolve("service/bin/tmux"), "");
        assertThat(tool.finding("service-path").orElseThrow().evidence())
                .contains(new Evidence(Case.UNIT, "~/service/bin/tmux is not executable"));
    }

    @Test
    void aFileThatWasCopiedBackIsNoOtherVersionAndOneWithoutANameIsNotNamed() throws IOException {
        Case tool = new Case(home).with(c -> {
            c.tellsItsVersion = false;
            c.executable("lib/node_modules/muxplex/package.json");
            c.since = Instant.now();
        });
        Path file = home.resolve("lib/node_modules/muxplex/package.json");
        Await.until("a change of the file that is later than the start", Duration.ofSeconds(10), () -> {
            Files.writeString(file, Files.readString(file));
            return Files.getLastModifiedTime(file).toInstant().isAfter(tool.since.plusSeconds(2));
        });
        assertThat(tool.finding("running-version")).isEmpty();

        tool.since = Case.NOW.minusSeconds(3600);
        assertThat(tool.finding("running-version")).isPresent();
        tool.version = "";
        assertThat(tool.finding("running-version")).isEmpty();
    }

    @Test
    void aCheckoutIsHeldByNobody() {
        Case tool = new Case(home).with(c -> {
            c.origin = new Origin.Linked(c.home.resolve("code/muxplex"));
            c.verdict = new Verdict.Pinned("It is a link to ~/code/muxplex; it moves when that does.");
        });
        assertThat(tool.finding("held").orElseThrow())
                .returns("Follows its local folder", Finding::title)
                .returns(List.of(new Remedy.Wait("No action needed")), Finding::remedies);
    }

    @Test
    void whatItsSourceSaidOfATagIsKnownAlsoOffline() {
        Case tool = new Case(home);
        tool.origin = new Origin.Git(
                "https://x.example/m", Optional.of("v0.9.2"), Origin.RevisionKind.UNRESOLVED, "ab".repeat(20));
        assertThat(tool.finding("source").orElseThrow().title())
                .isEqualTo("Installed from git, v0.9.2 (commit abababa)");
        tool.revisionKind = Origin.RevisionKind.TAG;
        Report online = tool.report();
        assertThat(online.findings())
                .filteredOn(finding -> finding.id().equals("source"))
                .extracting(Finding::title)
                .containsExactly("Installed from git tag v0.9.2");
        assertThat(online.provenance().orElseThrow().origin())
                .isInstanceOfSatisfying(
                        Origin.Git.class, git -> assertThat(git.kind()).isEqualTo(Origin.RevisionKind.TAG));

        tool.revisionKind = Origin.RevisionKind.UNRESOLVED;
        tool.lastSeen = online.provenance();
        assertThat(tool.finding("source").orElseThrow().title()).isEqualTo("Installed from git tag v0.9.2");
        tool.origin = new Origin.Git(
                "https://x.example/m", Optional.of("v0.9.2"), Origin.RevisionKind.UNRESOLVED, "cd".repeat(20));
        assertThat(tool.finding("source").orElseThrow().title())
                .isEqualTo("Installed from git, v0.9.2 (commit cdcdcdc)");
    }

    @Test
    void whatIsInstalledAgainGoesWhereItIsAndComesFromWhereItCame() throws IOException {
        Case tool = new Case(home);
        tool.recorded = Map.of("npm_config_registry", "https://ours.example/", "npm_config_prefix", "/elsewhere");
        Files.delete(tool.program());
        assertThat(tool.finding("launcher").orElseThrow().remedies())
                .containsExactly(new Remedy.CopyCommand(
                        "npm_config_registry=https://ours.example/ npm install --global --prefix %s muxplex@0.9.2"
                                .formatted(home),
                        "Reinstall the tool"));
    }

    @Test
    void aNodeThatIsTooOldIsReplacedByOneThatIsThereOrAskedFor() throws IOException {
        Case tool = new Case(home).with(c -> {
            c.runtimeFloor = ">=24";
            c.executable(".nvm/versions/node/v22.11.0/bin/muxplex");
            c.executable(".nvm/versions/node/v22.11.0/bin/node");
            c.executable(".nvm/versions/node/v23.1.0/bin/node");
            c.prefix = c.home.resolve(".nvm/versions/node/v22.11.0");
        });
        assertThat(tool.finding("runtime").orElseThrow().remedies().getFirst())
                .isEqualTo(new Remedy.Wait("Install Node >=24 beside the others; then the way there is named here"));
        tool.executable(".nvm/versions/node/v24.4.0/bin/node");
        Path fresh = home.resolve(".nvm/versions/node/v24.4.0");
        assertThat(tool.finding("runtime").orElseThrow().remedies())
                .containsExactly(new Remedy.CopyCommand(
                        "PATH=%1$s/bin:\"$PATH\" %1$s/bin/npm install --global --prefix %1$s muxplex@0.9.2 && lamplighter add muxplex --program %1$s/bin/muxplex"
                                .formatted(fresh),
                        "Reinstall with Node >=24"));
        tool.verdict = new Verdict.Current("0.9.2", List.of(NEEDS_24));
        assertThat(tool.finding("why-not-newer").orElseThrow().remedies())
                .singleElement()
                .isInstanceOfSatisfying(
                        Remedy.CopyCommand.class,
                        move -> assertThat(move.command()).contains("muxplex@2.41.3", fresh + "/bin/npm"));
        // What is held would be installed there as it is.
        tool.verdict = new Verdict.Pinned("It is held.", List.of(NEEDS_24));
        assertThat(whyNotNewer(tool).remedies()).singleElement().isInstanceOf(Remedy.Wait.class);
    }

    @Test
    void aNodeThatTookItsPackagesAlongIsSaidOnceAndItsPlaceIsTaken() throws IOException {
        Case tool = new Case(home).with(c -> {
            c.prefix = c.home.resolve(".nvm/versions/node/v22.11.0");
            c.executable(".nvm/versions/node/v24.4.0/bin/node");
            c.lastSeen = Optional.of(c.install());
            c.installed = false;
        });
        assertThat(tool.report().findings())
                .filteredOn(finding -> finding.severity() == Severity.FAILURE)
                .singleElement()
                .returns("runtime", Finding::id)
                .returns("Node 22.11.0 was removed", Finding::title)
                .satisfies(finding -> assertThat(finding.remedies())
                        .singleElement()
                        .asString()
                        .contains("v24.4.0/bin/npm install --global", "muxplex@0.9.2"));
    }

    @Test
    void aToolThatIsWellAsksForNobody() {
        assertThat(new Case(home).report().findings())
                .allSatisfy(finding ->
                        assertThat(finding.severity()).as(finding.id()).isEqualTo(Severity.OK));
    }

    @Test
    void findingsStandInTheOrderOfTheCatalogue() {
        List<Integer> places = new Case(home)
                .report().findings().stream()
                        .map(finding -> CheckCatalog.position(finding.id()))
                        .toList();
        assertThat(places).isSorted();
    }

    @Test
    void aCommandHasNothingRunning() {
        Report report =
                new Case(home).command().with(c -> c.phase = Phase.FAILED).report();
        assertThat(report.findings())
                .noneMatch(finding -> finding.group() == Group.RUNNING || finding.group() == Group.AT_LOGIN);
        assertThat(report.facts().running().value()).isEmpty();
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
    void whatAnotherFindingExplainsIsNotSaidTwice() throws IOException {
        Case gone = new Case(home);
        Files.delete(gone.manifest().install().program());
        assertThat(gone.report().findings())
                .filteredOn(finding -> finding.severity() == Severity.FAILURE)
                .extracting(Finding::id)
                .contains("launcher");
        assertThat(gone.with(c -> c.installed = false).report().findings())
                .filteredOn(finding -> finding.severity() == Severity.FAILURE)
                .extracting(Finding::id)
                .contains("installed-version")
                .doesNotContain("launcher");
    }

    @Test
    void aCheckThatBreaksIsAFindingAndLosesNoOther() {
        Report report = new Case(home)
                .with(c -> c.broken = Optional.of(new IllegalStateException("parsing 0 bytes")))
                .report();
        Finding broken = report.findings().stream()
                .filter(finding -> finding.severity() == Severity.CRASHED)
                .findFirst()
                .orElseThrow();
        assertThat(broken.id()).isEqualTo("running-version");
        assertThat(broken.title()).isEqualTo("This check crashed (a bug in Lamplighter)");
        assertThat(broken.evidence().getFirst().detail()).contains("parsing 0 bytes");
        assertThat(report.findings()).extracting(Finding::id).contains("process", "answering", "update", "runtime");
    }

    @Test
    void whatIsTooYoungCanStillBeHadByAClickAndWhatDoesNotFitCannot() {
        Case tool = new Case(home);
        tool.verdict = new Verdict.Current(
                "0.9.2",
                List.of(new Verdict.SkippedRelease(
                        "0.9.4", Verdict.Reason.TOO_YOUNG, "0.9.4 is out since 3 h; it is offered after 24 h", PROOF)));
        assertThat(whyNotNewer(tool).remedies())
                .containsExactly(new Remedy.Action(
                        "upgrade",
                        List.of("lamplighter", "upgrade", tool.manifest().name().value()),
                        "Upgrade to 0.9.4…"));
        tool.verdict = new Verdict.Current("0.9.2", List.of(NEEDS_24));
        assertThat(whyNotNewer(tool).remedies()).singleElement().isInstanceOf(Remedy.Wait.class);
        assertThat(whyNotNewer(tool).evidence()).containsExactly(PROOF);
    }

    private static Finding whyNotNewer(Case tool) {
        return tool.doctor().examine(tool.manifest(), Scope.FULL).report().findings().stream()
                .filter(finding -> finding.id().equals("why-not-newer"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void offlineAsksNoNetworkAndSaysSo() {
        Case tool = new Case(home).outdated("0.9.4");
        var diagnosis = tool.doctor().examine(tool.manifest(), Scope.OFFLINE);
        assertThat(diagnosis.leftOut()).containsExactlyInAnyOrder("update", "held", "why-not-newer");
        assertThat(diagnosis.report().verdict()).isEmpty();
        assertThat(diagnosis.report().findings()).extracting(Finding::id).doesNotContain("update");
    }

    @Test
    void anUpgradeThatBeginsWhileTheChecksRunLeavesNothingOfTheServiceInBetween() {
        Case tool = new Case(home).with(c -> c.phase = Phase.STOPPED);
        tool.upgrade = Optional.empty();
        tool.whenAskedAgain = Optional.of(new UnfinishedUpgrade.InProgress("an upgrade is at \"Stopping\""));
        var diagnosis = tool.doctor().examine(tool.manifest(), Scope.FULL);
        assertThat(diagnosis.report().findings())
                .extracting(Finding::id)
                .contains("being-upgraded", "installed-version")
                .doesNotContain("process", "answering", "service-file");
        assertThat(diagnosis.leftOut()).contains("process", "answering", "service-file");
    }

    @Test
    void theGatesAreTheOnesThatUndoAnUpgrade() {
        assertThat(DiagnoseTool.gates())
                .containsExactly(
                        "process",
                        "answering",
                        "is-this-copy",
                        "launcher",
                        "installed-version",
                        "parts",
                        "running-version",
                        "runtime",
                        "program",
                        "service-path",
                        "service-file");
        assertThat(DiagnoseTool.isGate("program-tmux")).isTrue();
        assertThat(DiagnoseTool.isGate("update")).isFalse();
    }

    @Test
    void secretsAndControlCharactersOfOthersAreTakenOut() {
        assertThat(UntrustedText.masked("https://ada:pw@x.example \u001B[31mtoken=abc\u202E"))
                .isEqualTo("https://x.example [31mtoken=…");
        assertThat(UntrustedText.masked("https://ada:p@w@x.example/y")).isEqualTo("https://x.example/y");
        assertThat(UntrustedText.masked("Authorization: Bearer abc, next")).isEqualTo("Authorization: Bearer …, next");
        assertThat(UntrustedText.masked("Authorization: abc")).isEqualTo("Authorization: …");
        assertThat(UntrustedText.masked("Authorization: token abc")).isEqualTo("Authorization: token …");
        assertThat(UntrustedText.masked("{\"access_token\": \"abc\", \"n\": 1}"))
                .isEqualTo("{\"access_token\": \"…\", \"n\": 1}");
        assertThat(UntrustedText.masked("curl --password abc -H \"X-Api-Key: abc\""))
                .isEqualTo("curl --password … -H \"X-Api-Key: …\"");
        assertThat(UntrustedText.masked("the token is read from ~/token")).isEqualTo("the token is read from ~/token");
    }
}
