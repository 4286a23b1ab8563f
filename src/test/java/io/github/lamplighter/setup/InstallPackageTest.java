package io.github.lamplighter.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.setup.InstallPackage.Outcome;
import io.github.lamplighter.setup.InstallPackage.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstallPackageTest {

    private static final String ENTRY = "applications/io.github.lamplighter.Lamplighter.desktop";

    @TempDir
    private Path temporary;

    private PackageFixture fixture;
    private Path command;

    @BeforeEach
    void aHome() throws IOException {
        fixture = new PackageFixture(Files.createDirectory(temporary.resolve("jürgen x")));
        command = fixture.home.resolve(".local/bin/lamplighter");
    }

    @Test
    void theCommandStartsTheCopyAndTheUnpackedFolderIsNotNeeded() throws Exception {
        Path image = fixture.unpacked("0.1.0");
        assertThat(fixture.install(image)).isInstanceOf(Outcome.Done.class);
        delete(image);
        assertThat(run(command)).isEqualTo("0.1.0");
        assertThat(fixture.folders.launcher()).hasSameBinaryContentAs(command);
        assertThat(fixture.data("lamplighter/versions/0.1.0/lib/runtime/legal/java.logging/LICENSE"))
                .isSymbolicLink()
                .hasContent("license");
        assertThat(fixture.data("icons/hicolor/48x48/apps/io.github.lamplighter.Lamplighter.png"))
                .content()
                .endsWith("of 0.1.0");
        assertThat(fixture.data("zsh/site-functions/_lamplighter")).exists();
        assertThat(fixture.data("doc")).doesNotExist();
        assertThat(fixture.data(ENTRY))
                .content()
                .contains(
                        "\nExec=\"%s\"\n".formatted(fixture.folders.launcher()),
                        "\nTryExec=%s\n".formatted(fixture.folders.launcher()),
                        "\" doctor --background\n");
    }

    @Test
    void aSecondRunHasNothingToDoAndRepairsWhatIsMissing() throws Exception {
        Path image = fixture.unpacked("0.1.0");
        fixture.install(image);
        assertThat(ready(image).isDone()).isTrue();
        Files.delete(command);
        Files.delete(fixture.data("lamplighter/versions/0.1.0/lib/runtime/lib/modules"));
        assertThat(ready(image).copies()).isTrue();
        assertThat(fixture.install(image)).isInstanceOf(Outcome.Done.class);
        assertThat(ready(image).isDone()).isTrue();
        assertThat(run(command)).isEqualTo("0.1.0");
        assertThat(fixture.data("lamplighter/versions/0.1.0/lib/runtime/lib/modules"))
                .exists();
        assertThat(names(fixture.data("lamplighter/versions"))).containsExactly("0.1.0");
    }

    @Test
    void aNewVersionIsUsedAndTheOldOneKept() throws Exception {
        fixture.install(fixture.unpacked("0.1.0"));
        Path newer = fixture.unpacked("0.2.0");
        Files.delete(newer.resolve("share/fish/vendor_completions.d/lamplighter.fish"));
        assertThat(fixture.install(newer)).isInstanceOf(Outcome.Done.class);
        assertThat(run(command)).isEqualTo("0.2.0");
        assertThat(names(fixture.data("lamplighter/versions"))).containsExactly("0.1.0", "0.2.0");
        assertThat(Files.exists(fixture.data("fish/vendor_completions.d/lamplighter.fish"), LinkOption.NOFOLLOW_LINKS))
                .as("a file that the new version doesn't have")
                .isFalse();
    }

    @Test
    void theFilesFollowTheVersionInUse() throws Exception {
        fixture.install(fixture.unpacked("0.1.0"));
        Path newer = fixture.unpacked("0.2.0");
        Path icon = PackageFixture.write(newer.resolve("share/icons/hicolor/16x16/apps/new.png"), "new");
        FolderCopy.copy(newer, fixture.folders.folder("0.2.0"));
        fixture.folders.use("versions/0.2.0");
        fixture.files.refresh();
        assertThat(fixture.data("icons/hicolor/16x16/apps/new.png")).hasSameTextualContentAs(icon);
        fixture.folders.use("versions/0.1.0");
        fixture.files.refresh();
        assertThat(Files.exists(fixture.data("icons/hicolor/16x16/apps/new.png"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    @Test
    void aMacosAppIsCopiedWholeAndHasTheLayoutOfOtherPackages() throws Exception {
        Path app = fixture.home.resolve("Downloads/Lamplighter 2.app");
        Path image = app.resolve("Contents/Resources/lamplighter");
        Files.createDirectories(image.getParent());
        Files.move(fixture.unpacked("app", "0.1.0"), image);
        PackageFixture.write(app.resolve("Contents/Info.plist"), "plist");
        assertThat(fixture.install(image)).isInstanceOf(Outcome.Done.class);
        assertThat(ready(image).isDone()).isTrue();
        delete(app);
        assertThat(run(command)).isEqualTo("0.1.0");
        Path installed = fixture.home.resolve("Applications/Lamplighter.app");
        assertThat(installed.resolve("Contents/Info.plist")).hasContent("plist");
        assertThat(installed.toRealPath()).isEqualTo(fixture.data("lamplighter/versions/0.1.0/Lamplighter.app"));
        assertThat(fixture.folders.installed())
                .extracting(folder -> folder.getFileName().toString())
                .containsExactly("0.1.0");
        assertThat(fixture.data("fish/vendor_completions.d/lamplighter.fish"))
                .hasContent("fish/vendor_completions.d/lamplighter.fish of 0.1.0");
    }

    @Test
    void anOlderVersionIsRefusedUnlessAskedFor() throws Exception {
        fixture.install(fixture.unpacked("0.10.0"));
        Path older = fixture.unpacked("0.9.0");
        assertThat(fixture.installer(older).plan(false)).isInstanceOfSatisfying(Plan.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo("older-version");
            assertThat(refused.why()).contains("0.10.0", "`--allow-downgrade`");
        });
        InstallPackage installer = fixture.installer(older);
        installer.install((Plan.Ready) installer.plan(true));
        assertThat(run(command)).isEqualTo("0.9.0");
    }

    @Test
    void filesOfTheUserAreNotOverwritten() throws Exception {
        Path checkout = PackageFixture.write(fixture.home.resolve("src/lamplighter"), "a checkout");
        Files.createDirectories(command.getParent());
        Files.createSymbolicLink(command, checkout);
        PackageFixture.write(fixture.data(ENTRY), "mine");
        assertThat(fixture.install(fixture.unpacked("0.1.0"))).isInstanceOf(Outcome.Done.class);
        assertThat(Files.readSymbolicLink(command)).isEqualTo(checkout);
        assertThat(fixture.data(ENTRY)).hasContent("mine");
        assertThat(run(fixture.folders.launcher())).isEqualTo("0.1.0");
        assertThat(fixture.files.recorded()).noneMatch(file -> file.path().equals(command));
    }

    @Test
    void aPartialCopyNeverCountsAndIsRemoved() throws Exception {
        Path left = PackageFixture.write(fixture.data("lamplighter/versions/.0.1.0.partial/bin/lamplighter"), "half");
        Path image = fixture.unpacked("0.1.0");
        assertThat(ready(image).copies()).isTrue();
        fixture.install(image);
        assertThat(left).doesNotExist();
        assertThat(run(command)).isEqualTo("0.1.0");
    }

    @Test
    void twoInstallationsDoNotMix() throws Exception {
        Path image = fixture.unpacked("0.1.0");
        InstallPackage installer = fixture.installer(image);
        Plan.Ready plan = (Plan.Ready) installer.plan(false);
        Files.createDirectories(fixture.folders.versions());
        try (var _ = (EnvironmentLock.Held)
                new EnvironmentLock(fixture.directories).take(fixture.folders.versions(), "Upgrading Lamplighter.")) {
            assertThat(installer.install(plan))
                    .isInstanceOfSatisfying(
                            Outcome.Busy.class, busy -> assertThat(busy.why()).contains("Upgrading Lamplighter."));
        }
        assertThat(names(fixture.folders.versions())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"deb", "rpm", "zip"})
    void otherKindsOfPackagesAreRefused(String kind) throws Exception {
        assertThat(fixture.installer(fixture.unpacked(kind, "0.1.0")).plan(false))
                .isInstanceOf(Plan.Refused.class);
    }

    private Plan.Ready ready(Path image) {
        return (Plan.Ready) fixture.installer(image).plan(false);
    }

    private static String run(Path program) throws Exception {
        Process process = new ProcessBuilder(program.toString()).start();
        return new String(process.getInputStream().readAllBytes()).strip();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> String.valueOf(child.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        io.github.lamplighter.upgrade.DirectoryTrees.delete(folder);
    }
}
