package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.upgrade.Inhibitor;
import java.time.Duration;

/// An inhibitor lock of systemd-logind, held while `systemd-inhibit` runs. Without logind there is no lock.
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
        // `tail --pid` exits when this process is killed, which releases the lock.
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
