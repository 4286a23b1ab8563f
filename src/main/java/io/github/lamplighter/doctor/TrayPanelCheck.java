package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.installer.InstallerKind;
import java.util.Optional;

/// The check *tray-icon* of Lamplighter itself: whether a panel shows the icon that is running.
final class TrayPanelCheck {

    private TrayPanelCheck() {}

    static Optional<Result> ask(DiagnosisContext context) {
        if (context.manifest().install().installer() != InstallerKind.SELF) {
            return Optional.empty();
        }
        return new TrayPanelFile(context.around().directories())
                .read()
                .map(panel -> panel.shown() ? Result.of(Severity.OK, "tray-icon.shown") : missing(panel));
    }

    private static Result missing(TrayPanel panel) {
        Result result = Result.of(Severity.WARNING, "tray-icon.missing")
                .proof(panel.desktop().isEmpty() ? "this desktop" : panel.desktop(), panel.needs());
        Result withPackage = panel.distributionPackage()
                .map(name -> result.proof("package", name))
                .orElse(result);
        return panel.canBeAsked()
                ? withPackage.remedy(new Remedy.Action("show-icon", TrayPanel.ASK, Messages.text("remedy.show-icon")))
                : withPackage.remedy(new Remedy.Wait(Messages.text("remedy.panel")));
    }
}
