package io.github.lamplighter.tray;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.InflaterInputStream;

/// A picture in the format of the tray icon on D-Bus: ARGB32 in network byte order, row by row.
///
/// @param argb four bytes for each pixel
@SuppressWarnings("ArrayRecordComponent") // it goes to the bus as it is; pictures are not compared
record Pixmap(int width, int height, byte[] argb) {

    private static final int DARK = 64;
    private static final int BRIGHT = 225;

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    /// Reads a PNG (ISO/IEC 15948) as `icons/render` writes it: 8 bits for each channel, RGB with or without
    /// alpha, not interlaced. The JDK's own reader is part of AWT, which the tray does not load.
    ///
    /// @throws IOException if it is of another kind, or damaged
    static Pixmap ofPng(InputStream source) throws IOException {
        DataInputStream in = new DataInputStream(source);
        byte[] signature = new byte[SIGNATURE.length];
        in.readFully(signature);
        if (!Arrays.equals(signature, SIGNATURE)) {
            throw new IOException("not a PNG");
        }
        int width = 0;
        int height = 0;
        int channels = 0;
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        while (true) {
            int length = in.readInt();
            byte[] name = new byte[4];
            in.readFully(name);
            byte[] data = new byte[length];
            in.readFully(data);
            in.readInt();
            switch (new String(name, StandardCharsets.US_ASCII)) {
                case "IHDR" -> {
                    DataInputStream header = new DataInputStream(new ByteArrayInputStream(data));
                    width = header.readInt();
                    height = header.readInt();
                    int depth = header.readUnsignedByte();
                    int colour = header.readUnsignedByte();
                    channels = colour == 6 ? 4 : colour == 2 ? 3 : 0;
                    if (depth != 8 || channels == 0 || data[12] != 0) {
                        throw new IOException("unsupported PNG: depth %d, color type %d".formatted(depth, colour));
                    }
                }
                case "IDAT" -> packed.write(data);
                case "IEND" -> {
                    return unpacked(width, height, channels, packed.toByteArray());
                }
                default -> {
                    // What says something about the picture and is not the picture.
                }
            }
        }
    }

    /// A picture that is part of the program.
    static Pixmap ofResource(String name) {
        try (InputStream in = Pixmap.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("missing resource: " + name);
            }
            return ofPng(in);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /// The picture as a template, of which only the shape counts: what is very dark or very bright becomes a hole, so
    /// that the flame and the sign in a badge can still be told.
    Pixmap template() {
        byte[] result = argb.clone();
        for (int at = 0; at < argb.length; at += 4) {
            int red = argb[at + 1] & 0xff;
            int green = argb[at + 2] & 0xff;
            int blue = argb[at + 3] & 0xff;
            int brightness = (299 * red + 587 * green + 114 * blue) / 1000;
            if (brightness < DARK || brightness > BRIGHT) {
                result[at] = 0;
            }
            result[at + 1] = 0;
            result[at + 2] = 0;
            result[at + 3] = 0;
        }
        return new Pixmap(width, height, result);
    }

    /// The same pixels as RGBA, as notifications want them.
    byte[] rgba() {
        byte[] result = new byte[argb.length];
        for (int at = 0; at < argb.length; at += 4) {
            result[at] = argb[at + 1];
            result[at + 1] = argb[at + 2];
            result[at + 2] = argb[at + 3];
            result[at + 3] = argb[at];
        }
        return result;
    }

    private static Pixmap unpacked(int width, int height, int channels, byte[] packed) throws IOException {
        int stride = width * channels;
        byte[] above = new byte[stride];
        byte[] row = new byte[stride];
        byte[] argb = new byte[width * height * 4];
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(packed)))) {
            for (int y = 0; y < height; y++) {
                int filter = in.readUnsignedByte();
                in.readFully(row);
                unfilter(filter, row, above, channels);
                for (int x = 0; x < width; x++) {
                    int to = (y * width + x) * 4;
                    argb[to] = channels == 4 ? row[x * 4 + 3] : (byte) 0xff;
                    System.arraycopy(row, x * channels, argb, to + 1, 3);
                }
                byte[] done = row;
                row = above;
                above = done;
            }
        }
        return new Pixmap(width, height, argb);
    }

    /// Undoes a row's filter in place (chapter 9 of the standard).
    private static void unfilter(int filter, byte[] row, byte[] above, int step) throws IOException {
        for (int at = 0; at < row.length; at++) {
            int left = at < step ? 0 : row[at - step] & 0xff;
            int up = above[at] & 0xff;
            int corner = at < step ? 0 : above[at - step] & 0xff;
            int predicted = switch (filter) {
                case 0 -> 0;
                case 1 -> left;
                case 2 -> up;
                case 3 -> (left + up) / 2;
                case 4 -> nearest(left, up, corner);
                default -> throw new IOException("unsupported PNG filter: " + filter);
            };
            row[at] = (byte) (row[at] + predicted);
        }
    }

    private static int nearest(int left, int up, int corner) {
        int estimate = left + up - corner;
        int toLeft = Math.abs(estimate - left);
        int toUp = Math.abs(estimate - up);
        int toCorner = Math.abs(estimate - corner);
        if (toLeft <= toUp && toLeft <= toCorner) {
            return left;
        }
        return toUp <= toCorner ? up : corner;
    }
}
