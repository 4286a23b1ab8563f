package io.github.lamplighter.tray;

import io.github.lamplighter.doctor.TrayPanel;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.tray.bus.ShellExtensions;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.messages.MethodCall;

/// Asks the desktop to install or enable what its panel needs to show tray icons. Only GNOME can be asked.
public final class PanelRequest {

    /// AppIndicator and KStatusNotifierItem Support, as extensions.gnome.org and the distributions have it.
    private static final String EXTENSION = "appindicatorsupport@rgcjonas.gmail.com";

    /// The same as Debian and Ubuntu package it.
    private static final String PACKAGED = "ubuntu-appindicators@ubuntu.com";

    /// The user has to read and answer the desktop's question.
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private PanelRequest() {}

    /// @param done whether the desktop did it
    /// @param sentence what it did, or what is needed instead
    public record Answer(boolean done, String sentence) {}

    /// Waits until the user answered the desktop's question, or the bus gives up.
    public static Answer send(Map<String, String> environment, AppDirectories directories) {
        TrayPanel panel = TrayPanel.missing(environment.getOrDefault("XDG_CURRENT_DESKTOP", ""));
        if (!panel.canBeAsked()) {
            return new Answer(false, panel.needs());
        }
        Optional<String> address = SessionBus.address(environment, directories);
        if (address.isEmpty()) {
            return new Answer(false, "There is no D-Bus session bus, so the desktop can't be asked.");
        }
        String byHand = panel.needs()
                + panel.distributionPackage()
                        .map(" Your distribution has it as package `%s`."::formatted)
                        .orElse("");
        MethodCall.setDefaultTimeout(LIMIT.toMillis());
        try (DBusConnection connection = SessionBus.connect(address.get(), () -> {})) {
            ShellExtensions shell =
                    connection.getRemoteObject(ShellExtensions.NAME, ShellExtensions.PATH, ShellExtensions.class);
            if (shell.EnableExtension(PACKAGED) || shell.EnableExtension(EXTENSION)) {
                return new Answer(true, "The extension for tray icons is enabled.");
            }
            String said = shell.InstallRemoteExtension(EXTENSION);
            return said.equals("successful")
                    ? new Answer(true, "The extension for tray icons is installed.")
                    : new Answer(false, "The extension was not installed. " + byHand);
        } catch (DBusException | DBusExecutionException e) {
            return new Answer(false, "GNOME Shell did not respond. " + byHand);
        } catch (IOException e) {
            return new Answer(false, "The connection to the desktop was lost. " + byHand);
        }
    }
}
