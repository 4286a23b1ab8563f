package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.AppDirectories;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where Lamplighter's unit files are, and how they are named (systemd.unit(5), "User Unit Search Path").
///
/// @param folder from which the user's manager reads units
/// @param prefix of the names
/// @param untilLogout whether the folder is deleted at logout
record UnitPlacement(Path folder, String prefix, boolean untilLogout) {

    private static final String USER_UNITS = "systemd/user";

    /// The user's own units.
    static UnitPlacement permanent(AppDirectories directories) {
        return new UnitPlacement(directories.configHome().resolve(USER_UNITS), SystemdServiceManager.PREFIX, false);
    }

    /// Units of the demo. Its home is not the one in which the manager looks for units, so they are in the manager's
    /// runtime directory.
    ///
    /// @param runtime the manager's; empty if there is none, and so no manager
    static UnitPlacement temporary(Optional<Path> runtime, AppDirectories directories) {
        return new UnitPlacement(
                runtime.orElse(directories.state()).resolve(USER_UNITS), SystemdServiceManager.PREFIX + "demo-", true);
    }

    /// `systemctl enable` writes links to the user's configuration by default.
    List<String> switching(boolean enable, String unit) {
        String verb = enable ? "enable" : "disable";
        return untilLogout ? List.of(verb, "--runtime", unit) : List.of(verb, unit);
    }

    /// The value of `UnitFileState` (org.freedesktop.systemd1(5)) that means enabled.
    String enabledState() {
        return untilLogout ? "enabled-runtime" : "enabled";
    }

    /// Deletes the folder if it is empty and temporary; systemd does not create it.
    void tidy() {
        if (untilLogout) {
            try {
                Files.deleteIfExists(folder);
            } catch (DirectoryNotEmptyException | NoSuchFileException e) {
                // Other programs have units there.
            } catch (IOException e) {
                // It is deleted at logout.
            }
        }
    }

    /// Why services end at logout, as a phrase; empty if that depends on lingering.
    Optional<String> endsAtLogout() {
        return untilLogout
                ? Optional.of("its unit is in %s, which is deleted at logout".formatted(folder))
                : Optional.empty();
    }
}
