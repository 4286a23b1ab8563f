package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.upgrade.Inhibitor;
import java.time.Duration;

/// logind's inhibitor lock, held by `systemd-inhibit` for as long as it runs. Where there is no logind it
/// ends at once, and nothing is held.
public final class SystemdInhibit implements Inhibitor {

    private static final Duration LONGEST = Duration.ofHours(2);

    private final ProcessRunner runner;

    public SystemdInhibit(ProcessRunner runner) {
        this.runner = runner;
    }

    @Override
    public WakeLock hold(String why) {
        if (runner.find("systemd-inhibit").isEmpty()) {
            return () -> {};
        }
        // `tail --pid` ends by itself when this process is killed, and the lock with it.
        Command command = Command.of(
                LONGEST,
                "systemd-inhibit",
                "--what=sleep:shutdown",
                "--mode=block",
                "--who=Lamplighter",
                "--why=" + why,
                "tail",
                "--pid=" + ProcessHandle.current().pid(),
                "-f",
                "/dev/null");
        Thread holder = Thread.ofVirtual().name("inhibitor").start(() -> {
            ProcessResult _ = runner.run(command);
        });
        return holder::interrupt;
    }
}
