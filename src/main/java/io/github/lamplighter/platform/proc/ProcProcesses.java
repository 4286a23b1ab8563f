package io.github.lamplighter.platform.proc;

import io.github.lamplighter.file.RealPathCache;
import io.github.lamplighter.readiness.ProcessTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The user's processes, from `/proc`. Those of other users are not readable and are skipped.
public final class ProcProcesses implements ProcessTable {

    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final int MOST_ANCESTORS = 32;

    /// An argument of every process of Lamplighter.
    private static final String LAMPLIGHTER = "-Dlamplighter.launcher=";

    private final Path proc;
    private final long self;

    public ProcProcesses() {
        this(Path.of("/proc"), ProcessHandle.current().pid());
    }

    /// @param self this process, whose children do not count, as those of any Lamplighter
    ProcProcesses(Path proc, long self) {
        this.proc = proc;
        this.self = self;
    }

    /// A process runs from an environment if its executable is there, or the script of an interpreter. A
    /// process that Lamplighter started as a query (version, sessions, the tool's own doctor) does not count.
    @Override
    public List<Running> from(Path environment) {
        return within(environment, seen());
    }

    @Override
    public ProcessTable snapshot() {
        ProcessTable live = this;
        Supplier<List<ProcessSnapshot>> once = new Supplier<>() {
            private List<ProcessSnapshot> seen = List.of();
            private boolean isRead;

            @Override
            public synchronized List<ProcessSnapshot> get() {
                if (!isRead) {
                    seen = seen();
                    isRead = true;
                }
                return seen;
            }
        };
        return new ProcessTable() {
            @Override
            public List<Running> from(Path environment) {
                return within(environment, once.get());
            }

            @Override
            public List<Running> marked(String name, String value) {
                return live.marked(name, value);
            }

            @Override
            public boolean hasProcess(String unit) {
                return live.hasProcess(unit);
            }

            @Override
            public List<String> ancestors(long pid) {
                return live.ancestors(pid);
            }

            @Override
            public Origin origin(long pid) {
                return live.origin(pid);
            }

            @Override
            public Optional<Path> replacedProgram(long pid) {
                return live.replacedProgram(pid);
            }

            @Override
            public void end(long pid) {
                live.end(pid);
            }
        };
    }

    @Override
    public Optional<Path> replacedProgram(long pid) {
        return ProcFiles.deletedExecutable(proc.resolve(Long.toString(pid)));
    }

    /// A process and the paths of its program, with and without symbolic links.
    private record ProcessSnapshot(Path folder, List<Path> programs) {}

    private List<Running> within(Path environment, List<ProcessSnapshot> all) {
        return all.stream()
                .filter(process -> process.programs().stream().anyMatch(path -> path.startsWith(environment)))
                .filter(process -> !isQuery(process.folder()))
                .map(process -> running(process.folder()))
                .toList();
    }

    private List<ProcessSnapshot> seen() {
        List<ProcessSnapshot> found = new ArrayList<>();
        RealPathCache paths = new RealPathCache();
        for (Path folder : folders()) {
            List<Path> programs = new ArrayList<>();
            ProcFiles.executable(folder).ifPresent(programs::add);
            List<String> argv = ProcFiles.texts(folder.resolve("cmdline"));
            TitledScript.of(folder, argv, paths).ifPresent(script -> add(script, programs, paths));
            Stream.concat(
                            argv.stream().limit(1),
                            argv.stream()
                                    .skip(1)
                                    .filter(word -> !word.startsWith("-"))
                                    .limit(1))
                    .filter(word -> word.startsWith("/"))
                    .forEach(word -> add(word, programs, paths));
            if (!programs.isEmpty()) {
                found.add(new ProcessSnapshot(folder, programs));
            }
        }
        return found;
    }

    private static void add(String word, List<Path> programs, RealPathCache paths) {
        try {
            programs.add(Path.of(word));
            paths.of(Path.of(word)).ifPresent(programs::add);
        } catch (InvalidPathException _) {
            // Not a file name.
        }
    }

    @Override
    public List<Running> marked(String name, String value) {
        return folders().stream()
                .filter(folder -> ProcFiles.texts(folder.resolve("environ")).contains(name + "=" + value))
                .map(this::running)
                .toList();
    }

