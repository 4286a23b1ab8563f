package io.github.lamplighter.installer.self;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.self.PackageArchive.Unpacked;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackageArchiveTest {

    private static final long MOST = 10_000_000;

    @TempDir
    Path folder;

    private Path out;

    @BeforeEach
    void makeFolder() throws IOException {
        out = Files.createDirectory(folder.resolve("out"));
    }

    /// Written by the system's tar, in the formats that it knows, with a path that needs their extensions.
    @ParameterizedTest
    @ValueSource(strings = {"gnu", "pax", "ustar"})
    void whatTarWroteIsRead(String format) throws Exception {
        Path top = Files.createDirectories(folder.resolve("in/lamplighter-0.2.0"));
        String deep = format.equals("ustar") ? "d/".repeat(60) : "a-long-folder-name/".repeat(20);
        Path file = top.resolve(deep + "file.txt");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "content of ü\n".repeat(100));
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
        Path program = Files.writeString(top.resolve("program"), "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Files.createDirectories(top.resolve("empty"));
        Files.createDirectories(top.resolve("legal/java.xml"));
        Files.createSymbolicLink(top.resolve("legal/java.xml/LICENSE"), Path.of("../../program"));
        Path archive = folder.resolve("x.tar.gz");
        Process tar = new ProcessBuilder(
                        "tar",
                        "-C",
                        folder.resolve("in").toString(),
                        "--format=" + format,
                        "-czf",
                        archive.toString(),
                        "lamplighter-0.2.0")
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();

        Unpacked unpacked = new PackageArchive(archive, MOST).unpack(out);

        Path result = out.resolve("lamplighter-0.2.0");
        assertThat(unpacked).isEqualTo(new Unpacked.Done(result));
        assertThat(result.resolve(deep + "file.txt")).hasSameTextualContentAs(file);
        assertThat(Files.getLastModifiedTime(result.resolve(deep + "file.txt")).toInstant())
                .isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(result.resolve("program")).isExecutable();
        assertThat(result.resolve("empty")).isDirectory();
        assertThat(Files.readSymbolicLink(result.resolve("legal/java.xml/LICENSE")))
                .isEqualTo(Path.of("../../program"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"top/../../x", "/etc/x", "../x", "top//x", "top/./x", ".", "top/.."})
    void aPathThatLeadsOutIsRefused(String name) throws IOException {
        assertThat(refusal(file("top/a"), file(name))).contains("leads out of it");
        assertNothingOutside();
    }

    @ParameterizedTest
    @CsvSource({
        "top/link,../../x",
        "top/link,/etc/passwd",
        "top/link,..",
        "top/link,a/../../../x",
        "top/link,./../..",
        "top/link,''",
        "link,x"
    })
    void aLinkThatLeadsOutIsRefused(String name, String target) throws IOException {
        assertThat(refusal(file("top/a"), link(name, target)))
                .containsAnyOf("leads out of it", "more than one top folder");
        assertNothingOutside();
    }

    /// `d` is the folder `top/a`, so that `d/e` would go up from there, out of `top`.
    @Test
    void aLinkBelowALinkIsRefused() throws IOException {
        assertThat(refusal(file("top/a/b/c/f"), link("top/a/b/c/d", "../../../a"), link("top/a/b/c/d/e", "../../../x")))
                .contains("leads out of it");
    }

    @Test
    void nothingIsWrittenThroughALink() throws IOException {
        Path target = Files.createDirectory(folder.resolve("target"));
        assertThat(refusal(link("top/d", "../../target"), file("top/d/x"))).contains("leads out of it");
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void twiceTheSameIsRefused() throws IOException {
        assertThat(refusal(file("top/a"), file("top/a"))).contains("top/a twice");
        Files.delete(out.resolve("top/a"));
        assertThat(refusal(link("top/b", "a"), file("top/b"))).contains("top/b twice");
    }

    @Test
    void thereIsOneTopFolder() throws IOException {
        assertThat(refusal(file("top/a"), file("other/a"))).contains("more than one top folder");
        assertThat(refusal()).contains("it is empty");
    }

    @ParameterizedTest
    @ValueSource(chars = {'1', '3', '4', '6', '7', 'S'})
    void devicesAndHardLinksAreRefused(char type) throws IOException {
        assertThat(refusal(entry("top/x", type, "", new byte[0]))).contains("neither a file, a folder nor a link");
    }

    @Test
    void aBombIsRefusedBeforeItIsWritten() throws IOException {
        byte[] large = new byte[6_000_000];
        assertThat(refusal(entry("top/a", '0', "", large), entry("top/b", '0', "", large)))
                .contains("unpacks to more than 10 MB");
        assertThat(out.resolve("top/b")).doesNotExist();
    }

    @Test
    void aCutOrChangedArchiveIsDamaged() throws IOException {
        byte[] whole = zipped(file("top/a"), entry("top/b", '0', "", new byte[100_000]));
        assertThat(refusal(Arrays.copyOf(whole, whole.length / 2))).contains("damaged");
        assertThat(refusal("no archive".getBytes(StandardCharsets.UTF_8))).contains("damaged");
        byte[] header = file("top/c");
        header[3] ^= 1;
        assertThat(refusal(header)).contains("damaged");
    }

    private void assertNothingOutside() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("out", "x.tar.gz");
        }
    }

    private String refusal(byte[]... entries) throws IOException {
        return refusal(zipped(entries));
    }

    private String refusal(byte[] archive) throws IOException {
        if (archive.length % 512 == 0 && archive.length > 0 && archive[0] != 0x1f) {
            return refusal(zipped(archive));
        }
        Path file = Files.write(folder.resolve("x.tar.gz"), archive);
        return ((Unpacked.Refused) new PackageArchive(file, MOST).unpack(out)).why();
    }

    private static byte[] zipped(byte[]... entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            for (byte[] entry : List.of(entries)) {
                gzip.write(entry);
            }
            gzip.write(new byte[1024]);
        }
        return bytes.toByteArray();
    }

    private static byte[] file(String name) {
        return entry(name, '0', "", "text".getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] link(String name, String target) {
        return entry(name, '2', target, new byte[0]);
    }

    private static byte[] entry(String name, char type, String link, byte[] content) {
        byte[] header = new byte[512 + (content.length + 511) / 512 * 512];
        put(header, 0, name);
        put(header, 100, "0000644");
        put(header, 124, "%011o".formatted(content.length));
        put(header, 136, "%011o".formatted(1_700_000_000));
        put(header, 148, "        ");
        header[156] = (byte) type;
        put(header, 157, link);
        put(header, 257, "ustar");
        put(header, 263, "00");
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += header[i] & 0xff;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        System.arraycopy(content, 0, header, 512, content.length);
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
