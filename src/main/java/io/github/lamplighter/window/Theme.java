package io.github.lamplighter.window;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.util.Optional;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;

/// The light or dark theme: the one of the setting, else the desktop's, also when either changes.
final class Theme {

    private Optional<String> chosen;
    private boolean desktopIsDark = Platform.getPreferences().getColorScheme() == ColorScheme.DARK;

    /// @param chosen `light` or `dark`; empty follows the desktop
    Theme(Optional<String> chosen) {
        this.chosen = chosen;
        apply();
        Platform.getPreferences()
                .colorSchemeProperty()
                .addListener((_, _, scheme) -> desktopIs(scheme == ColorScheme.DARK));
    }

    void choose(Optional<String> now) {
        chosen = now;
        apply();
    }

    /// The desktop prefers dark windows, or not.
    void desktopIs(boolean dark) {
        desktopIsDark = dark;
        apply();
    }

    private void apply() {
        use(chosen.map("dark"::equals).orElse(desktopIsDark));
    }

    static void use(boolean dark) {
        String wanted = dark ? new PrimerDark().getUserAgentStylesheet() : new PrimerLight().getUserAgentStylesheet();
        // Setting the same one again applies the styles to every node again.
        if (!wanted.equals(Application.getUserAgentStylesheet())) {
            Application.setUserAgentStylesheet(wanted);
        }
    }
}
