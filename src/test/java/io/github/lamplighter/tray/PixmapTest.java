package io.github.lamplighter.tray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lamplighter.status.ToolStatus.State;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PixmapTest {

    private static final int DARK_PANEL = 32;
    private static final int LIGHT_PANEL = 245;

    @ParameterizedTest
    @EnumSource(State.class)
    void readsTheArtworkOfEachStateAsTheJdkDoes(State state) throws IOException {
        for (int size : new int[] {16, 22, 24, 32, 48, 64}) {
            try (InputStream in = Pixmap.class.getResourceAsStream("lantern-%s-%d.png".formatted(state.word(), size))) {
                assertThat(in).isNotNull();
                BufferedImage expected = ImageIO.read(in);
                assertSame(StatusNotifierItemExport.artwork(state, size), expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_INT_RGB})
    void readsAnyPixels(int type) throws IOException {
        Random random = new Random(7);
        BufferedImage image = new BufferedImage(37, 19, type);
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);

        assertSame(Pixmap.ofPng(new ByteArrayInputStream(png.toByteArray())), image);
    }

    /// macOS draws only the shape, in one colour.
    @Test
    void theTemplatesOfTwoStatesAreNeverTheSameShape() {
        java.util.Set<String> shapes = new java.util.HashSet<>();
        for (State state : State.values()) {
            if (state != State.STOPPED) {
                byte[] argb =
                        StatusNotifierItemExport.artwork(state, 48).template().argb();
                StringBuilder shape = new StringBuilder();
                for (int at = 0; at < argb.length; at += 4) {
                    shape.append((argb[at] & 0xff) > 127 ? '#' : ' ');
                }
                assertThat(shapes.add(shape.toString())).as(state.word()).isTrue();
                assertThat(shape.chars().filter(one -> one == '#').count()).isBetween(200L, 1600L);
            }
        }
    }

    @Test
    void everyStateLooksDifferentInGreyscale() {
        Stream.of(State.values())
                .forEach(one -> Stream.of(State.values())
                        .filter(other -> !other.word().equals(one.word()))
                        .forEach(other -> IntStream.of(DARK_PANEL, LIGHT_PANEL)
                                .forEach(panel -> assertThat(difference(
                                                StatusNotifierItemExport.artwork(one, 16),
                                                StatusNotifierItemExport.artwork(other, 16),
                                                panel))
                                        .as("%s against %s on %d", one, other, panel)
                                        .isGreaterThan(8))));
    }

    @Test
    void refusesWhatIsNoPng() {
        assertThatThrownBy(() -> Pixmap.ofPng(new ByteArrayInputStream(new byte[64])))
                .isInstanceOf(IOException.class);
    }

    /// How many pixels differ by more than an eighth of the scale.
    private static long difference(Pixmap one, Pixmap other, int panel) {
        long count = 0;
        for (int at = 0; at < one.argb().length; at += 4) {
            if (Math.abs(grey(one.argb(), at, panel) - grey(other.argb(), at, panel)) > 32) {
                count++;
            }
        }
        return count;
    }

    private static double grey(byte[] argb, int at, int panel) {
        double alpha = (argb[at] & 0xff) / 255.0;
        double luma = 0.299 * (argb[at + 1] & 0xff) + 0.587 * (argb[at + 2] & 0xff) + 0.114 * (argb[at + 3] & 0xff);
        return alpha * luma + (1 - alpha) * panel;
    }

    private static void assertSame(Pixmap actual, BufferedImage expected) {
        assertThat(actual.width()).isEqualTo(expected.getWidth());
        assertThat(actual.height()).isEqualTo(expected.getHeight());
        for (int y = 0; y < actual.height(); y++) {
            for (int x = 0; x < actual.width(); x++) {
                int at = (y * actual.width() + x) * 4;
                byte[] bytes = actual.argb();
                int argb = (bytes[at] & 0xff) << 24
                        | (bytes[at + 1] & 0xff) << 16
                        | (bytes[at + 2] & 0xff) << 8
                        | bytes[at + 3] & 0xff;
                assertThat(argb).isEqualTo(expected.getRGB(x, y));
            }
        }
    }
}
