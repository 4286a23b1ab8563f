package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.GitServer;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.NpmPrefix;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.PreparedVenv;
import io.github.lamplighter.harness.ProcessSignal;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.Uv;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Kills at random moments of upgrades and rollbacks by real npm, pip, pipx and uv, for as long as
/// `LAMPLIGHTER_KILL_MINUTES` says (30). Every run has another seed, which is printed; `LAMPLIGHTER_KILL_SEED` repeats
/// one, as far as the machine is as fast.
@WithHome
@Tag("slow")
@Tag("long")
class RandomKillsIT {

    private static final Path RESULTS = Installed.CHECKOUT.resolve("target/random-kills.txt");
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String BEFORE = "before";
    private static final String OVER = "over";

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager manager;

    @Provided
    private static NpmPrefix npm;

    @Provided
    private static Installed provided;

    private static Installed lamplighter;
    private static GitServer server;
    private static List<ServiceOnTrial> tools;

    /// What is killed at the same moment.
    private enum Victim {
        WORKER,
        PACKAGE_MANAGER,
        WORKER_AND_PACKAGE_MANAGER,
        SCOPE,
        TERMINAL,
        TERMINAL_AND_WORKER,
        RECOVERY
    }

    @BeforeAll
    static void fourTools() throws IOException {
        Map<String, String> environment = new LinkedHashMap<>(provided.environment());
        Uv uv = Uv.in(home, environment);
        environment.put("UV_TOOL_BIN_DIR", home.resolve("uv-bin").toString());
        environment.put("PIPX_BIN_DIR", home.resolve("pipx-bin").toString());
        environment.put("PIPX_SHARED_LIBS", home.resolve("shared").toString());
        environment.put("PIP_NO_INDEX", "1");
        environment.merge(
                "PATH", home.resolve("uv-bin") + ":" + home.resolve("pipx-bin"), (path, first) -> first + ":" + path);
        PreparedVenv.make(environment, "/usr/bin/python3", home.resolve("shared"));
        lamplighter = new Installed(environment);

        GitRepository repository = GitRepository.lampClock(home);
        LampWithData.release(repository, LampWithData.OLD, 1, "");
        LampWithData.release(repository, LampWithData.NEW, 2, "");
        server = GitServer.of(repository);
        String requirement = "lamp-clock @ git+%s@v%s".formatted(server.url(), LampWithData.OLD);
        run(environment, "pipx", "install", requirement);
        uv.tool("install", "lamp-clock @ " + repository.requirement("v" + LampWithData.OLD));
        Path venv = home.resolve("apps/lamp");
        PreparedVenv.make(environment, "/usr/bin/python3", venv);
        run(environment, venv.resolve("bin/python").toString(), "-m", "pip", "install", "-q", requirement);

        LampWithData pip = lamp("lamp-pip", venv);
        pip.serve(venv.resolve("bin/lamp-clock"));
        LampWithData pipx = lamp("lamp-pipx", home.resolve(".local/share/pipx/venvs/lamp-clock"));
        if (!Files.isDirectory(home.resolve(".local/share/pipx/venvs"))) {
            pipx = lamp("lamp-pipx", home.resolve(".local/pipx/venvs/lamp-clock"));
        }
        pipx.serve(home.resolve("pipx-bin/lamp-clock"));
        LampWithData byUv = lamp("lamp-uv", home.resolve(".local/share/uv/tools/lamp-clock"));
        byUv.serve(home.resolve("uv-bin/lamp-clock"));
        HttpServerWithFiles http = new HttpServerWithFiles(home, manager, lamplighter, npm);
        http.serve();
        tools = List.of(pip, pipx, byUv, http);
        tools.forEach(tool -> assertThat(tool.whole()).isEqualTo(tool.oldVersion()));
    }

    private static LampWithData lamp(String name, Path environment) {
        return new LampWithData(
                home, manager, lamplighter, name, environment, home.resolve("data/" + name), Ports.free());
    }

    private static void run(Map<String, String> environment, String... argv) {
        Child.run(environment, LIMIT, argv).well();
    }

    @AfterAll
    static void serverGoes() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void nothingIsBrokenWhateverIsKilledWhenever() throws IOException {
        long seed = Long.parseLong(setting("LAMPLIGHTER_KILL_SEED", "" + System.nanoTime()));
        Duration budget = Duration.ofMinutes(Long.parseLong(setting("LAMPLIGHTER_KILL_MINUTES", "30")));
        say("seed %d, %d min".formatted(seed, budget.toMinutes()));
        Random random = new Random(seed);
        long until = System.nanoTime() + budget.toNanos();
        Map<String, Long> took = new LinkedHashMap<>();
        int attempts = 0;
        int hits = 0;
        for (int number = 1; System.nanoTime() < until; number++) {
            ServiceOnTrial tool = tools.get(random.nextInt(tools.size()));
            Victim victim = Victim.values()[random.nextInt(Victim.values().length)];
            double moment = random.nextDouble();
            boolean forwards = tool.whole().equals(tool.oldVersion());
            String doing = tool.name() + (forwards ? " upgrade" : " rollback");
            String what = "%d: %s, %s at %.3f".formatted(number, doing, victim, moment);
            try {
                if (!took.containsKey(doing)) {
                    long started = System.nanoTime();
                    tool.well(words(tool, forwards));
                    took.put(doing, System.nanoTime() - started);
                    assertThat(tool.whole()).isEqualTo(forwards ? tool.newVersion() : tool.oldVersion());
                    say("%d: %s takes %d ms".formatted(number, doing, took.get(doing) / 1_000_000));
                    continue;
                }
                Kill killed = kill(tool, victim, words(tool, forwards), (long) (took.get(doing) * 1.1 * moment));
                attempts++;
                hits += killed.hasHit() && killed.isInStep() ? 1 : 0;
                Await.until("the recovery", Duration.ofMinutes(2), () -> isOver(tool));
                tool.well("recover");
                String now = tool.whole();
                say("%s (%s%s) → %s".formatted(what, killed.step(), killed.hasHit() ? "" : ", missed", now));
                if (number % 10 == 0) {
                    tool.wellExamined(now);
                }
            } catch (AssertionError e) {
                throw new AssertionError(
                        "seed %d, %s: %s\n%s".formatted(seed, what, e.getMessage(), tool.history()), e);
            }
        }
        for (ServiceOnTrial tool : tools) {
            String now = tool.whole();
            tool.wellExamined(now);
            tool.nextUpgrade(now);
        }
        say("%d of %d kills hit a process in a step".formatted(hits, attempts));
        assertThat(hits).as("kills that hit a process in a step").isGreaterThan(attempts / 10);
    }

