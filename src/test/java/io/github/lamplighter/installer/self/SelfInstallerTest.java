package io.github.lamplighter.installer.self;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfInstallerTest {

    private static final String COMMIT = "0123456789".repeat(4);

    @TempDir
    Path temporary;

    private Path home;
    private AppDirectories directories;

    @BeforeEach
    void makeHome() throws IOException {
        home = temporary.toRealPath();
        directories = AppDirectories.linux(Map.of(), home);
    }

    @Test
    void aCheckoutIsEditableAndNamesItsCommit() throws IOException {
        Path checkout = Files.createDirectories(home.resolve("src/lamplighter"));
        Files.createDirectories(checkout.resolve(".git/refs/heads"));
        Files.writeString(checkout.resolve(".git/HEAD"), "ref: refs/heads/main\n");
        Files.writeString(checkout.resolve(".git/packed-refs"), "# pack-refs\n" + COMMIT + " refs/heads/main\n");

        Provenance found = read(checkout.resolve("lamplighter"), Optional.empty());

        assertThat(found.origin()).isEqualTo(new Origin.Editable(checkout));
        assertThat(found.environment()).isEqualTo(checkout);
        assertThat(found.evidence()).contains(new Evidence("~/src/lamplighter", "a git checkout, commit 0123456"));
    }

    @ParameterizedTest
    @CsvSource({
        "deb,apt,sudo apt install --only-upgrade lamplighter",
        "rpm,dnf,sudo dnf upgrade lamplighter",
    })
    void aSystemPackageBelongsToItsPackageManager(String kind, String manager, String command) throws IOException {
        Path image = image(home.resolve("usr/lib/lamplighter"), "0.1.0", kind, "");
        Provenance found = read(home.resolve("usr/bin/lamplighter"), Optional.of(BuildRecord.in(image)));
        assertThat(found.origin()).isEqualTo(new Origin.SystemPackage(manager, command));
        assertThat(found.evidence())
                .contains(new Evidence(
                        "~/usr/lib/lamplighter/lib/build.json", kind + " package, version 0.1.0, commit 0123456"));
    }

    @Test
    void aTarHasTheFeedOfItsBuild() throws IOException {
        Path image = image(
                home.resolve("lamplighter-0.1.0"),
                "0.1.0",
                "tar",
                ", \"feed\": \"https://x.example/releases.json\", \"key\": \"a2V5\"");
        assertThat(read(VersionFolders.launcher(image), Optional.of(BuildRecord.in(image)))
                        .origin())
                .isEqualTo(new Origin.ReleaseFeed("https://x.example/releases.json", "a2V5", "tar", "linux-x86_64"));
    }

    /// A window of the old version asks after the upgrade.
    @Test
    void withVersionsSideBySideTheOneInUseIsInstalled() throws IOException {
        VersionFolders folders = new VersionFolders(directories);
        Path old = image(folders.folder("0.1.0"), "0.1.0", "tar", "");
        Path fresh = image(folders.folder("0.2.0"), "0.2.0", "tar", "");
        Files.createDirectories(fresh.resolve("lib/runtime"));
        Files.writeString(fresh.resolve("lib/runtime/release"), "JAVA_VERSION=\"25.0.9\"\n");
        folders.use("versions/0.2.0");

        Provenance found = read(folders.launcher(), Optional.of(BuildRecord.in(old)));

        assertThat(found.version()).isEqualTo("0.2.0");
        assertThat(found.environment()).isEqualTo(fresh);
        assertThat(found.program()).isEqualTo(home.resolve(".local/share/lamplighter/current/bin/lamplighter"));
        assertThat(found.runtime())
                .isEqualTo(new Provenance.Runtime("java", fresh.resolve("lib/runtime/bin/java"), "25.0.9", ""));
        assertThat(found.origin()).isEqualTo(new Origin.Archive("lamplighter-0.2.0-linux-x86_64"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ \"schema\" } | line 1, column 12: a colon is missing before this",
                "{} | `schema` is not `lamplighter.build/1`",
                "{\"schema\":\"lamplighter.build/1\",\"kind\":\"zip\"} | `kind` is not deb, rpm, tar or app",
            })
    void aDamagedRecordIsNotGuessed(String record, String why) throws IOException {
        Path image = Files.createDirectories(home.resolve("image"));
        Files.createDirectories(image.resolve("lib"));
        Files.writeString(BuildRecord.in(image), record);
        assertThat(read(VersionFolders.launcher(image), Optional.of(BuildRecord.in(image)))
                        .origin())
                .isEqualTo(new Origin.Unknown(
                        "Could not read ~/image/lib/build.json: %s.".formatted(why), Origin.Unknown.Cause.NOT_READ));
    }

    @ParameterizedTest
    @CsvSource({"version,../x", "version,''", "commit,abc", "platform,linux"})
    void anImpossibleValueIsDamage(String key, String value) throws IOException {
        Path image = image(home.resolve("image"), "0.1.0", "tar", "");
        Path file = BuildRecord.in(image);
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceFirst("\"" + key + "\":\"[^\"]*\"", "\"%s\":\"%s\"".formatted(key, value)));
        assertThat(BuildRecord.read(file))
                .isEqualTo(new BuildRecord.Reading.Damaged("`%s` is missing or not valid".formatted(key)));
    }

    @Test
    void aFeedNeedsItsKey() throws IOException {
        Path image = image(home.resolve("image"), "0.1.0", "tar", ", \"feed\": \"https://x.example/releases.json\"");
        assertThat(BuildRecord.read(BuildRecord.in(image)))
                .isEqualTo(new BuildRecord.Reading.Damaged("`feed` and `key` must both be there, or neither"));
    }

    private Provenance read(Path launcher, Optional<Path> build) {
        SelfInstaller installer = new SelfInstaller(
                directories,
                new SelfInstaller.ThisProgram(launcher, build, "0.1.0", Path.of("/java/bin/java"), "25.0.1"));
        return installer.owner(launcher).orElseThrow();
    }

    private static Path image(Path folder, String version, String kind, String more) throws IOException {
        Files.createDirectories(folder.resolve("lib"));
        Files.writeString(BuildRecord.in(folder), """
            {"schema":"lamplighter.build/1","kind":"%s","version":"%s","commit":"%s","platform":"linux-x86_64"%s}
            """.formatted(kind, version, COMMIT, more));
        return folder;
    }
}
