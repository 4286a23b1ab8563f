package io.github.lamplighter.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/// Packages from PyPI and npm that the tests need: the real package managers and their libraries. Each set is installed
/// once, by pip or npm as this machine configures them, under `target/harness`.
public final class RegistryPackages {

    private static final Path CACHE = Installed.CHECKOUT.resolve("target/harness");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private RegistryPackages() {}

    /// A virtual environment with the newest versions of these packages.
    public static Path python(String... packages) {
        return once("python", packages, folder -> {
            run("/usr/bin/python3", "-m", "venv", folder.toString());
            run(Stream.concat(
                            Stream.of(folder.resolve("bin/python").toString(), "-m", "pip", "install", "-q"),
                            Arrays.stream(packages))
                    .toArray(String[]::new));
        });
    }

    /// A folder whose `node_modules` has the newest versions of these packages.
    public static Path node(String... packages) {
        return once(
                "node",
                packages,
                folder -> run(Stream.concat(
                                Stream.of(
                                        "npm",
                                        "install",
                                        "--silent",
                                        "--no-fund",
                                        "--no-audit",
                                        "--prefix",
                                        folder.toString()),
                                Arrays.stream(packages))
                        .toArray(String[]::new)));
    }

    private interface Making {
        void make(Path folder) throws IOException;
    }

    private static Path once(String kind, String[] packages, Making making) {
        Path kept = CACHE.resolve(kind + "-" + String.join("-", packages).replaceAll("[^A-Za-z0-9.]+", "-"));
        try {
            Files.createDirectories(CACHE);
            Path complete = kept.resolveSibling(kept.getFileName() + ".complete");
            // Two JVMs may run tests at the same time.
            try (FileChannel channel = FileChannel.open(
                            kept.resolveSibling(kept.getFileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                if (!Files.exists(complete)) {
                    ThrowAwayHome.delete(kept);
                    Files.createDirectories(kept);
                    making.make(kept);
                    Files.createFile(complete);
                }
            }
            return kept;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String... argv) {
        Child.run(new HashMap<>(System.getenv()), LIMIT, argv).well();
    }

    /// The environment of a test with programs of such a set first on its `PATH`.
    public static void putFirst(Map<String, String> environment, Path bin) {
        environment.merge("PATH", bin.toString(), (path, first) -> first + ":" + path);
    }
}
