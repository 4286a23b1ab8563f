package io.github.lamplighter.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The program of a release that writes the feed (`packaging/ReleaseFeed.java`), read as an installed Lamplighter does.
class ReleaseFeedTest {

    private static final Path SCHEMA = Installed.CHECKOUT.resolve("docs/schemas/releases-1.json");

    /// Compiled once: the source launcher would do it in each run.
    @TempDir
    static Path classes;

    @TempDir
    Path temporary;

    private Path folder;
    private SigningKey key;
    private Path pem;

    @BeforeAll
    static void compile() {
        Child.run(
                        Map.of(),
                        Duration.ofSeconds(60),
                        Path.of(System.getProperty("java.home"), "bin/javac").toString(),
                        "-proc:none",
                        "-d",
                        classes.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Installed.CHECKOUT.resolve("packaging/ReleaseFeed.java").toString())
                .well();
    }

    @BeforeEach
    void aFolderOfPackages() throws Exception {
        folder = Files.createDirectory(temporary.resolve("packages"));
        key = new SigningKey();
        pem = Files.writeString(temporary.resolve("key.pem"), key.pem());
        packages("0.2.0");
    }

    private void packages(String version) throws IOException {
        for (String name : List.of(
                "lamplighter_" + version.replace('-', '~') + "_arm64.deb",
                "lamplighter-" + version + "-1.x86_64.rpm",
                "lamplighter-" + version + "-linux-x86_64.tar.gz",
                "lamplighter-" + version + "-macos-aarch64.tar.gz",
                "lamplighter-" + version + "-macos-aarch64.app.tar.gz",
                "lamplighter-" + version + "-macos-aarch64.dmg",
                "lamplighter-" + version + "-linux-x86_64.cdx.json")) {
            Files.writeString(folder.resolve(name), name);
        }
    }

    @Test
    void aNewReleaseIsSignedAndKeepsThePreviousOnes() throws Exception {
        assertThat(run("--notes", "https://example.org/0.2.0").err()).isEmpty();
        String first = Files.readString(folder.resolve("releases.json"));
        assertThat(new Schema(SCHEMA).complaints(first)).isEmpty();
        assertThat(signed("releases.json")).isTrue();
        assertThat(signed("SHA256SUMS")).isTrue();
        JsonNode release = JsonFile.MAPPER.readTree(first).path("releases").path(0);
        assertThat(release.path("version").asString("")).isEqualTo("0.2.0");
        assertThat(release.path("files").valueStream().map(ReleaseFeedTest::text))
                .containsExactlyInAnyOrder(
                        "deb linux-aarch64 lamplighter_0.2.0_arm64.deb",
                        "rpm linux-x86_64 lamplighter-0.2.0-1.x86_64.rpm",
                        "tar linux-x86_64 lamplighter-0.2.0-linux-x86_64.tar.gz",
                        "tar macos-aarch64 lamplighter-0.2.0-macos-aarch64.tar.gz",
                        "app macos-aarch64 lamplighter-0.2.0-macos-aarch64.app.tar.gz");
        assertThat(Child.run(
                                Map.of("PATH", "/usr/bin:/bin"),
                                Duration.ofSeconds(20),
                                "sh",
                                "-c",
                                "cd '" + folder + "' && sha256sum --check SHA256SUMS")
                        .well()
                        .out()
                        .lines())
                .hasSize(7)
                .allMatch(line -> line.endsWith(": OK"));

        Path previous = Files.createDirectory(temporary.resolve("previous"));
        for (String name : List.of("releases.json", "releases.json.sig")) {
            Files.move(folder.resolve(name), previous.resolve(name));
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        packages("0.3.0-rc1");
        String[] options = {
            "--previous", previous.resolve("releases.json").toString(), "--base", "https://example.org/v0.3.0"
        };
        assertThat(run(options).err()).isEmpty();
        String second = Files.readString(folder.resolve("releases.json"));
        assertThat(new Schema(SCHEMA).complaints(second)).isEmpty();
        assertThat(signed("releases.json")).isTrue();
        JsonNode releases = JsonFile.MAPPER.readTree(second).path("releases");
        assertThat(releases.valueStream().map(each -> each.path("version").asString("")))
                .containsExactly("0.3.0-rc1", "0.2.0");
        assertThat(releases.path(1)).isEqualTo(release);
        assertThat(releases.path(0).path("files").valueStream().map(ReleaseFeedTest::text))
                .contains("deb linux-aarch64 https://example.org/v0.3.0/lamplighter_0.3.0~rc1_arm64.deb");

        // A changed previous feed would be signed again.
        Files.writeString(previous.resolve("releases.json"), first.replace("0.2.0", "0.2.1"));
        assertThat(run(options).err())
                .isEqualTo("release-feed: the signature of the previous feed is missing or wrong\n");
        assertThat(folder.resolve("releases.json")).hasContent(second);
    }

    @Test
    void nothingIsWrittenWithTheWrongKey() throws Exception {
        Files.writeString(pem, new SigningKey().pem());
        assertThat(run().err())
                .isEqualTo("release-feed: the private key does not belong to the public key of the packages\n");
        assertThat(folder.resolve("releases.json")).doesNotExist();
        Files.writeString(pem, key.pem().replace("M", "!"));
        assertThat(run().err()).startsWith("release-feed: the key is not an Ed25519 key.");
    }

    @Test
    void mixedVersionsAndUnknownFilesAreRefused() throws Exception {
        Path other = Files.writeString(folder.resolve("lamplighter_0.1.9_amd64.deb"), "");
        assertThat(run().err()).contains("the folder has packages of ").contains("0.1.9");
        Files.delete(other);
        Files.writeString(folder.resolve("key.pem"), "");
        assertThat(run().err())
                .isEqualTo("release-feed: key.pem is not a file of a release. Remove it, or rename it.\n");
        assertThat(folder.resolve("releases.json")).doesNotExist();
    }

    private Child.Ended run(String... options) {
        List<String> argv = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes + ":" + System.getProperty("java.class.path"),
                "ReleaseFeed",
                folder.toString(),
                "--key",
                pem.toString(),
                "--public-key",
                key.publicKey()));
        argv.addAll(List.of(options));
        return Child.run(Map.of(), Duration.ofSeconds(60), argv.toArray(String[]::new));
    }

    private boolean signed(String name) throws IOException {
        return ReleaseSignature.matches(
                key.publicKey(),
                Files.readAllBytes(folder.resolve(name)),
                Files.readAllBytes(folder.resolve(name + ".sig")));
    }

    private static String text(JsonNode file) {
        return "%s %s %s"
                .formatted(
                        file.path("kind").asString(""),
                        file.path("platform").asString(""),
                        file.path("url").asString(""));
    }
}
