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

/// When the files of an install came to lie where they are. Unpacking sets the modification time of a file
/// back to whatever the author had: npm's package.json has a change time (stat(2), `st_ctime`); what uv links
/// from its cache changes with every link, so that of Python's metadata the folder is asked, which is made at
/// the install.
final class InstalledAt {

    private InstalledAt() {}

    static Optional<Instant> of(Provenance install) {
        Path environment = install.environment();
        return time(environment.resolve("package.json"), "unix:ctime").or(() -> python(install, environment));
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
