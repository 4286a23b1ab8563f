package io.github.lamplighter.window;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.util.Optional;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;

/// The light or dark theme: the desktop's, or the one of the setting.
final class Theme {
    private Theme() {}

    static void apply(Optional<String> chosen) {
        if (chosen.isPresent()) {
            use(chosen.get().equals("dark"));
        } else {
            Platform.getPreferences().colorSchemeProperty().subscribe(scheme -> use(scheme == ColorScheme.DARK));
        }
    }

    static void use(boolean dark) {
        Application.setUserAgentStylesheet(
                dark ? new PrimerDark().getUserAgentStylesheet() : new PrimerLight().getUserAgentStylesheet());
    }
}
