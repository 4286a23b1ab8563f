package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.GitServer;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.MountedDisk;
import io.github.lamplighter.harness.NpmPrefix;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.PreparedVenv;
import io.github.lamplighter.harness.ProcessSignal;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.Uv;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every step of an upgrade with every fault that it can meet: the tables in docs/dev/test-coverage.md are read and
/// carried out. The worker is frozen where the step begins, the fault is made around it, and it goes on. Real uv in a
/// virtual environment of its own, a real service and data, each on a small disk. The staging, which fails most often,
/// also with pip, pipx and npm.
@Tag("slow")
class FaultMatrixIT {

    private static final Path PAGE = Installed.CHECKOUT.resolve("docs/dev/test-coverage.md");
    private static final Path RESULTS = Installed.CHECKOUT.resolve("target/fault-matrix.txt");

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String CALLED = ".called";
    private static final String PYTHON = "/usr/bin/python3";

    private static final Map<Fault, String> FAULTY = new EnumMap<>(Fault.class);
    private static final Map<String, String> environment = new LinkedHashMap<>();

    private static ThrowAwayHome home;
    private static UserManager manager;
    private static Uv uv;
    private static Installed lamplighter;
    private static MountedDisk dataDisk;
    private static MountedDisk state;
    private static GitRepository repository;
    private static @Nullable GitServer server;
    private static int number;

    /// What is taken away at the end, in this order.
    private static final Deque<AutoCloseable> MADE = new ArrayDeque<>();

    /// Each is made when the first case needs it.
    private static final Map<StagedBy, ToolOnDisk> TOOLS = new EnumMap<>(StagedBy.class);

    /// The package manager of the tool, and the program that fails when it does.
    enum StagedBy {
        UV("uv"),
        /// Its own program lies in the environment.
        PIP("git"),
        PIPX("pipx"),
        NPM("npm");

        private static final String WITH = " with ";

        private final String program;

        StagedBy(String program) {
            this.program = program;
        }

        /// @param row a step, or a step and a package manager
        static StagedBy of(String row) {
            int with = row.indexOf(WITH);
            return with < 0 ? UV : valueOf(row.substring(with + WITH.length()).toUpperCase(Locale.ROOT));
        }

        static Optional<Step> step(String row) {
            return Step.of(row.split(WITH, 2)[0]);
        }

        String words() {
            return this == UV ? "" : WITH + name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param disk of its environment
    record ToolOnDisk(ServiceOnTrial tool, MountedDisk disk) {}

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
        RESPONDS_AND_DIES("responds and dies"),
        FAILS_ITS_TEST("fails its test"),
        HANGS_IN_ITS_TEST("hangs in its test");

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

        /// Whether a program that the worker starts brings it.
        boolean isOfAProgram() {
            return compareTo(EXIT_1) >= 0 && compareTo(HANG) <= 0;
        }

        /// Whether it comes with the version and not from outside.
        boolean isOfTheVersion() {
            return compareTo(NEVER_READY) >= 0;
        }
    }

    /// @param step where the fault begins; none for one that a version brings
    /// @param ends `old` or `new`; then what was needed after the worker: `recover`
    record Case(StagedBy stagedBy, Optional<Step> step, Fault fault, String ends) {
        @Override
        public String toString() {
            return step.map(known -> known.word() + stagedBy.words() + " × ").orElse("") + fault.words + " → " + ends;
        }
    }

    @BeforeAll
    static void versionsOfAServer() {
        Assumptions.assumeTrue(UserManager.isPossible(), "needs root and systemd");
        home = keep(ThrowAwayHome.make());
        dataDisk = keep(MountedDisk.at(home.resolve("disk"), 20));
        state = keep(MountedDisk.at(home.resolve(".local/state"), 40));
        manager = keep(UserManager.start(home));
        environment.putAll(manager.environment());
        uv = Uv.in(home, environment);
        environment.put("UV_LINK_MODE", "copy");
        environment.put("PIPX_HOME", home.resolve("pipx").toString());
        environment.put("PIPX_BIN_DIR", home.resolve("pipx-bin").toString());
        environment.put("PIPX_SHARED_LIBS", home.resolve("shared").toString());
        environment.put("PIP_NO_INDEX", "1");
        environment.merge("PATH", home.resolve("pipx-bin").toString(), (path, first) -> first + ":" + path);
        lamplighter = keep(new Installed(environment).inOneProcess());

        repository = GitRepository.lampClock(home);
        LampWithData.release(repository, LampWithData.OLD, 1, "");
        LampWithData.release(repository, LampWithData.NEW, 2, "");
        for (Fault fault : Fault.values()) {
            if (fault.isOfTheVersion()) {
                String version = "3.2." + fault.ordinal();
                LampWithData.release(repository, version, 2, fault.words);
                FAULTY.put(fault, version);
            }
        }
    }

