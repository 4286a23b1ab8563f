package io.github.lamplighter.window;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import org.controlsfx.control.StatusBar;
import org.kordamp.ikonli.feather.Feather;

/// The last line of the window: the tray icon, the next check, the previous versions, and the way to the settings.
final class WindowFooter {

    private final WindowServices windowServices;
    private final ToolsViewModel tools;
    private final Button toList = new Button("‹ Tools");
    private final Label text = StatusIcons.label("", "meta");
    private Optional<WindowData.Resident> resident = Optional.empty();
    private long keptBytes;

    /// @param showList shows the list of a narrow window
    WindowFooter(
            StatusBar bar,
            WindowServices windowServices,
            ToolsViewModel tools,
            Runnable showList,
            Runnable showSettings) {
        this.windowServices = windowServices;
        this.tools = tools;
        Button settings = new Button("Settings", StatusIcons.icon(Feather.SETTINGS, "info"));
        settings.setId("settings");
        settings.setOnAction(_ -> showSettings.run());
        toList.setId("to-list");
        toList.setOnAction(_ -> showList.run());
        for (Button button : List.of(settings, toList)) {
            button.getStyleClass().addAll("flat", "small");
            button.setMinWidth(Region.USE_PREF_SIZE);
        }
        text.setMinWidth(0);
        bar.setText("");
        bar.getLeftItems().addAll(toList, text);
        bar.getRightItems().add(settings);
        tools.noticeProperty().subscribe(_ -> read());
    }

    /// @param shown whether a page hides the list
    void showWayToList(boolean shown) {
        StatusIcons.show(toList, shown);
    }

    /// The tray icon, the next check and the previous versions, unless this window itself has something to say.
    void read() {
        if (!tools.noticeProperty().get().isEmpty()) {
            text.setText(tools.noticeProperty().get());
            return;
        }
        windowServices.taskExecutor().run(windowServices.data()::resident, found -> {
            resident = Optional.of(found);
            fill();
        });
    }

    /// An upgrade or a command has ended: there may be more or fewer previous versions. Reads many files, so that
    /// nothing waits for it.
    void readKept() {
        windowServices.taskExecutor().run(windowServices.data()::keptBytes, bytes -> {
            keptBytes = bytes;
            fill();
        });
    }

    private void fill() {
        resident.filter(_ -> tools.noticeProperty().get().isEmpty()).ifPresent(found -> {
            List<String> parts = new ArrayList<>(List.of(tray(found)));
            found.nextCheck()
                    .ifPresent(at -> parts.add("next check "
                            + windowServices
                                    .humanFormat()
                                    .at(at, windowServices.clock().instant())));
            if (keptBytes > 0) {
                parts.add("previous versions " + HumanFormat.bytes(keptBytes));
            }
            text.setText(String.join(" · ", parts));
        });
    }

    private static String tray(WindowData.Resident resident) {
        if (!resident.hasTray()) {
            return "Tray icon is off";
        }
        return resident.panel()
                .map(panel -> panel.shown()
                        ? "Tray icon shown"
                                + panel.desktopName().map(" by "::concat).orElse("")
                        : "No panel shows the tray icon")
                .orElse("Tray icon is on");
    }
}