    /// Control groups are readable for everyone, and another user may have a unit of the same name.
    @Override
    public boolean hasProcess(String unit) {
        Optional<String> user = user(self);
        return folders().stream()
                .filter(folder -> ProcessTable.serviceOf(controlGroup(folder))
                        .filter(unit::equals)
                        .isPresent())
                .anyMatch(folder -> user(pid(folder)).equals(user));
    }

    /// The real user id, from `Uid` of proc_pid_status(5).
    private Optional<String> user(long pid) {
        return field(pid, "Uid").map(ids -> ids.split("\\s+")[0]);
    }

    @Override
    public List<String> ancestors(long pid) {
        return above(pid).stream()
                .flatMap(ancestor -> field(ancestor, "Name").stream())
                .toList();
    }

    /// By `PPid` of `/proc/PID/status` (proc_pid_status(5)), nearest first, without the first process.
    private List<Long> above(long pid) {
        List<Long> found = new ArrayList<>();
        long next = parent(pid).orElse(0L);
        while (next > 1 && found.size() < MOST_ANCESTORS) {
            found.add(next);
            next = parent(next).orElse(0L);
        }
        return found;
    }

    private Optional<Long> parent(long pid) {
        return field(pid, "PPid").map(Long::parseLong);
    }

    /// Whether Lamplighter started the process, or it has ended meanwhile.
    private boolean isQuery(Path process) {
        long pid = pid(process);
        return parent(pid).isEmpty()
                || above(pid).stream()
                        .anyMatch(ancestor -> ancestor == self
                                || ProcFiles.texts(proc.resolve(Long.toString(ancestor))
                                                .resolve("cmdline"))
                                        .stream()
                                        .anyMatch(word -> word.startsWith(LAMPLIGHTER)));
    }

    @Override
    public Origin origin(long pid) {
        boolean ignores = field(pid, "SigIgn")
                .filter(mask -> mask.matches("[0-9a-f]{1,16}"))
                .filter(mask -> (Long.parseUnsignedLong(mask, 16) & 1) == 1)
                .isPresent();
        return new Origin(
                ancestors(pid),
                terminal(pid),
                ignores,
                ProcessTable.serviceOf(controlGroup(proc.resolve(Long.toString(pid)))));
    }

    /// `tty_nr` of proc_pid_stat(5); pseudo-terminals have the majors 136 to 143.
    private Optional<String> terminal(long pid) {
        try {
            String text = Files.readString(proc.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            int number = Integer.parseInt(
                    text.substring(text.lastIndexOf(')') + 1).strip().split(" ")[4]);
            int major = number >> 8 & 0xfff;
            int minor = number & 0xff | number >> 12 & 0xfff00;
            return number == 0
                    ? Optional.empty()
                    : Optional.of(major >= 136 && major < 144 ? "pts/" + ((major - 136) * 256 + minor) : "tty" + minor);
        } catch (IOException | RuntimeException _) {
            return Optional.empty();
        }
    }

    private Optional<String> field(long pid, String name) {
        try (Stream<String> lines = Files.lines(proc.resolve(Long.toString(pid)).resolve("status"))) {
            return lines.filter(line -> line.startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        } catch (IOException | UncheckedIOException _) {
            return Optional.empty();
        }
    }

    @Override
    public void end(long pid) {
        ProcessHandle.of(pid).ifPresent(process -> {
            process.destroy();
            try {
                process.onExit().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                process.destroyForcibly();
                process.onExit().join();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        });
    }

    private Running running(Path folder) {
        return new Running(
                pid(folder), controlGroup(folder), String.join(" ", ProcFiles.texts(folder.resolve("cmdline"))));
    }

    private static long pid(Path folder) {
        return Long.parseLong(String.valueOf(folder.getFileName()));
    }

    /// The directories of all processes except this one.
    private List<Path> folders() {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path folder : folders) {
                if (pid(folder) != self) {
                    found.add(folder);
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return found;
    }

    private static String controlGroup(Path folder) {
        return ProcControlGroup.of(folder).orElse("");
    }
}
