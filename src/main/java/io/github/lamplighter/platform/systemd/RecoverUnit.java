package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.upgrade.RecoveryAtLogin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `lamplighter-recover.service`: an enabled one-shot unit, ordered before the services of the tools that are
/// being upgraded. It exists only while a transaction is open, and is written as files, so that it needs no
/// user manager.
public final class RecoverUnit implements RecoveryAtLogin {

    private static final String NAME = "lamplighter-recover.service";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Path unit;
    private final Path wanted;
    private final List<String> launcher;
    private final ProcessRunner runner;

    public RecoverUnit(AppDirectories directories, List<String> launcher, ProcessRunner runner) {
        Path folder = directories.configHome().resolve("systemd/user");
        this.unit = folder.resolve(NAME);
        this.wanted = folder.resolve("default.target.wants").resolve(NAME);
        this.launcher = List.copyOf(launcher);
        this.runner = runner;
    }

    @Override
    public void arm(List<String> units) throws IOException {
        String before =
                units.stream().filter(name -> !name.isEmpty()).distinct().collect(Collectors.joining(" "));
        String text = """
            # Written by Lamplighter during an upgrade, and removed when the upgrade has ended.
            [Unit]
            Description=Lamplighter: finish or roll back an interrupted upgrade
            %s
            %s
            [Service]
            Type=oneshot
            TimeoutStartSec=300
            ExecStart=%s

            [Install]
            WantedBy=default.target
            """.formatted(
                        UnitFileRenderer.ifExecutable(launcher.getFirst()),
                        before.isEmpty() ? "" : "Before=" + before + "\n",
                        UnitFileRenderer.command(Stream.concat(launcher.stream(), Stream.of("recover", "--at-login"))
                                .toList()));
        AtomicFile.write(unit, text.getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
        AtomicFile.makeFolder(AtomicFile.folderOf(wanted));
        if (!Files.isSymbolicLink(wanted)) {
            Files.createSymbolicLink(wanted, unit);
            AtomicFile.sync(AtomicFile.folderOf(wanted));
        }
        reload();
    }

    @Override
    public void disarm() throws IOException {
        boolean was = Files.deleteIfExists(wanted);
        if (Files.exists(unit, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(unit);
            AtomicFile.sync(AtomicFile.folderOf(unit));
            was = true;
        }
        if (was) {
            reload();
        }
    }

    @Override
    public List<Path> files() {
        return Stream.of(wanted, unit)
                .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /// Fails without a manager, which reads the files when it starts.
    private void reload() {
        ProcessResult _ = runner.run(Command.of(LIMIT, "systemctl", "--user", "daemon-reload"));
    }
}
