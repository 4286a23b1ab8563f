package io.github.lamplighter.app;

import io.github.lamplighter.file.DirectorySwap;
import io.github.lamplighter.platform.launchd.DoctorAgent;
import io.github.lamplighter.platform.launchd.LaunchdServiceManager;
import io.github.lamplighter.platform.launchd.LsofListeners;
import io.github.lamplighter.platform.launchd.RecoverAgent;
import io.github.lamplighter.platform.launchd.TrayAgent;
import io.github.lamplighter.platform.proc.ProcProcesses;
import io.github.lamplighter.platform.proc.ProcUsageDetector;
import io.github.lamplighter.readiness.ListeningSockets;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.settings.Autostart;
import io.github.lamplighter.tool.Manifest.Install;
import io.github.lamplighter.tool.UsageDetector;
import io.github.lamplighter.upgrade.Inhibitor;
import io.github.lamplighter.upgrade.RecoveryAtLogin;
import java.util.List;
import java.util.function.Supplier;

/// macOS with launchd. A part that does not exist here yet says so, or does nothing.
record MacosPlatform(Host host) implements Platform {

    @Override
    public ServiceManager serviceManager() {
        return host.demo()
                ? LaunchdServiceManager.untilLogout(
                        host.runner(), host.environment(), host.directories(), host.launcher())
                : new LaunchdServiceManager(host.runner(), host.environment(), host.directories(), host.launcher());
    }

    @Override
    public ListeningSockets listeningSockets() {
        return new LsofListeners(host.runner());
    }

    /// A Mac has no `/proc`, so this finds no processes; it still ends those that it is given.
    @Override
    public ProcessTable processTable() {
        return new ProcProcesses();
    }

    /// A Mac has no `/proc`, so this finds nothing.
    @Override
    public List<UsageDetector.Running> running(Install install) {
        return new ProcUsageDetector().from(install);
    }

    @Override
    public Autostart trayAutostart() {
        return new TrayAgent(host.runner(), host.environment(), host.directories(), host.launcher());
    }

    @Override
    public Autostart doctorTimer(Supplier<String> interval) {
        return new DoctorAgent(
                host.runner(), host.environment(), host.directories(), loginShell(), interval, host.launcher());
    }

    @Override
    public DirectorySwap directorySwap() {
        return new DirectorySwap.Renames();
    }

    @Override
    public RecoveryAtLogin recoveryAtLogin() {
        return new RecoverAgent(host.runner(), host.environment(), host.directories(), host.launcher());
    }

    @Override
    public Inhibitor inhibitor() {
        return _ -> () -> {};
    }
}