    /// @param step in which it was killed, or `before` or `over`
    /// @param hasHit whether there was a process to kill
    private record Kill(String step, boolean hasHit) {
        boolean isInStep() {
            return !step.equals(BEFORE) && !step.equals(OVER);
        }
    }

    private static String[] words(ServiceOnTrial tool, boolean forwards) {
        return forwards
                ? new String[] {"upgrade", tool.name(), "--to", tool.newVersion(), "--yes"}
                : new String[] {"rollback", tool.name(), "--yes"};
    }

    private static Kill kill(ServiceOnTrial tool, Victim victim, String[] words, long afterNanos) throws IOException {
        List<Path> before = journals(tool);
        try (Child terminal = lamplighter.start(words)) {
            boolean ended = wait(terminal.process(), afterNanos);
            Optional<Journals.Transaction> open = journals(tool).stream()
                    .filter(journal -> !before.contains(journal))
                    .flatMap(journal -> tool.journals().transaction(journal).stream())
                    .findFirst();
            long worker = open.map(Journals.Transaction::worker).orElse(0L);
            String step = ended
                    ? OVER
                    : open.flatMap(Journals.Transaction::step).map(Step::word).orElse(BEFORE);
            List<Long> children = ProcessHandle.of(worker).stream()
                    .flatMap(ProcessHandle::descendants)
                    .map(ProcessHandle::pid)
                    .toList();
            boolean hasHit = switch (victim) {
                case WORKER -> send(List.of(worker));
                case PACKAGE_MANAGER -> send(children);
                case WORKER_AND_PACKAGE_MANAGER ->
                    send(Stream.concat(Stream.of(worker), children.stream()).toList());
                case SCOPE ->
                    open.filter(known -> manager.systemctl(
                                                    "kill",
                                                    "--signal=KILL",
                                                    "lamplighter-upgrade-" + known.id() + ".scope")
                                            .exitCode()
                                    == 0)
                            .isPresent();
                case TERMINAL -> end(terminal);
                case TERMINAL_AND_WORKER -> {
                    boolean wasRunning = end(terminal);
                    yield send(List.of(worker)) || wasRunning;
                }
                case RECOVERY -> {
                    boolean wasRunning = end(terminal);
                    boolean wasAtWork = send(List.of(worker));
                    try (Child recovery = lamplighter.start("recover")) {
                        wait(recovery.process(), afterNanos / 4);
                        yield end(recovery) || wasAtWork || wasRunning;
                    }
                }
            };
            terminal.end(LIMIT);
            return new Kill(step, hasHit);
        }
    }

    /// @return whether there was one of them
    private static boolean send(List<Long> pids) {
        return pids.stream()
                        .filter(pid -> pid > 1)
                        .filter(ProcessSignal.KILL::send)
                        .count()
                > 0;
    }

    /// @return whether it was running
    private static boolean end(Child child) {
        boolean wasRunning = child.process().isAlive();
        child.process().destroyForcibly();
        return wasRunning;
    }

    /// @return whether it has ended
    private static boolean wait(Process process, long nanos) {
        try {
            return process.waitFor(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// Nobody is at work on it: it ended, or is left for `recover`.
    private static boolean isOver(ServiceOnTrial tool) {
        return tool.journals().open().stream().noneMatch(Journals.Transaction::isAtWork)
                && !isStarting()
                && manager.systemctl("list-units", "--plain", "--no-legend", "lamplighter-upgrade-*")
                        .out()
                        .isBlank();
    }

    /// A worker without a journal, or what is about to become one.
    private static boolean isStarting() {
        return ServiceOnTrial.children(Path.of("/proc")).stream().anyMatch(process -> {
            try {
                return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                                .contains("upgrade-worker")
                        && Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1)
                                .contains("HOME=" + home.path());
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static List<Path> journals(ServiceOnTrial tool) {
        return ServiceOnTrial.children(tool.journals().of(tool.name(), "any").getParent()).stream()
                .filter(file -> file.toString().endsWith(".jsonl"))
                .toList();
    }

    private static String setting(String name, String otherwise) {
        return Stream.of(System.getenv(name))
                .filter(value -> value != null && !value.isEmpty())
                .findFirst()
                .orElse(otherwise);
    }

    private static void say(String line) throws IOException {
        System.out.println("random kills: " + line);
        Files.writeString(RESULTS, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