    private static <T extends AutoCloseable> T keep(T made) {
        MADE.push(made);
        return made;
    }

    private static ToolOnDisk on(StagedBy stagedBy) throws IOException {
        ToolOnDisk tool = TOOLS.get(stagedBy);
        if (tool == null) {
            tool = switch (stagedBy) {
                case UV -> byUv();
                case PIP -> byPip();
                case PIPX -> byPipx();
                case NPM -> byNpm();
            };
            TOOLS.put(stagedBy, tool);
            assertThat(tool.tool().whole()).isEqualTo(tool.tool().oldVersion());
        }
        return tool;
    }

    private static ToolOnDisk byUv() throws IOException {
        MountedDisk disk = keep(MountedDisk.at(home.resolve("tools"), 200));
        Path venv = disk.folder().resolve("lamp");
        uv.run("venv", "-q", "--python", PYTHON, venv.toString());
        uv.run(
                "pip",
                "install",
                "-q",
                "--python",
                venv.resolve("bin/python").toString(),
                repository.requirement("v" + LampWithData.OLD));
        return lamp("lamp", disk, venv, venv.resolve("bin/lamp-clock"));
    }

    private static ToolOnDisk byPip() throws IOException {
        MountedDisk disk = keep(MountedDisk.at(home.resolve("apps"), 200));
        Path venv = disk.folder().resolve("lamp");
        PreparedVenv.make(environment, PYTHON, venv);
        run(venv.resolve("bin/python").toString(), "-m", "pip", "install", "-q", requirement());
        return lamp("lamp-pip", disk, venv, venv.resolve("bin/lamp-clock"));
    }

    private static ToolOnDisk byPipx() throws IOException {
        MountedDisk disk = keep(MountedDisk.at(home.resolve("pipx"), 200));
        PreparedVenv.make(environment, PYTHON, home.resolve("shared"));
        Files.createSymbolicLink(home.resolve(".local/bin/pipx"), Path.of("/usr/bin/pipx"));
        run("pipx", "install", requirement());
        return lamp("lamp-pipx", disk, disk.folder().resolve("venvs/lamp-clock"), home.resolve("pipx-bin/lamp-clock"));
    }

    private static ToolOnDisk byNpm() throws IOException {
        NpmPrefix npm = NpmPrefix.withHttpServer(home);
        Path aside = npm.folder().resolveSibling("aside");
        Files.move(npm.folder(), aside);
        MountedDisk disk = keep(MountedDisk.at(npm.folder(), 100));
        run("cp", "-a", aside + "/.", npm.folder().toString());
        // As `npm install --global npm` does.
        Files.createSymbolicLink(npm.program("npm"), Path.of("/usr/bin/npm").toRealPath());
        Map<String, String> withNpm = new LinkedHashMap<>(environment);
        withNpm.putAll(npm.environment());
        Installed installed = keep(new Installed(withNpm).inOneProcess());
        HttpServerWithFiles http = new HttpServerWithFiles(home, manager, installed, npm);
        http.serve();
        return new ToolOnDisk(http, disk);
    }

    private static String requirement() {
        if (server == null) {
            server = keep(GitServer.of(repository));
        }
        return "lamp-clock @ git+%s@v%s".formatted(server.url(), LampWithData.OLD);
    }

    private static ToolOnDisk lamp(String name, MountedDisk disk, Path venv, Path program) throws IOException {
        LampWithData lamp = new LampWithData(
                home, manager, lamplighter, name, venv, dataDisk.folder().resolve(name), Ports.free());
        lamp.serve(program);
        return new ToolOnDisk(lamp, disk);
    }

    private static void run(String... argv) {
        Child.run(environment, LIMIT, argv).well();
    }

