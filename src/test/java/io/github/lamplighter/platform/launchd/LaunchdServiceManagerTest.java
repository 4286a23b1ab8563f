package io.github.lamplighter.platform.launchd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Launchd;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.service.CoResidentProcesses;
import io.github.lamplighter.service.LastExit;
import io.github.lamplighter.service.LogLine;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceEnvironment;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// Against the real launchd on macOS, elsewhere against a stand-in that starts real processes. Each test
/// has a label of its own, which is gone afterwards.
@Tag("slow")
@EnabledIf("isPossible")
class LaunchdServiceManagerTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String name = "test-" + UUID.randomUUID().toString().substring(0, 8);
    private ThrowAwayHome home;
    private Launchd launchd;
    private LaunchdServiceManager agents;
    private String label;

    static boolean isPossible() {
        return Launchd.isPossible();
    }

    @BeforeEach
    void start() {
        home = ThrowAwayHome.withDifficultName();
        launchd = Launchd.start(home);
        agents = manager();
        label = agents.unitOf(name);
    }

    private LaunchdServiceManager manager() {
        return new LaunchdServiceManager(
                new LocalProcessRunner(launchd.environment()),
                launchd.environment(),
                AppDirectories.macos(launchd.environment(), home.path()),
                List.of("/opt/lamplighter"),
                new StatePoller(Duration.ofMillis(200), Duration.ofSeconds(30)));
    }

    @AfterEach
    void stop() {
        agents.stop(label, LIMIT);
        agents.remove(label);
        launchd.close();
        home.close();
    }

    @Test
    void anAgentIsWrittenStartedStoppedAndRemovedAndSayingItTwiceIsNoMistake() {
        assertThat(agents.unavailable()).isEmpty();
        assertThat(agents.state(label).phase()).isEqualTo(Phase.NOT_INSTALLED);
        assertThat(agents.start(label)).isInstanceOf(ServiceOutcome.Refused.class);
        assertThat(agents.enable(label)).isInstanceOf(ServiceOutcome.Refused.class);

        ServiceDefinition definition = python("import time\ntime.sleep(1000)");
        assertThat(agents.write(definition)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(agents.write(definition)).isInstanceOf(ServiceOutcome.Already.class);
        assertThat(agents.state(label).words()).isEqualTo("not loaded");
        assertThat(agents.state(label).owner()).isEqualTo(Owner.OURS);
        assertThat(agents.state(label).enabled()).contains(true);
        assertThat(agents.isChangedByHand(label)).isFalse();

        assertThat(agents.start(label)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(agents.start(label)).isInstanceOf(ServiceOutcome.Already.class);
        ServiceState running = agents.state(label);
        assertThat(running.phase()).isEqualTo(Phase.RUNNING);
        assertThat(running.since()).isPresent();
        long pid = running.pid().orElseThrow();
        assertThat(ProcessHandle.of(pid)).isPresent();
        assertThat(agents.remove(label)).isInstanceOf(ServiceOutcome.Refused.class);

        assertThat(agents.stop(label, LIMIT)).isEqualTo(new ServiceOutcome.Done("The service was stopped."));
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(launchd.launchctl("print", domain() + "/" + label).exitCode())
                .isEqualTo(113);
        assertThat(agents.stop(label, LIMIT)).isInstanceOf(ServiceOutcome.Already.class);
        assertThat(agents.state(label).phase()).isEqualTo(Phase.STOPPED);

        assertThat(agents.remove(label)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(agents.remove(label)).isInstanceOf(ServiceOutcome.Already.class);
        assertThat(agents.state(label).phase()).isEqualTo(Phase.NOT_INSTALLED);
        assertThat(home.resolve("Library/LaunchAgents")).isEmptyDirectory();
    }

    @Test
    void itGetsItsArgumentsVariablesAndFolderAsTheyAre() throws Exception {
        Path folder = Files.createDirectories(home.resolve("wörk & <dir>"));
        Path out = home.resolve("out");
        List<String> arguments = List.of("a b", "$HOME %n", "\"'\\", "<&>", "", "ü🦆");
        List<String> argv = new ArrayList<>(python(
                        "import json,os,sys,time\nopen(%s,'w').write(json.dumps([sys.argv[2:],os.environ['V'],os.environ['PATH'],os.getcwd()],ensure_ascii=False))\ntime.sleep(1000)"
                                .formatted("sys.argv[1]"))
                .argv());
        argv.add(out.toString());
        argv.addAll(arguments);
        agents.write(definition(argv, Map.of("V", "x\t$Y \"&\" ä"), folder, 5));

        assertThat(agents.start(label)).isInstanceOf(ServiceOutcome.Done.class);

        Await.until("it wrote what it got", LIMIT, () -> Files.exists(out) && Files.size(out) > 0);
        assertThat(Files.readString(out))
                .isEqualTo("[[\"a b\", \"$HOME %n\", \"\\\"'\\\\\", \"<&>\", \"\", \"ü🦆\"], \"x\\t$Y \\\"&\\\" ä\","
                        + " \"/usr/bin:/bin\", \""
                        + folder.toRealPath() + "\"]");
    }

    @Test
    void oneThatCrashesIsStartedAgainAndOneThatEndsWellIsNot() throws Exception {
        Path count = home.resolve("count");
        agents.write(python("open(%s,'a').write('x')\nraise SystemExit(7)".formatted(literal(count))));
        agents.start(label);
        Await.until("it was started again", LIMIT, () -> Files.size(count) >= 2);
        Await.until("launchd waits with the next start", LIMIT, () -> {
            ServiceState state = agents.state(label);
            return state.phase() == Phase.RESTARTING
                    && state.restarts() >= 1
                    && state.lastExit().map(LastExit::words).equals(Optional.of("exit status 7"));
        });
        assertThat(agents.stop(label, LIMIT)).isInstanceOf(ServiceOutcome.Done.class);

        agents.write(python("pass"));
        agents.start(label);
        Await.until(
                "it is loaded, and does not run",
                LIMIT,
                () -> agents.state(label).words().equals("loaded, not running"));
        assertThat(agents.state(label).phase()).isEqualTo(Phase.STOPPED);
        assertThat(agents.state(label).lastExit().map(LastExit::words)).contains("exit status 0");
        assertThat(agents.start(label)).as("a loaded one is kicked").isInstanceOf(ServiceOutcome.Done.class);
        Await.until("it ran once more", LIMIT, () -> agents.state(label).restarts() == 1);
    }

    @Test
    void oneThatIgnoresTheSignalIsKilledAfterItsTime() {
        ServiceDefinition stubborn = definition(
                python("import signal,time\n"
                                + "signal.signal(15, signal.SIG_IGN)\n"
                                + "print('deaf', flush=True)\n"
                                + "time.sleep(1000)")
                        .argv(),
                Map.of(),
                home.path(),
                1);
        launchdSeconds(1.0);
        agents.write(stubborn);
        agents.start(label);
        long pid = agents.state(label).pid().orElseThrow();
        Await.until(
                "it is deaf",
                LIMIT,
                () -> !agents.log(label, 1, Optional.empty()).isEmpty());

        assertThat(agents.stop(label, LIMIT))
                .isEqualTo(new ServiceOutcome.Done("The service did not stop in time, so it was killed."));
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void aProgramThatCannotBeStartedIsSaid() {
        agents.write(definition(List.of("/nonexistent/program"), Map.of(), home.path(), 5));
        agents.start(label);
        Await.until(
                "launchd says why",
                LIMIT,
                () -> agents.state(label)
                        .lastExit()
                        .filter(exit -> exit.words().contains("78"))
                        .isPresent());
        assertThat(agents.state(label).phase()).isEqualTo(Phase.RESTARTING);
    }

    @Test
    void whatTheUserSwitchedOffStaysOffWhenItIsStartedOrInstalledAgain() {
        agents.write(python("import time\ntime.sleep(1000)"));
        assertThat(agents.isDisabledByUser(label)).isFalse();
        assertThat(agents.disable(label)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(agents.disable(label)).isInstanceOf(ServiceOutcome.Already.class);
        assertThat(agents.state(label).enabled()).contains(false);

        assertThat(agents.isDisabledByUser(label)).isTrue();
        assertThat(agents.start(label)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(agents.state(label).phase()).isEqualTo(Phase.RUNNING);
        assertThat(agents.state(label).enabled()).contains(false);

        assertThat(agents.enable(label)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(agents.state(label).enabled()).contains(true);
        agents.disable(label);
        agents.stop(label, LIMIT);
        agents.remove(label);
        agents.write(python("import time\ntime.sleep(1000)"));
        assertThat(agents.state(label).enabled())
                .as("a removed agent leaves no switch")
                .contains(true);
    }

    @Test
    void whatItWritesIsShownAndFollowedAlsoIntoANewFile() throws Exception {
        Path log = home.resolve("Library/Logs/Lamplighter/" + name + ".log");
        Files.createDirectories(log.getParent());
        Files.writeString(log, "old line\n" + "x".repeat((int) LogFile.LIMIT));
        agents.write(python("import sys,time\n"
                + "print('one',flush=True)\n"
                + "print('\\x1b[31mtwo',file=sys.stderr,flush=True)\n"
                + "n=0\n"
                + "while True:\n"
                + "  n+=1\n"
                + "  time.sleep(0.1)\n"
                + "  print('beat',n,flush=True)"));
        agents.start(label);
        assertThat(log.resolveSibling(name + ".log.1")).exists();
        Await.until("both streams are there", LIMIT, () -> {
            List<String> texts = agents.log(label, 1000, Optional.empty()).stream()
                    .map(LogLine::text)
                    .toList();
            return texts.contains("one") && texts.contains("two");
        });
        assertThat(agents.log(label, 1, Optional.empty())).hasSize(1);
        assertThat(agents.refusesSince("10 min ago")).isPresent();

        List<String> followed = Collections.synchronizedList(new ArrayList<>());
        Thread follower = Thread.ofVirtual()
                .start(() -> agents.follow(label, 1, Optional.empty(), line -> followed.add(line.text())));
        Await.until("lines come", LIMIT, () -> followed.size() > 3);
        Files.move(log, log.resolveSibling("moved"));
        Files.writeString(log, "in the new file\n");
        Await.until("the new file is read", LIMIT, () -> followed.contains("in the new file"));
        follower.interrupt();
        assertThat(follower.join(LIMIT)).isTrue();
    }

    @Test
    void aWatcherHearsOfACrashAndOfAStop() throws Exception {
        agents.write(python("import time\ntime.sleep(1000)"));
        agents.start(label);
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (AutoCloseable _ = agents.watch(List.of(label), told::add)) {
            assertThat(told.poll(1, TimeUnit.SECONDS)).isNull();
            ProcessHandle.of(agents.state(label).pid().orElseThrow())
                    .orElseThrow()
                    .destroyForcibly();
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo(label);
            Await.until(
                    "launchd started it again", LIMIT, () -> agents.state(label).phase() == Phase.RUNNING);
            assertThat(agents.state(label).lastExit()).isPresent();
            told.clear();
            agents.stop(label, LIMIT);
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo(label);
        }
    }

    @Test
    void somebodyElsesAgentIsShownStartedAndStoppedAndNeverWritten() throws Exception {
        Path file = home.resolve("Library/LaunchAgents/" + label + ".plist");
        Files.createDirectories(file.getParent());
        String text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0"><dict><key>Label</key><string>%s</string><key>ProgramArguments</key>
            <array><string>/bin/sleep</string><string>1000</string></array></dict></plist>
            """.formatted(label);
        Files.writeString(file, text);
        assertThat(agents.state(label).owner()).isEqualTo(Owner.FOREIGN);
        assertThat(agents.write(python("pass"))).isInstanceOf(ServiceOutcome.Refused.class);
        assertThat(agents.remove(label)).isInstanceOf(ServiceOutcome.Refused.class);

        assertThat(agents.start(label))
                .as("loading alone does not start this one")
                .isInstanceOf(ServiceOutcome.Done.class);
        Await.until("it runs", LIMIT, () -> agents.state(label).phase() == Phase.RUNNING);
        assertThat(agents.stop(label, LIMIT)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(file).content().isEqualTo(text);
    }

    @Test
    void whatOutlivedItsParentInItsProcessGroupIsNamedAndItsHelpersAreNot() throws Exception {
        Path pids = home.resolve("pids");
        // A shell that ends at once leaves its child behind; the other child stays the agent's own.
        ServiceDefinition definition = python("import subprocess,time\n"
                + "left = subprocess.run(['/bin/sh','-c','sleep 1001 >/dev/null 2>&1 & echo"
                + " $!'],capture_output=True,text=True).stdout.strip()\n"
                + "own = subprocess.Popen(['/bin/sleep','1002'])\n"
                + "away = subprocess.Popen(['/bin/sleep','1003'],start_new_session=True)\n"
                + "open(%s,'w').write(left+' '+str(own.pid)+' '+str(away.pid)+'.')\n".formatted(literal(pids))
                + "time.sleep(1000)");
        assertThat(agents.coResidents(label)).isEqualTo(CoResidentProcesses.NONE);
        agents.write(definition);
        agents.start(label);
        Await.until(
                "its children are there",
                LIMIT,
                () -> Files.exists(pids) && Files.readString(pids).endsWith("."));
        String[] all = Files.readString(pids).replace(".", "").split(" ");
        long left = Long.parseLong(all[0]);
        try {
            CoResidentProcesses coResidents = agents.coResidents(label);
            assertThat(coResidents.processes()).containsExactly(new CoResidentProcesses.CoResident(left, "sleep 1001"));
            assertThat(CoResidentProcesses.killsCoResidents(coResidents.killMode()))
                    .isTrue();
            agents.stop(label, LIMIT);
            Await.until(
                    "launchd ended its group",
                    LIMIT,
                    () -> ProcessHandle.of(left).filter(ProcessHandle::isAlive).isEmpty());

            Files.delete(pids);
            agents.write(keptTogether(definition));
            agents.start(label);
            Await.until(
                    "its children are there",
                    LIMIT,
                    () -> Files.exists(pids) && Files.readString(pids).endsWith("."));
            assertThat(CoResidentProcesses.killsCoResidents(
                            agents.coResidents(label).killMode()))
                    .as("with AbandonProcessGroup nothing ends with it")
                    .isFalse();
            String[] again = Files.readString(pids).replace(".", "").split(" ");
            agents.stop(label, LIMIT);
            assertThat(ProcessHandle.of(Long.parseLong(again[0])).filter(ProcessHandle::isAlive))
                    .isPresent();
            end(again);
        } finally {
            end(all);
        }
    }

    private static ServiceDefinition keptTogether(ServiceDefinition definition) {
        return new ServiceDefinition(
                definition.name(),
                definition.description(),
                definition.argv(),
                definition.environment(),
                definition.path(),
                definition.workingDirectory(),
                Optional.empty(),
                Optional.of("process"),
                definition.stopTimeoutSeconds());
    }

    private static void end(String... pids) {
        for (String pid : pids) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void aDaemonOfTheSystemIsLeftToRoot() {
        for (ServiceOutcome outcome : List.of(
                agents.start("system/com.lamp"),
                agents.stop("system/com.lamp", LIMIT),
                agents.enable("system/com.lamp"),
                agents.disable("system/com.lamp"))) {
            assertThat(outcome).isInstanceOf(ServiceOutcome.Refused.class);
            assertThat(outcome.reason()).contains("only root can do that", "`sudo launchctl ", " system/com.lamp`");
        }
    }

    @Test
    void aFileThatIsPutInTheOldOnesPlaceIsWhatTheNextStartReads() throws Exception {
        String theirs = "com.example." + name;
        Path file = home.resolve("Library/LaunchAgents/" + theirs + ".plist");
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
            <?xml version="1.0" encoding="UTF-8"?>
            <plist version="1.0"><dict><key>Label</key><string>%s</string><key>ProgramArguments</key>
            <array><string>/bin/sh</string><string>-c</string><string>exit 0</string></array>
            <key>RunAtLoad</key><true/></dict></plist>
            """.formatted(theirs));
        launchd.launchctl("bootstrap", domain(), file.toString()).well();
        try {
            Await.until(
                    "it ended by itself",
                    LIMIT,
                    () -> agents.state(theirs).words().equals("loaded, not running"));
            assertThat(agents.state(theirs).owner()).isEqualTo(Owner.FOREIGN);
            ServiceDefinition own = python("import time\ntime.sleep(1000)");
            ServiceDefinition definition = new ServiceDefinition(
                    own.name(),
                    own.description(),
                    own.argv(),
                    own.environment(),
                    own.path(),
                    own.workingDirectory(),
                    Optional.empty(),
                    Optional.empty(),
                    5,
                    Optional.of(theirs));
            assertThat(agents.write(definition)).isInstanceOf(ServiceOutcome.Refused.class);
            assertThat(agents.writeOver(definition)).isInstanceOf(ServiceOutcome.Done.class);
            assertThat(agents.state(theirs).owner()).isEqualTo(Owner.ADOPTED);
            assertThat(agents.start(theirs)).isInstanceOf(ServiceOutcome.Done.class);
            Await.until("ours runs", LIMIT, () -> agents.state(theirs).phase() == Phase.RUNNING);
        } finally {
            agents.stop(theirs, LIMIT);
            assertThat(agents.remove(theirs)).isInstanceOf(ServiceOutcome.Done.class);
        }
    }

    @Test
    void whatAnAgentIsGivenIsToldWithItsPathAndWithoutItsValues() throws Exception {
        Path file = home.resolve("Library/LaunchAgents/com.elsewhere.plist");
        Files.createDirectories(file.getParent());
        String plist = """
            <?xml version="1.0" encoding="UTF-8"?>
            <plist version="1.0"><dict>
              <key>Label</key><string>com.elsewhere</string>
              <key>ProgramArguments</key><array><string>/bin/sleep</string><string>100</string></array>
              %s
            </dict></plist>
            """;
        Files.writeString(file, plist.formatted(""));
        assertThat(agents.variables("com.elsewhere").orElseThrow().path())
                .as("launchd's own, in which Homebrew is not")
                .contains("/usr/bin:/bin:/usr/sbin:/sbin");
        Files.writeString(
                file,
                plist.formatted(
                        "<key>EnvironmentVariables</key><dict><key>PATH</key><string>/opt/a&amp;b/bin:/bin</string>"
                                + "<key>TOKEN</key><string>canary-4711</string></dict>"));
        ServiceEnvironment given = agents.variables("com.elsewhere").orElseThrow();
        assertThat(given.path()).contains("/opt/a&b/bin:/bin");
        assertThat(given.by("TOKEN")).contains("com.elsewhere");
        assertThat(given.toString()).doesNotContain("canary-4711");
        assertThat(agents.variables("com.nowhere")).isEmpty();
    }

    @Test
    void fromSshAnAgentGoesToTheSessionWithoutAScreenAndStaysThere() {
        assumeTrue(Launchd.isSimulated());
        launchd.set("domains", List.of("user"));
        ServiceDefinition definition = python("import time\ntime.sleep(1000)");
        agents.write(definition);
        assertThat(agents.fileText(label).orElseThrow()).contains("Background");
        assertThat(agents.start(label)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(agents.state(label).phase()).isEqualTo(Phase.RUNNING);
        assertThat(launchd.calls()).anyMatch(call -> call.contains("bootstrap") && call.contains("user/"));

        launchd.set("domains", List.of("gui", "user"));
        assertThat(agents.render(definition))
                .as("seen from the desk")
                .isEqualTo(agents.fileText(label).orElseThrow());
        assertThat(agents.state(label).phase()).isEqualTo(Phase.RUNNING);
        assertThat(agents.stop(label, LIMIT)).isInstanceOf(ServiceOutcome.Done.class);
    }

    @Test
    void anAgentOfTheDeskIsNotStartedFromSshAndSaysWhy() {
        assumeTrue(Launchd.isSimulated());
        agents.write(python("import time\ntime.sleep(1000)"));
        launchd.set("domains", List.of("user"));
        assertThat(agents.start(label).reason()).contains("needs a login at the screen");
        launchd.set("domains", List.of());
        assertThat(agents.state(label).phase()).isEqualTo(Phase.UNKNOWN);
    }

    @Test
    void itIsThereAfterTheNextLoginUnlessItWasSwitchedOff() {
        assumeTrue(Launchd.isSimulated());
        agents.write(python("import time\ntime.sleep(1000)"));
        launchd.logInAgain();
        assertThat(agents.state(label).phase()).isEqualTo(Phase.RUNNING);
        agents.disable(label);
        assertThat(agents.state(label).phase()).as("what runs goes on running").isEqualTo(Phase.RUNNING);
        launchd.logInAgain();
        assertThat(agents.state(label).phase()).isEqualTo(Phase.STOPPED);
        agents.enable(label);
        launchd.logInAgain();
        assertThat(agents.state(label).phase()).isEqualTo(Phase.RUNNING);
    }

    @Test
    void aLaunchctlWithoutTheModernVerbsIsAskedWithTheOldOnes() {
        assumeTrue(Launchd.isSimulated());
        launchd.set("legacy", true);
        agents.write(python("import time\ntime.sleep(1000)"));
        assertThat(agents.start(label)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(agents.state(label).phase()).isEqualTo(Phase.RUNNING);
        assertThat(agents.stop(label, LIMIT)).isInstanceOf(ServiceOutcome.Done.class);
        assertThat(agents.state(label).phase()).isEqualTo(Phase.STOPPED);
    }

    @Test
    void manyRoundsLeaveNothingBehind() throws Exception {
        for (int i = 0; i < 5; i++) {
            agents.write(python("import time\ntime.sleep(1000)"));
            assertThat(agents.start(label)).isInstanceOf(ServiceOutcome.Done.class);
            long pid = agents.state(label).pid().orElseThrow();
            assertThat(agents.stop(label, LIMIT)).isInstanceOf(ServiceOutcome.Done.class);
            assertThat(agents.remove(label)).isInstanceOf(ServiceOutcome.Done.class);
            assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        }
        assertThat(home.resolve("Library/LaunchAgents")).isEmptyDirectory();
        assertThat(launchd.launchctl("print", domain() + "/" + label).exitCode())
                .isEqualTo(113);
    }

    private void launchdSeconds(double unit) {
        if (Launchd.isSimulated()) {
            launchd.set("unitSeconds", unit);
        }
    }

    private String domain() throws AssertionError {
        try {
            return "gui/" + Files.getAttribute(home.path(), "unix:uid");
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String literal(Path path) {
        return "'" + path + "'";
    }

    private ServiceDefinition python(String program) {
        return definition(
                List.of("/usr/bin/python3", "-c", "exec(%s)".formatted(quoted(program))), Map.of(), home.path(), 5);
    }

    /// A Python text in one line, since a property list's argument has none.
    private static String quoted(String program) {
        return "\"" + program.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    private ServiceDefinition definition(
            List<String> argv, Map<String, String> environment, Path folder, int stopSeconds) {
        return new ServiceDefinition(
                name,
                "a test",
                argv,
                environment,
                "/usr/bin:/bin",
                folder,
                Optional.empty(),
                Optional.empty(),
                stopSeconds);
    }
}
