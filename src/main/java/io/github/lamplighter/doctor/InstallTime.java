package io.github.lamplighter.doctor;

import io.github.lamplighter.installer.Provenance;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// When the files of an install were put in place. Modification times of files are no evidence, because
/// unpacking restores those of the author. The time of a folder is: npm creates the folder of a package for
/// each version (statx(2), `stx_btime`), pip and uv that of Python's metadata.
final class InstallTime {

    private InstallTime() {}

    static Optional<Instant> of(Provenance install) {
        Path environment = install.environment();
        return Files.isRegularFile(environment.resolve("package.json"))
                ? time(environment, "creationTime")
                : python(install, environment);
    }

    private static Optional<Instant> python(Provenance install, Path environment) {
        String start = install.packageName().toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "_") + "-";
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(environment.resolve("lib"), "python3*")) {
            for (Path version : versions) {
                try (DirectoryStream<Path> infos =
                        Files.newDirectoryStream(version.resolve("site-packages"), "*.dist-info")) {
                    for (Path info : infos) {
                        String name = String.valueOf(info.getFileName())
                                .toLowerCase(Locale.ROOT)
                                .replace('.', '_');
                        if (name.startsWith(start)) {
                            return time(info, "lastModifiedTime");
                        }
                    }
                }
            }
        } catch (IOException _) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<Instant> time(Path file, String attribute) {
        try {
            return Files.getAttribute(file, attribute) instanceof FileTime time
                    ? Optional.of(time.toInstant())
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException _) {
            return Optional.empty();
        }
    }
}
