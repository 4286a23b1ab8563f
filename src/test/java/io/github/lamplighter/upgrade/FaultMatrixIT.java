package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.MountedDisk;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.ProcessSignal;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.Uv;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every step of an upgrade with every fault that it can meet: the tables in docs/dev/test-coverage.md are read and
/// carried out. The worker is frozen where the step begins, the fault is made around it, and it goes on. Real uv in a
/// virtual environment of its own, a real service and data, each on a small disk.
@Tag("slow")
class FaultMatrixIT {

    private static final Path PAGE = Installed.CHECKOUT.resolve("docs/dev/test-coverage.md");
    private static final Path RESULTS = Installed.CHECKOUT.resolve("target/fault-matrix.txt");

    private static final Duration LIMIT = Duration.ofMinutes(4);

    private static final Map<Fault, String> FAULTY = new LinkedHashMap<>();

    private static ThrowAwayHome home;
    private static UserManager manager;
    private static Installed lamplighter;
    private static MountedDisk tools;
    private static MountedDisk dataDisk;
    private static MountedDisk state;
    private static LampWithData lamp;
    private static int number;

    /// The columns of the table, and its second table's rows.
    enum Fault {
        KILL("kill -9"),
        EXIT_1("exit 1"),
        NOTHING_DONE("nothing done"),
        HALF_WRITTEN("half written"),
        HANG("hang"),
        DISK_FULL("disk full"),
        DATA_DISK_FULL("data disk full"),
        STATE_DISK_FULL("state disk full"),
        READ_ONLY("read-only"),
        STUCK("no clean-up"),
        NEVER_READY("never ready"),
        WRONG_VERSION("wrong version"),
        HTTP_500("HTTP 500"),
        MIGRATES_AND_DIES("migrates and dies"),
        FAILS_ITS_TEST("fails its test");

        private final String words;

        Fault(String words) {
            this.words = words;
        }

        static Fault of(String words) {
            return Arrays.stream(values())
                    .filter(fault -> fault.words.equals(words))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(words));
        }

