package io.github.lamplighter.tray.bus;

import java.util.List;
import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.Position;

/// `(sa(iiay)ss)`: the tooltip of a tray icon.
public final class ToolTip extends Struct {
    @Position(0)
    public final String iconName;

    @Position(1)
    public final List<IconPixmap> icon;

    @Position(2)
    public final String title;

    @Position(3)
    public final String text;

    public ToolTip(String iconName, List<IconPixmap> icon, String title, String text) {
        this.iconName = iconName;
        this.icon = icon;
        this.title = title;
        this.text = text;
    }
}
