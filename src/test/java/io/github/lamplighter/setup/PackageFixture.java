package io.github.lamplighter.setup;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.DirectorySwap;
import io.github.lamplighter.file.EnvironmentLock;
import io.github.lamplighter.installer.self.VersionFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// A home, and unpacked packages that have the files of a real one and no program.
final class PackageFixture {

    final Path home;
    final AppDirectories directories;
    final VersionFolders folders;
    final HomeFiles files;

    PackageFixture(Path home) {
        this.home = home;
        this.directories = AppDirectories.linux(Map.of(), home);
        this.folders = new VersionFolders(directories);
        this.files = new HomeFiles(directories, folders, InstantSource.system());
    }

    /// An unpacked package of this version.
    Path unpacked(String version) throws IOException {
        return unpacked("tar", version);
    }

    Path unpacked(String kind, String version) throws IOException {
        Path image = home.resolve("Downloads/lamplighter-%s-linux-x86_64".formatted(version));
        write(image.resolve("bin/lamplighter"), "#!/bin/sh\necho " + version + "\n");
        image.resolve("bin/lamplighter").toFile().setExecutable(true);
        write(image.resolve("lib/runtime/lib/modules"), "modules of " + version);
        Path legal = write(image.resolve("lib/runtime/legal/java.base/LICENSE"), "license");
        Files.createDirectories(image.resolve("lib/runtime/legal/java.logging"));
        Files.deleteIfExists(image.resolve("lib/runtime/legal/java.logging/LICENSE"));
        Files.createSymbolicLink(
                image.resolve("lib/runtime/legal/java.logging/LICENSE"), Path.of("../java.base/LICENSE"));
        legal.toFile().setReadOnly();
        write(image.resolve("lib/build.json"), """
            {"schema": "lamplighter.build/1", "kind": "%s", "version": "%s", "platform": "linux-x86_64",
             "commit": "0123456789012345678901234567890123456789"}
            """.formatted(kind, version));
        write(image.resolve("share/applications/io.github.lamplighter.Lamplighter.desktop"), """
            [Desktop Entry]
            Type=Application
            Name=Lamplighter
            Exec=lamplighter
            TryExec=lamplighter
            Actions=check;

            [Desktop Action check]
            Name=Check now
            Exec=lamplighter doctor --background
            """);
        for (String file : new String[] {
            "icons/hicolor/48x48/apps/io.github.lamplighter.Lamplighter.png",
            "icons/hicolor/scalable/apps/io.github.lamplighter.Lamplighter.svg",
            "metainfo/io.github.lamplighter.Lamplighter.metainfo.xml",
            "man/man1/lamplighter.1",
            "bash-completion/completions/lamplighter",
            "zsh/vendor-completions/_lamplighter",
            "fish/vendor_completions.d/lamplighter.fish",
            "doc/lamplighter/copyright"
        }) {
            write(image.resolve("share").resolve(file), file + " of " + version);
        }
        return image;
    }

    InstallPackage installer(Path image) {
        return new InstallPackage(
                directories,
                folders,
                files,
                new EnvironmentLock(directories),
                new DirectorySwap.Renames(),
                Optional.of(image.resolve("lib/build.json")));
    }

    /// Installs a package as planned.
    InstallPackage.Outcome install(Path image) {
        InstallPackage installer = installer(image);
        return installer.install((InstallPackage.Plan.Ready) installer.plan(false));
    }

    Path data(String inside) {
        return home.resolve(".local/share").resolve(inside);
    }

    static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        return Files.writeString(file, text);
    }
}
