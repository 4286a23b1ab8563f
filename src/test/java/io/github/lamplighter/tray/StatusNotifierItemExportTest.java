package io.github.lamplighter.tray;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.status.ToolStatus.State;
import io.github.lamplighter.tray.bus.IconPixmap;
import io.github.lamplighter.tray.bus.StatusNotifierItem;
import io.github.lamplighter.tray.bus.ToolTip;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusNotifierItemExportTest {

    private final StatusNotifierItemExport item = new StatusNotifierItemExport(_ -> {}, Optional.empty());

    /// Pango, which Xfce's panel uses, refuses a text with a tag that it does not know, and shows nothing.
    @Test
    void theToolTipHasNoTags() throws Exception {
        item.show(new TrayView(
                State.FAILURE, "2 tools", List.of("✗ alpha: <b> & more", "✗ beta: stopped"), List.of(), List.of()));

        ToolTip tip =
                (ToolTip) item.GetAll(StatusNotifierItem.NAME).get("ToolTip").getValue();
        assertThat(tip.text).isEqualTo("✗ alpha: &lt;b&gt; &amp; more\n✗ beta: stopped");
    }

    @Test
    void theIconHasANameWhereThePackagePutIconsIntoTheTheme(@TempDir Path data) throws Exception {
        Map<String, String> environment = Map.of("XDG_DATA_DIRS", data.toString());
        assertThat(StatusNotifierItemExport.themeIcons(environment, data.resolve("home"), "x"))
                .isEmpty();
        Path icons = Files.createDirectories(data.resolve("icons/hicolor/scalable/apps"));
        Files.createFile(icons.resolve("x-well.svg"));

        StatusNotifierItemExport named = new StatusNotifierItemExport(
                _ -> {}, StatusNotifierItemExport.themeIcons(environment, data.resolve("home"), "x"));
        assertThat(named.GetAll(StatusNotifierItem.NAME).get("IconName").getValue())
                .isEqualTo("x-unknown");
        assertThat(item.GetAll(StatusNotifierItem.NAME).get("IconName").getValue())
                .isEqualTo("");
    }

    @Test
    @SuppressWarnings("unchecked")
    void theIconHasASizeForPanelsOfTwiceTheSize() {
        List<IconPixmap> icons = (List<IconPixmap>)
                item.GetAll(StatusNotifierItem.NAME).get("IconPixmap").getValue();
        assertThat(icons).extracting(icon -> icon.width).contains(16, 22, 32, 64);
    }
}
