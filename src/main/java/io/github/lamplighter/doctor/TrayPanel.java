package io.github.lamplighter.doctor;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Whether a panel of this desktop shows the tray icon, and what the desktop needs for it. The tray icon writes it, the
/// doctor and the window read it.
///
/// @param shown whether a panel shows it
/// @param desktop as it calls itself in `XDG_CURRENT_DESKTOP`; empty if it does not
/// @param needs a sentence; empty if it is shown
/// @param distributionPackage the package that has it, for the system's package manager
/// @param canBeAsked whether the desktop itself can install or enable it
public record TrayPanel(
        boolean shown, String desktop, String needs, Optional<String> distributionPackage, boolean canBeAsked) {

    /// The arguments of the command that asks the desktop.
    public static final List<String> ASK = List.of("lamplighter", "tray", "--show-in-panel");

    /// What a desktop needs, from its own name.
    ///
    /// @param desktop the value of `XDG_CURRENT_DESKTOP`
    public static TrayPanel missing(String desktop) {
        for (String name : desktop.split(":", -1)) {
            switch (name.toUpperCase(Locale.ROOT)) {
                case "GNOME", "GNOME-CLASSIC", "UNITY" -> {
                    return new TrayPanel(
                            false,
                            desktop,
                            "GNOME needs the extension AppIndicator and KStatusNotifierItem Support.",
                            Optional.of("gnome-shell-extension-appindicator"),
                            true);
                }
                case "XFCE" -> {
                    return needs(desktop, "Xfce needs the Status Tray plugin in its panel.");
                }
                case "KDE" -> {
                    return needs(desktop, "KDE Plasma needs the System Tray widget in its panel.");
                }
                case "SWAY", "HYPRLAND", "WLROOTS", "RIVER", "NIRI" -> {
                    return needs(desktop, "The bar needs a tray, for example Waybar with its module `tray`.");
                }
                default -> {
                    // Another name may follow.
                }
            }
        }
        return needs(desktop, "The desktop needs a panel that shows status notifier items.");
    }

    /// A panel shows it.
    public static TrayPanel shown(String desktop) {
        return new TrayPanel(true, desktop, "", Optional.empty(), false);
    }

    /// The desktop's name for people; empty if it has none.
    public Optional<String> desktopName() {
        return Arrays.stream(desktop.split(":", -1))
                .filter(name -> !name.isBlank())
                .map(name -> switch (name.toUpperCase(Locale.ROOT)) {
                    case "KDE" -> "KDE Plasma";
                    case "XFCE" -> "Xfce";
                    default -> name;
                })
                .reduce((_, last) -> last);
    }

    private static TrayPanel needs(String desktop, String sentence) {
        return new TrayPanel(false, desktop, sentence, Optional.empty(), false);
    }
}
