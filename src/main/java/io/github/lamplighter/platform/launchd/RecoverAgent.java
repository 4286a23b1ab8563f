package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.platform.launchd.Launchctl.Job;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.upgrade.RecoveryAtLogin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An agent that runs the recovery at login, and every half minute while a transaction is open: launchd has nothing
/// that starts a job when another process ends. The recovery does nothing while a worker is at work. launchd starts
/// agents in no order, so that the recovery stops and starts the services itself.
public final class RecoverAgent implements RecoveryAtLogin {

    /// No agent of a tool has a name of this form.
    static final String LABEL = "io.github.lamplighter-recover";

    /// Tells the recovery that the agent itself runs it.
    private static final String MARK = "LAMPLIGHTER_RECOVERY";

    private static final int INTERVAL = 30;

    /// The agent unloads itself as the last thing it does: that ends its processes.
    private static final String COMMAND =
            "[ ! -x \"$0\" ] || \"$0\" recover; [ -e \"$1\" ] || exec \"$3\" bootout \"$2\"";

    private final Launchctl launchctl;
    private final Path file;
    private final List<String> launcher;
    private final boolean isInAgent;

    public RecoverAgent(
            ProcessRunner runner, Map<String, String> environment, AppDirectories directories, List<String> launcher) {
        this.launchctl = new Launchctl(runner, environment);
        this.file = directories.home().resolve("Library/LaunchAgents").resolve(LABEL + ".plist");
        this.launcher = List.copyOf(launcher);
        this.isInAgent = environment.containsKey(MARK);
    }

    @Override
    public void arm(List<String> units, boolean isAtWork) throws IOException {
        if (launchctl.unavailable().isPresent()) {
            return;
        }
        String domain = launchctl.hasDesktop() ? launchctl.desktop() : launchctl.background();
        AtomicFile.makeFolder(AtomicFile.folderOf(file));
        AtomicFile.write(file, text(domain).getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
        if (!(launchctl.find(LABEL) instanceof Job.Loaded)) {
            launchctl.enable(domain, LABEL);
            launchctl.bootstrap(domain, file);
        }
    }

    @Override
    public void disarm() throws IOException {
        if (Files.deleteIfExists(file)
                && !isInAgent
                && launchctl.unavailable().isEmpty()
                && launchctl.find(LABEL) instanceof Job.Loaded loaded) {
            launchctl.bootout(loaded.domain(), LABEL, Optional.empty());
        }
    }

    @Override
    public List<Path> files() {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? List.of(file) : List.of();
    }

    private String text(String domain) {
        Map<String, Object> values = new TreeMap<>();
        values.put("Label", LABEL);
        values.put(
                "ProgramArguments",
                List.of(
                        "/bin/sh",
                        "-c",
                        COMMAND,
                        launcher.getFirst(),
                        file.toString(),
                        domain + "/" + LABEL,
                        launchctl.path()));
        values.put("EnvironmentVariables", new TreeMap<>(Map.of(MARK, "1", "LAMPLIGHTER_CHILD", "1")));
        values.put("RunAtLoad", true);
        values.put("StartInterval", INTERVAL);
        return AgentPlistRenderer.render(" during an upgrade. It is removed when the upgrade has ended", values);
    }
}
