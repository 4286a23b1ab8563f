package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.service.ServiceOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Lingering of systemd-logind: the user's services keep running after logout, and start at boot.
final class Lingering {

    private static final String STOPS = "The service stops when you log out: ";
    private static final String TRY = " To keep it running, run `sudo loginctl enable-linger \"$USER\"`.";

    private final UserManagerClient userManagerClient;

    Lingering(UserManagerClient userManagerClient) {
        this.userManagerClient = userManagerClient;
    }

    /// Whether it is enabled; empty if that is not known.
    Optional<Boolean> isEnabled() {
        try {
            String user = Files.getOwner(Path.of("/proc/self")).getName();
            return Optional.of(Files.exists(Path.of("/var/lib/systemd/linger", user)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// loginctl(1), `enable-linger`, without a password prompt.
    ServiceOutcome enable() {
        if (isEnabled().filter(on -> on).isPresent()) {
            return new ServiceOutcome.Already("Your services keep running after you log out.");
        }
        return switch (userManagerClient.run("loginctl", "--no-ask-password", "enable-linger")) {
            case ProcessResult.Exited(int status, var _, var _, var _)
            when status == 0 ->
                new ServiceOutcome.Done("Your services keep running after you log out, and start at boot.");
            case ProcessResult.Exited exited
            when exited.err().matches("(?s)Failed to connect to [\\w ]*bus.*") ->
                failed("the system bus is missing, so systemd-logind can't enable lingering.");
            case ProcessResult.Exited exited ->
                failed("the system refused lingering (%s).".formatted(reason(exited.err())) + TRY);
            case ProcessResult.TimedOut _ -> failed("systemd-logind did not respond." + TRY);
            case ProcessResult.NotStarted _ ->
                failed("lingering isn't available because systemd-logind is not installed.");
        };
    }

    /// loginctl(1), `disable-linger`, without a password prompt.
    ServiceOutcome disable() {
        if (isEnabled().filter(on -> !on).isPresent()) {
            return new ServiceOutcome.Already("Your services stop when you log out.");
        }
        return switch (userManagerClient.run("loginctl", "--no-ask-password", "disable-linger")) {
            case ProcessResult.Exited(int status, var _, var _, var _)
            when status == 0 -> new ServiceOutcome.Done("Your services stop when you log out.");
            case ProcessResult.Exited exited -> stays("the system refused (%s)".formatted(reason(exited.err())));
            case ProcessResult.TimedOut _ -> stays("systemd-logind did not respond");
            case ProcessResult.NotStarted _ -> stays("systemd-logind is not installed");
        };
    }

    private static ServiceOutcome.Failed stays(String why) {
        return new ServiceOutcome.Failed(
                "Lingering stays on: %s. To turn it off, run `sudo loginctl disable-linger \"$USER\"`.".formatted(why));
    }

    private static String reason(String err) {
        return err.strip()
                .replaceFirst("^Could not (enable|disable) linger: ", "")
                .replaceFirst("\\.$", "");
    }

    private static ServiceOutcome.Failed failed(String why) {
        return new ServiceOutcome.Failed(STOPS + why);
    }
}
