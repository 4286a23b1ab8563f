package io.github.lamplighter.tray.bus;

import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.Position;

/// `(iiibiiay)`: the picture of a notification.
public final class NotificationImage extends Struct {
    @Position(0)
    public final int width;

    @Position(1)
    public final int height;

    @Position(2)
    public final int stride;

    @Position(3)
    public final boolean alpha;

    @Position(4)
    public final int bits;

    @Position(5)
    public final int channels;

    @Position(6)
    public final byte[] pixels;

    public NotificationImage(int width, int height, byte[] rgba) {
        this.width = width;
        this.height = height;
        this.stride = width * 4;
        this.alpha = true;
        this.bits = 8;
        this.channels = 4;
        this.pixels = rgba;
    }
}
