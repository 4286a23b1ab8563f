package io.github.lamplighter.tray.bus;

import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.interfaces.DBusInterface;

/// The interface of GNOME Shell for its extensions. The shell asks the user before it installs one.
@DBusInterfaceName(ShellExtensions.NAME)
public interface ShellExtensions extends DBusInterface {

    String NAME = "org.gnome.Shell.Extensions";
    String PATH = "/org/gnome/Shell/Extensions";

    /// @return false if it is not installed
    boolean EnableExtension(String uuid);

    /// @return `successful` or `cancelled`
    String InstallRemoteExtension(String uuid);
}