        /// Whether it comes with the version and not from outside.
        boolean isOfTheVersion() {
            return compareTo(NEVER_READY) >= 0;
        }
    }

    /// @param step where the fault begins; none for one that a version brings
    /// @param ends `old` or `new`; then what was needed after the worker: `recover`
    record Case(Optional<Step> step, Fault fault, String ends) {
        @Override
        public String toString() {
            return step.map(known -> known.word() + " × ").orElse("") + fault.words + " → " + ends;
        }
    }

    @BeforeAll
    static void aServerWithData() throws IOException {
        Assumptions.assumeTrue(UserManager.isPossible(), "needs root and systemd");
        home = ThrowAwayHome.make();
        tools = MountedDisk.at(home.resolve("tools"), 200);
        dataDisk = MountedDisk.at(home.resolve("disk"), 20);
        state = MountedDisk.at(home.resolve(".local/state"), 40);
        manager = UserManager.start(home);
        Map<String, String> environment = new LinkedHashMap<>(manager.environment());
        Uv uv = Uv.in(home, environment);
        environment.put("UV_LINK_MODE", "copy");
        lamplighter = new Installed(environment);

        GitRepository repository = GitRepository.lampClock(home);
        LampWithData.release(repository, LampWithData.OLD, 1, "");
        LampWithData.release(repository, LampWithData.NEW, 2, "");
        for (Fault fault : Fault.values()) {
            if (fault.isOfTheVersion()) {
                String version = "3.2." + fault.ordinal();
                LampWithData.release(repository, version, 2, fault.words);
                FAULTY.put(fault, version);
            }
        }
        Path venv = tools.folder().resolve("lamp");
        uv.run("venv", "-q", "--python", "/usr/bin/python3", venv.toString());
        uv.run(
                "pip",
                "install",
                "-q",
                "--python",
                venv.resolve("bin/python").toString(),
                repository.requirement("v" + LampWithData.OLD));
        lamp = new LampWithData(
                home, manager, lamplighter, "lamp", venv, dataDisk.folder().resolve("lamps"), Ports.free());
        lamp.serve(venv.resolve("bin/lamp-clock"));
        assertThat(lamp.whole()).isEqualTo(LampWithData.OLD);
    }

    @AfterAll
    static void goes() {
        for (AutoCloseable one : Stream.of(manager, state, dataDisk, tools, home)
                .filter(made -> made != null)
                .toList()) {
            try {
                one.close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    /// The one with most at stake: migrated data must go back where there is no space for a copy.
    static Stream<Case> few() throws IOException {
        return table().filter(one ->
                one.step().filter(step -> step == Step.ROLLBACK).isPresent() && one.fault() == Fault.DISK_FULL);
    }

    static Stream<Case> others() throws IOException {
        String only = System.getenv().getOrDefault("LAMPLIGHTER_FAULTS", "");
        List<Case> few = few().toList();
        return table().filter(one -> !few.contains(one))
                .filter(one -> one.toString().matches(".*(" + only + ").*"));
    }

    /// One that failed leaves no other without a tool.
    @BeforeEach
    void asItWas() {
        if (!lamp.journals().open().isEmpty() || lamp.response().isEmpty()) {
            lamplighter.run("recover");
            lamplighter.run("start", lamp.name());
        }
        if (!lamp.whole().equals(LampWithData.OLD)) {
            lamp.well("rollback", lamp.name(), "--yes");
        }
    }

    @ParameterizedTest
    @MethodSource("few")
    void aFaultLeavesAWorkingTool(Case one) throws IOException {
        happens(one);
    }

    @ParameterizedTest
    @MethodSource("others")
    @Tag("long")
    void anyOtherFaultToo(Case one) throws IOException {
        happens(one);
    }

    private static void happens(Case one) throws IOException {
        Optional<Path> journal = Optional.empty();
        for (int attempt = 1; journal.isEmpty(); attempt++) {
            assertThat(attempt).as("the worker is stopped in time").isLessThan(5);
            journal = provoked(one);
        }
        boolean isDone = lamp.journals().open().isEmpty() && lamp.response().isPresent();
        String said = said(journal.get());
        lamp.well("recover");
        String after = isDone ? "" : ", recover";
        if (lamp.response().isEmpty()) {
            lamp.well("start", lamp.name());
            after += ", start";
        }
        String now = lamp.whole();
        String ends = (now.equals(LampWithData.OLD) ? "old" : "new") + after;
        Files.writeString(
                RESULTS,
                "%s | %s | %s%n".formatted(one, ends, said),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        lamp.wellExamined(now);
        // Before the rollback point nothing is changed: the next cell's upgrade is the next one.
        if (now.equals(LampWithData.NEW)
                || one.step()
                        .filter(step -> step.compareTo(Step.PREPARE_ROLLBACK) < 0)
                        .isEmpty()) {
            lamp.nextUpgrade(now);
        }
        assertThat(ends).as(said).isEqualTo(one.ends());
    }

    /// Runs an upgrade with the fault, which is over afterwards.
    ///
    /// @return its journal; empty if the worker was quicker than this
    private static Optional<Path> provoked(Case one) throws IOException {
        String id = "fault-%03d".formatted(++number);
        Path journal = lamp.journals().of(lamp.name(), id);
        Fault version = one.fault().isOfTheVersion() ? one.fault() : Fault.MIGRATES_AND_DIES;
        boolean isGood = one.step().filter(step -> step != Step.ROLLBACK).isPresent();
        String to = isGood ? LampWithData.NEW : FAULTY.getOrDefault(version, "");
        List<Runnable> mending = new ArrayList<>();
        try (Child worker = lamplighter.start("upgrade-worker", lamp.name(), "--transaction", id, "--to", to)) {
            if (one.step().isPresent() && !frozen(journal, one.step().get(), pid -> provoke(one, pid, id, mending))) {
                worker.end(LIMIT);
                if (lamp.whole().equals(LampWithData.NEW)) {
                    lamp.well("rollback", lamp.name(), "--yes");
                }
                return Optional.empty();
            }
            if (one.fault() == Fault.HANG) {
                hangs(worker);
            }
            worker.end(LIMIT);
        } finally {
            mending.reversed().forEach(Runnable::run);
        }
        return Optional.of(journal);
    }

    private static String said(Path journal) {
        return lamp.journals()
                .transaction(journal)
                .map(transaction -> transaction
                        .ended()
                        .map(outcome -> outcome.result().word() + ": "
                                + outcome.reason().orElse(""))
                        .orElse("interrupted in "
                                + transaction.step().map(Step::word).orElse("nothing")))
                .orElse("no journal");
    }

    private interface Provocation {
        void with(long pid) throws IOException;
    }

    /// Stops the worker where a step begins, before it does anything, and lets it go on after the provocation.
    ///
    /// @return whether it was stopped in time
    private static boolean frozen(Path journal, Step step, Provocation provocation) throws IOException {
        String sign = "\"step-began\",\"step\":\"%s\"".formatted(step.word());
        long until = System.nanoTime() + LIMIT.toNanos();
        while (!text(journal).contains(sign)) {
            if (System.nanoTime() > until || text(journal).contains("\"entry\":\"ended\"")) {
                throw new AssertionError("%s did not begin: %s".formatted(step, text(journal)));
            }
            LockSupport.parkNanos(100_000);
        }
        long pid = lamp.journals().transaction(journal).orElseThrow().worker();
        ProcessSignal.STOP.send(pid);
        try {
            if (!text(journal).strip().endsWith(sign + "}")) {
                return false;
            }
            provocation.with(pid);
            return true;
        } finally {
            ProcessSignal.CONTINUE.send(pid);
        }
    }

    private static String text(Path journal) throws IOException {
        return Files.exists(journal) ? Files.readString(journal, StandardCharsets.ISO_8859_1) : "";
    }

    private static void provoke(Case one, long pid, String id, List<Runnable> mending) throws IOException {
        List<String> programs = programs(one.step().orElseThrow());
        switch (one.fault()) {
            case KILL -> ProcessSignal.KILL.send(pid);
            case EXIT_1 -> replaced(programs, "echo \"${0##*/}: no oil\" >&2\nexit 1", mending);
            case NOTHING_DONE -> replaced(programs, "exit 0", mending);
            // Where a file gets longer than this the program is ended by a signal.
            case HALF_WRITTEN -> replaced(programs, "ulimit -f 8\nexec REAL \"$@\"", mending);
            case HANG -> replaced(programs, "exec sleep 1000", mending);
            case DISK_FULL -> full(tools, mending);
            case DATA_DISK_FULL -> full(dataDisk, mending);
            case STATE_DISK_FULL -> full(state, mending);
            case READ_ONLY -> {
                mending.add(tools::mend);
                tools.readOnly();
            }
            case STUCK -> {
                MountedDisk stuck =
                        MountedDisk.at(lamp.kept().resolve("stages").resolve(id).resolve("stuck"), 1);
                mending.add(stuck::close);
            }
            case NEVER_READY, WRONG_VERSION, HTTP_500, MIGRATES_AND_DIES, FAILS_ITS_TEST ->
                throw new IllegalArgumentException(one + " comes with a version");
        }
    }

    private static void full(MountedDisk disk, List<Runnable> mending) {
        mending.add(disk::mend);
        disk.fill();
    }

    /// What the worker starts by its name in this step.
    private static List<String> programs(Step step) {
        return switch (step) {
            case STAGE -> List.of("uv");
            case ADJUST_PATHS -> List.of("sync");
            case COPY_DATA -> List.of("cp");
            case ROLLBACK -> List.of("cp", "systemctl", "systemd-run");
            default -> List.of("systemctl", "systemd-run");
        };
    }

    /// Puts a script before each program on the PATH.
    private static void replaced(List<String> programs, String script, List<Runnable> mending) throws IOException {
        for (String program : programs) {
            Path file = home.resolve(".local/bin").resolve(program);
            Path aside = file.resolveSibling("." + program + ".aside");
            boolean isThere = Files.exists(file);
            String real = isThere ? file.toRealPath().toString() : "/usr/bin/" + program;
            if (isThere) {
                Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
            }
            mending.add(() -> {
                try {
                    Files.delete(file);
                    if (isThere) {
                        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            Files.writeString(file, "#!/bin/sh\n" + script.replace("REAL", real) + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /// A person would wait a while, cancel, wait again, and end it. A rollback is not cancelled.
    private static void hangs(Child worker) {
        for (ProcessSignal signal : List.of(ProcessSignal.TERMINATE, ProcessSignal.KILL)) {
            try {
                Await.until(
                        "the worker ends by itself",
                        Duration.ofSeconds(20),
                        () -> !worker.process().isAlive());
                return;
            } catch (AssertionError e) {
                signal.send(worker.process().pid());
            }
        }
    }

    /// The cells of the two tables.
    private static Stream<Case> table() throws IOException {
        List<Case> cases = new ArrayList<>();
        List<String> columns = List.of();
        for (String line : Files.readAllLines(PAGE)) {
            List<String> cells =
                    Arrays.stream(line.split("\\|")).map(String::strip).skip(1).toList();
            if (line.startsWith("| step |") || line.startsWith("| new version |")) {
                columns = cells;
            } else if (!line.startsWith("|")) {
                columns = List.of();
            } else if (!columns.isEmpty() && !cells.getFirst().startsWith("-")) {
                boolean isVersion = columns.getFirst().equals("new version");
                for (int column = 1; column < cells.size(); column++) {
                    if (!List.of("", "–").contains(cells.get(column))) {
                        cases.add(
                                isVersion
                                        ? new Case(Optional.empty(), Fault.of(cells.getFirst()), cells.get(column))
                                        : new Case(
                                                Step.of(cells.getFirst().replace("`", "")),
                                                Fault.of(columns.get(column)),
                                                cells.get(column)));
                    }
                }
            }
        }
        return cases.stream();
    }
}
