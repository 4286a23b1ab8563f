package io.github.lamplighter.installer.self;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The macOS application of a version. The package stands in its resources, where the signature of the application
/// covers it (Apple, "Placing Content in a Bundle"). Installed versions have the layout of any other package, by links:
///
/// ```
/// versions/0.1.0/Lamplighter.app/Contents/Resources/lamplighter/{bin,lib,share}
/// versions/0.1.0/bin -> Lamplighter.app/Contents/Resources/lamplighter/bin
/// ```
public final class AppBundle {

    private static final String NAME = "Lamplighter.app";

    private static final Path RESOURCES = Path.of("Contents/Resources/lamplighter");

    private static final List<String> PARTS = List.of("bin", "lib", "share");

    private AppBundle() {}

    /// The application that contains the folder of a package; empty if none does.
    public static Optional<Path> around(Path image) {
        return image.endsWith(RESOURCES) ? Optional.of(image.resolve("../../..").normalize()) : Optional.empty();
    }

    /// Where the application is in the folder of a version, whether it is there or not.
    public static Path in(Path folder) {
        return folder.resolve(NAME);
    }

    /// Whether a folder is an application that contains a package.
    public static boolean isAppBundle(Path folder) {
        return Files.isDirectory(folder.resolve(RESOURCES));
    }

    /// Links the parts of the package into the folder of its version.
    public static void link(Path folder) throws IOException {
        for (String part : PARTS) {
            Files.createSymbolicLink(
                    folder.resolve(part), Path.of(NAME).resolve(RESOURCES).resolve(part));
        }
    }
}
