package io.github.lamplighter.app;

import io.github.lamplighter.file.DirectorySwap;
import io.github.lamplighter.platform.linux.DesktopAutostart;
import io.github.lamplighter.platform.linux.RenameSwap;
import io.github.lamplighter.platform.proc.ProcListeners;
import io.github.lamplighter.platform.proc.ProcProcesses;
import io.github.lamplighter.platform.proc.ProcUsageDetector;
import io.github.lamplighter.platform.systemd.DoctorTimer;
import io.github.lamplighter.platform.systemd.RecoverUnit;
import io.github.lamplighter.platform.systemd.SystemdInhibit;
import io.github.lamplighter.platform.systemd.SystemdServiceManager;
import io.github.lamplighter.platform.systemd.TrayUnit;
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

/// Linux with systemd and a freedesktop desktop; each part reports it if what it needs is missing.
record LinuxPlatform(Host host) implements Platform {

    @Override
    public ServiceManager serviceManager() {
        return host.demo()
                ? SystemdServiceManager.untilLogout(
                        host.runner(), host.environment(), host.directories(), processTable())
                : new SystemdServiceManager(host.runner(), host.environment(), host.directories(), processTable());
    }

    @Override
    public ListeningSockets listeningSockets() {
        return new ProcListeners();
    }

    @Override
    public ProcessTable processTable() {
        return new ProcProcesses();
    }

    @Override
    public List<UsageDetector.Running> running(Install install) {
        return new ProcUsageDetector().from(install);
    }

    @Override
    public Autostart trayAutostart() {
        TrayUnit unit = new TrayUnit(host.runner(), host.environment(), host.directories(), host.launcher());
        return new SessionAutostart(
                unit,
                new DesktopAutostart(host.directories(), host.applicationId(), host.environment(), host.launcher()),
                unit::isForThisSession);
    }

    @Override
    public Autostart doctorTimer(Supplier<String> interval) {
        return new DoctorTimer(
                host.runner(), host.environment(), host.directories(), loginShell(), interval, host.launcher());
    }

    @Override
    public DirectorySwap directorySwap() {
        return new RenameSwap();
    }

    @Override
    public RecoveryAtLogin recoveryAtLogin() {
        return new RecoverUnit(host.directories(), host.launcher(), host.runner());
    }

    @Override
    public Inhibitor inhibitor() {
        return new SystemdInhibit(host.runner());
    }
}
