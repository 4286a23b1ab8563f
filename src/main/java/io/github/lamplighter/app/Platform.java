package io.github.lamplighter.app;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.DirectorySwap;
import io.github.lamplighter.platform.posix.InteractiveLoginShell;
import io.github.lamplighter.process.OperatingSystem;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.ListeningSockets;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.service.LoginShell;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.tool.Manifest.Install;
import io.github.lamplighter.tool.UsageDetector;
import io.github.lamplighter.upgrade.Inhibitor;
import io.github.lamplighter.upgrade.RecoveryAtLogin;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The implementations of the core's ports on one operating system.
sealed interface Platform permits LinuxPlatform, MacosPlatform {

    /// What the implementations need.
    ///
    /// @param launcher the argument list that starts Lamplighter, its program with the full path
    /// @param applicationId as the desktop knows it
    /// @param demo whether the services are those of the demo
    record Host(
            ProcessRunner runner,
            Map<String, String> environment,
            AppDirectories directories,
            InstantSource clock,
            List<String> launcher,
            String applicationId,
            boolean demo) {}

    static Platform of(OperatingSystem system, Host host) {
        return switch (system.kernel()) {
            case LINUX -> new LinuxPlatform(host);
            case MACOS -> new MacosPlatform(host);
        };
    }

    Host host();

    ServiceManager serviceManager();

    ListeningSockets listeningSockets();

    ProcessTable processTable();

    /// The running processes of an installation, and where they listen.
    List<UsageDetector.Running> running(Install install);

    default LoginShell loginShell() {
        return new InteractiveLoginShell(host().runner(), host().environment(), host().directories(), host().clock());
    }

    /// Starts the tray icon at login.
    Autostart trayAutostart();

    /// Checks the tools by timer, without a desktop.
    ///
    /// @param interval as systemd.time(7) reads it: `6h`
    Autostart doctorTimer(Supplier<String> interval);

    DirectorySwap directorySwap();

    RecoveryAtLogin recoveryAtLogin();

    Inhibitor inhibitor();
}
