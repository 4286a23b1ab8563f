package io.github.lamplighter.app;

import io.github.lamplighter.doctor.Surroundings.Lingering;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// systemd-logind's word on whether a user's services go on after log-out: a file that everybody may read
/// (systemd-logind.service(8), loginctl(1) `enable-linger`).
record Linger(String user) implements Lingering {

    private static final Path FOLDER = Path.of("/var/lib/systemd/linger");

    @Override
    public Optional<Boolean> isOn() {
        // Where logind never was, nothing logs anybody out either.
        return Files.isDirectory(FOLDER) ? Optional.of(Files.exists(FOLDER.resolve(user))) : Optional.empty();
    }

    @Override
    public String source() {
        return FOLDER.resolve(user).toString();
    }
}
