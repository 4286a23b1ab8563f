package io.github.lamplighter.tray;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.status.ToolStatus.State;
import io.github.lamplighter.tray.bus.IconPixmap;
import io.github.lamplighter.tray.bus.StatusNotifierItem;
import io.github.lamplighter.tray.bus.ToolTip;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusNotifierItemExportTest {

    private final StatusNotifierItemExport item = new StatusNotifierItemExport(_ -> {});

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
    @SuppressWarnings("unchecked")
    void theIconHasASizeForPanelsOfTwiceTheSize() {
        List<IconPixmap> icons = (List<IconPixmap>)
                item.GetAll(StatusNotifierItem.NAME).get("IconPixmap").getValue();
        assertThat(icons).extracting(icon -> icon.width).contains(16, 22, 32, 64);
    }
}
