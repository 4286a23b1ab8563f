import org.jspecify.annotations.NullMarked;

/// Checks, upgrades and runs the long-running command-line tools that users install.
@NullMarked
module io.github.lamplighter {
    requires java.net.http;
    requires java.xml;
    requires jdk.unsupported;
    requires info.picocli;
    requires org.freedesktop.dbus;
    requires org.jspecify;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.toml;
    requires org.zeroturnaround.exec;
    // Only the window's process has these modules.
    // Only for the status item of macOS; elsewhere it is not there at run time.
    requires static java.desktop;
    requires static javafx.controls;
    requires static javafx.fxml;
    requires static atlantafx.base;
    requires static org.controlsfx.controls;
    requires static org.kordamp.ikonli.javafx;
    requires static org.kordamp.ikonli.feather;

    // picocli reads the annotations of the verbs.
    opens io.github.lamplighter.cli to
            info.picocli;
    // FXML sets the private fields of views; JavaFX makes the application.
    opens io.github.lamplighter.window to
            javafx.fxml,
            javafx.graphics;

    // The D-Bus library reads the signatures of these interfaces and calls them.
    exports io.github.lamplighter.tray.bus to
            org.freedesktop.dbus;
}
