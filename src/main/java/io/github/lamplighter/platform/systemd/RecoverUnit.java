package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.upgrade.RecoveryAtLogin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// `lamplighter-recover.service`: an enabled one-shot unit that the services of the tools that are being
/// upgraded require, so that none starts on data that were not restored. It exists only while a transaction
/// is open, and is written as files, so that it needs no user manager. While a worker is at work, a flag that
/// the next boot removes keeps it from running: the worker starts the service itself.
public final class RecoverUnit implements RecoveryAtLogin {

    private static final String NAME = "lamplighter-recover.service";
    private static final String REQUIRES = ".requires";
    private static final String SCOPE = ".scope";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Path folder;
    private final Path unit;
    private final Path wanted;
    private final Optional<Path> atWork;
    private final List<String> launcher;
    private final ProcessRunner runner;

    public RecoverUnit(AppDirectories directories, List<String> launcher, ProcessRunner runner) {
        this.folder = directories.configHome().resolve("systemd/user");
        this.unit = folder.resolve(NAME);
        this.wanted = folder.resolve("default.target.wants").resolve(NAME);
        this.atWork = directories.runtime().map(runtime -> runtime.resolve("lamplighter-upgrading"));
        this.launcher = List.copyOf(launcher);
        this.runner = runner;
    }

    @Override
    public void arm(List<String> units, boolean isAtWork) throws IOException {
        List<String> services =
                units.stream().filter(name -> !name.isEmpty()).distinct().toList();
        String condition = atWork.map(
                        flag -> "ConditionPathExists=!" + UnitFileRenderer.specifiers(flag.toString()) + "\n")
                .orElse("");
        String before = services.isEmpty() ? "" : "Before=" + String.join(" ", services) + "\n";
        String text = """
            # Written by Lamplighter during an upgrade, and removed when the upgrade has ended.
            [Unit]
            Description=Lamplighter: finish or roll back an interrupted upgrade
            %s
            %s%s
            [Service]
            Type=oneshot
            TimeoutStartSec=300
            ExecStart=%s

            [Install]
            WantedBy=default.target
            """.formatted(
                        UnitFileRenderer.ifExecutable(launcher.getFirst()),
                        condition,
                        before,
                        UnitFileRenderer.command(Stream.concat(launcher.stream(), Stream.of("recover", "--at-login"))
                                .toList()));
        if (atWork.isPresent()) {
            if (isAtWork) {
                AtomicFile.makeFolder(AtomicFile.folderOf(atWork.get()));
                AtomicFile.write(atWork.get(), new byte[0], AtomicFile.PRIVATE);
            } else {
                Files.deleteIfExists(atWork.get());
            }
        }
        AtomicFile.write(unit, text.getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
        link(wanted);
        List<Path> required = services.stream().map(this::required).toList();
        for (Path link : required) {
            link(link);
        }
        for (Path link : required()) {
            if (!required.contains(link)) {
                unlink(link);
            }
        }
        reload();
        if (isAtWork) {
            watch();
        }
    }

    /// Runs the recovery as soon as the worker's scope is empty, if the unit is still there then. Started
    /// through the manager, which refuses that while the session ends: then it runs at the next login.
    private void watch() throws IOException {
        Optional<String> scope = scope();
        if (scope.isEmpty()) {
            return;
        }
        List<String> stopped = new ArrayList<>(
                List.of("/bin/sh", "-c", "[ ! -e \"$0\" ] || exec systemd-run --user --quiet --collect -- \"$@\""));
        stopped.add(unit.toString());
        stopped.addAll(launcher);
        stopped.add("recover");
        ProcessResult _ = runner.run(Command.of(
                LIMIT,
                "systemd-run",
                "--user",
                "--quiet",
                "--collect",
                "--no-block",
                "--unit=%s.watch".formatted(scope.get().substring(0, scope.get().length() - SCOPE.length())),
                "--description=Lamplighter: recover if the upgrade is killed",
                "--property=BindsTo=" + scope.get(),
                "--property=After=" + scope.get(),
                "--property=RemainAfterExit=yes",
                "--property=TimeoutStopSec=300",
                // Not a unit file, so that specifiers are not expanded.
                "--property=ExecStopPost=" + UnitFileRenderer.command(stopped).replace("%%", "%"),
                "--",
                "true"));
    }

    /// The scope that this process was started in, if it is one of an upgrade.
    private static Optional<String> scope() throws IOException {
        return Files.readString(Path.of("/proc/self/cgroup"))
                .lines()
                .map(line -> line.substring(line.lastIndexOf('/') + 1))
                .filter(name -> name.startsWith("lamplighter-upgrade-") && name.endsWith(SCOPE))
                .findFirst();
    }

    private void link(Path link) throws IOException {
        AtomicFile.makeFolder(AtomicFile.folderOf(link));
        if (!Files.isSymbolicLink(link)) {
            Files.createSymbolicLink(link, unit);
            AtomicFile.sync(AtomicFile.folderOf(link));
        }
    }

    private static void unlink(Path link) throws IOException {
        Files.deleteIfExists(link);
        try {
            Files.delete(AtomicFile.folderOf(link));
        } catch (DirectoryNotEmptyException _) {
            // Other units of the user's are required, too.
        }
    }

    private Path required(String service) {
        return folder.resolve(service + REQUIRES).resolve(NAME);
    }

    /// The links by which services require the unit.
    private List<Path> required() {
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.filter(child -> child.toString().endsWith(REQUIRES))
                    .map(child -> child.resolve(NAME))
                    .filter(Files::isSymbolicLink)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public void disarm() throws IOException {
        boolean was = Files.deleteIfExists(wanted);
        for (Path link : required()) {
            unlink(link);
            was = true;
        }
        if (Files.exists(unit, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(unit);
            AtomicFile.sync(AtomicFile.folderOf(unit));
            was = true;
        }
        if (atWork.isPresent()) {
            Files.deleteIfExists(atWork.get());
        }
        if (was) {
            reload();
        }
    }

    @Override
    public List<Path> files() {
        return Stream.concat(Stream.of(wanted, unit), required().stream())
                .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /// Fails without a manager, which reads the files when it starts.
    private void reload() {
        ProcessResult _ = runner.run(Command.of(LIMIT, "systemctl", "--user", "daemon-reload"));
    }
}