    @AfterAll
    static void goes() throws Exception {
        for (AutoCloseable one : MADE) {
            one.close();
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
    private static void asItWas(ServiceOnTrial tool) {
        if (!tool.journals().open().isEmpty() || !tool.isResponding()) {
            lamplighter.run("recover");
            lamplighter.run("start", tool.name());
        }
        if (!tool.whole().equals(tool.oldVersion())) {
            tool.well("rollback", tool.name(), "--yes");
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
        long began = System.nanoTime();
        ServiceOnTrial tool = on(one.stagedBy()).tool();
        asItWas(tool);
        Optional<Path> journal = Optional.empty();
        for (int attempt = 1; journal.isEmpty(); attempt++) {
            assertThat(attempt).as("the worker is stopped in time").isLessThan(5);
            journal = provoked(one, tool);
        }
        boolean isDone = tool.journals().open().isEmpty();
        String said = said(tool, journal.get());
        String recovered = tool.well("recover").out().strip().replaceAll("\\s+", " ");
        String after = isDone ? "" : ", recover";
        if (!tool.isResponding()) {
            tool.well("start", tool.name());
            after += ", start";
        }
        String now = tool.whole();
        String ends = (now.equals(tool.oldVersion()) ? "old" : "new") + after;
        Files.writeString(
                RESULTS,
                "%s | %s | %s | %s | %d s%n"
                        .formatted(one, ends, said, recovered, (System.nanoTime() - began) / 1_000_000_000),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        tool.wellExamined(now);
        // Before the rollback point nothing is changed: the next cell's upgrade is the next one.
        if (now.equals(tool.newVersion())
                || one.step()
                        .filter(step -> step.compareTo(Step.PREPARE_ROLLBACK) < 0)
                        .isEmpty()) {
            tool.nextUpgrade(now);
        }
        assertThat(ends).as(said).isEqualTo(one.ends());
    }

    /// Runs an upgrade with the fault, which is over afterwards.
    ///
    /// @return its journal; empty if the worker was quicker than this
    private static Optional<Path> provoked(Case one, ServiceOnTrial tool) throws IOException {
        String id = "fault-%03d".formatted(++number);
        Path journal = tool.journals().of(tool.name(), id);
        Fault version = one.fault().isOfTheVersion() ? one.fault() : Fault.MIGRATES_AND_DIES;
        boolean isGood = one.step().filter(step -> step != Step.ROLLBACK).isPresent();
        String to = isGood ? tool.newVersion() : FAULTY.getOrDefault(version, "");
        List<Runnable> mending = new ArrayList<>();
        try (Child worker = tool.lamplighter.start("upgrade-worker", tool.name(), "--transaction", id, "--to", to)) {
            if (one.step().isPresent()
                    && !frozen(tool, journal, one.step().get(), pid -> provoke(one, pid, id, mending))) {
                worker.end(LIMIT);
                asItWas(tool);
                return Optional.empty();
            }
            if (one.fault() == Fault.HANG) {
                hangs(one, worker, () -> tool.journals().entries(journal));
            }
            worker.end(LIMIT);
        } finally {
            mending.reversed().forEach(Runnable::run);
        }
        // It may have started the real program just before it was frozen.
        boolean isTooLate = one.fault().isOfAProgram() && !Files.deleteIfExists(home.resolve(CALLED));
        if (isTooLate) {
            asItWas(tool);
        }
        return isTooLate ? Optional.empty() : Optional.of(journal);
    }

    private static String said(ServiceOnTrial tool, Path journal) {
        return tool.journals()
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
    private static boolean frozen(ServiceOnTrial tool, Path journal, Step step, Provocation provocation)
            throws IOException {
        String sign = "\"step-began\",\"step\":\"%s\"".formatted(step.word());
        long until = System.nanoTime() + LIMIT.toNanos();
        while (!text(journal).contains(sign)) {
            if (System.nanoTime() > until || text(journal).contains("\"entry\":\"ended\"")) {
                throw new AssertionError("%s did not begin: %s".formatted(step, text(journal)));
            }
            LockSupport.parkNanos(100_000);
        }
        long pid = tool.journals().transaction(journal).orElseThrow().worker();
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
        MountedDisk disk = on(one.stagedBy()).disk();
        List<Path> programs = programs(one);
        switch (one.fault()) {
            case KILL -> ProcessSignal.KILL.send(pid);
            case EXIT_1 -> replaced(programs, "echo \"${0##*/}: no oil\" >&2\nexit 1", mending);
            case NOTHING_DONE -> replaced(programs, "exit 0", mending);
            // Where a file gets longer than this the program is ended by a signal.
            case HALF_WRITTEN -> replaced(programs, "ulimit -f 8\nexec REAL \"$@\"", mending);
            case HANG -> {
                mending.add(FaultMatrixIT::hangsNoMore);
                replaced(programs, "exec sleep 1000", mending);
            }
            case DISK_FULL -> full(disk, mending);
            case DATA_DISK_FULL -> full(dataDisk, mending);
            case STATE_DISK_FULL -> full(state, mending);
            case READ_ONLY -> {
                mending.add(disk::mend);
                disk.readOnly();
            }
            case STUCK -> {
                MountedDisk stuck =
                        MountedDisk.at(disk.folder().resolve(".lamplighter/lamp/stages/%s/stuck".formatted(id)), 1);
                mending.add(stuck::close);
            }
            case NEVER_READY,
                    WRONG_VERSION,
                    HTTP_500,
                    MIGRATES_AND_DIES,
                    RESPONDS_AND_DIES,
                    FAILS_ITS_TEST,
                    HANGS_IN_ITS_TEST -> throw new IllegalArgumentException(one + " comes with a version");
        }
    }

    private static void hangsNoMore() {
        hanging().forEach(line -> ProcessSignal.KILL.send(Long.parseLong(line.split(" ", 2)[0])));
    }

    private static void full(MountedDisk disk, List<Runnable> mending) {
        mending.add(disk::mend);
        disk.fill();
    }

    /// What the worker starts in this step, found by its name.
    private static List<Path> programs(Case one) {
        List<String> names = switch (one.step().orElseThrow()) {
            case STAGE -> List.of(one.stagedBy().program);
            case ADJUST_PATHS -> List.of("sync");
            case COPY_DATA -> List.of("cp");
            // With the manager, it would not even begin to restore the data.
            case ROLLBACK -> one.fault() == Fault.HANG ? List.of("cp") : List.of("cp", "systemctl", "systemd-run");
            default -> List.of("systemctl", "systemd-run");
        };
        Path folder = home.resolve(one.stagedBy() == StagedBy.NPM ? ".npm-global/bin" : ".local/bin");
        return names.stream().map(folder::resolve).toList();
    }

    /// Puts a script in the place of each program, or before it on the PATH.
    private static void replaced(List<Path> programs, String script, List<Runnable> mending) throws IOException {
        for (Path file : programs) {
            Path aside = file.resolveSibling("." + file.getFileName() + ".aside");
            boolean isThere = Files.exists(file);
            String real = isThere ? file.toRealPath().toString() : "/usr/bin/" + file.getFileName();
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
            Files.writeString(file, """
                #!/bin/sh
                echo "$$ $0 $*" >>"$HOME/%s"
                %s
                """.formatted(CALLED, script.replace("REAL", real)));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /// The service manager is waited for, as the worker does. Anything else somebody cancels when it hangs; in a
    /// rollback, which is not cancelled, the worker is killed where it waits for a copy, which may take long.
    private static void hangs(Case one, Child worker, Supplier<List<JournalEntry>> entries) {
        Process process = worker.process();
        Await.until(
                "something hangs", LIMIT, () -> !process.isAlive() || !hanging().isEmpty());
        boolean hasLimit = programs(one).stream().anyMatch(program -> program.endsWith("systemctl"));
        if (process.isAlive() && !hasLimit) {
            ProcessSignal.TERMINATE.send(process.pid());
        }
        Await.until(
                "the worker ends, or waits for a copy",
                LIMIT,
                () -> !process.isAlive()
                        || CommitAndRollback.began(entries.get(), Step.ROLLBACK)
                                && hanging().stream().anyMatch(hanging -> hanging.contains("/cp ")));
        if (process.isAlive()) {
            process.destroyForcibly();
        }
    }

    /// A process id and the program for each process that hangs.
    private static List<String> hanging() {
        try {
            return Files.readAllLines(home.resolve(CALLED)).stream()
                    .filter(line -> ProcessHandle.of(Long.parseLong(line.split(" ", 2)[0]))
                            .isPresent())
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
                String row = cells.getFirst().replace("`", "");
                boolean isVersion = columns.getFirst().equals("new version");
                for (int column = 1; column < cells.size(); column++) {
                    if (!List.of("", "–").contains(cells.get(column))) {
                        cases.add(
                                isVersion
                                        ? new Case(
                                                StagedBy.UV,
                                                Optional.empty(),
                                                Fault.of(cells.getFirst()),
                                                cells.get(column))
                                        : new Case(
                                                StagedBy.of(row),
                                                StagedBy.step(row),
                                                Fault.of(columns.get(column)),
                                                cells.get(column)));
                    }
                }
            }
        }
        return cases.stream();
    }
}
