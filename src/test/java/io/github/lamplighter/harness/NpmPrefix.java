package io.github.lamplighter.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A private npm prefix with a package in it that npm really installed from its registry. The download is made once,
/// under `target/harness`; each test gets a copy.
public final class NpmPrefix {

    private static final Path CACHE = Installed.CHECKOUT.resolve("target/harness");

    private final Path folder;

    private NpmPrefix(Path folder) {
        this.folder = folder;
    }

    public static NpmPrefix withHttpServer(ThrowAwayHome home) {
        return with(home, "http-server", "14.1.0");
    }

    public static NpmPrefix with(ThrowAwayHome home, String name, String version) {
        Path kept = CACHE.resolve("npm-" + name.replace('/', '-') + "-" + version);
        try {
            Files.createDirectories(CACHE);
            if (!Files.isDirectory(kept)) {
                Path fresh = Files.createTempDirectory(CACHE, "npm-");
                Map<String, String> environment = new LinkedHashMap<>(System.getenv());
                environment.keySet().removeIf(variable -> variable.equalsIgnoreCase("npm_config_prefix"));
                environment.putAll(settings());
                Child.run(
                                environment,
                                Duration.ofMinutes(4),
                                "npm",
                                "install",
                                "--global",
                                "--prefix",
                                fresh.toString(),
                                "--no-audit",
                                "--no-fund",
                                name + "@" + version)
                        .well();
                try {
                    Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE);
                } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
                    // Another test was quicker.
                    ThrowAwayHome.delete(fresh);
                }
            }
            Path folder = home.resolve(".npm-global");
            // Links stay links: npm's are relative.
            Child.run(home.environment(), Duration.ofMinutes(1), "cp", "-a", kept.toString(), folder.toString())
                    .well();
            // The registry is the real one, and other tests keep the machine busy: it is waited for.
            Path settings = home.resolve(".config/lamplighter/settings.json");
            Files.createDirectories(settings.getParent());
            Files.writeString(settings, "{ \"network.limit\" : \"30s\" }\n");
            return new NpmPrefix(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How npm reaches its registry from a throw-away home: by the settings of the user who runs the tests.
    private static Map<String, String> settings() {
        Map<String, String> result = new LinkedHashMap<>();
        result.put("npm_config_update_notifier", "false");
        result.put("npm_config_cache", CACHE.resolve("npm-cache").toString());
        Optional.ofNullable(System.getenv("HOME"))
                .map(home -> Path.of(home, ".npmrc"))
                .filter(Files::isReadable)
                .ifPresent(file -> result.put("npm_config_userconfig", file.toString()));
        return result;
    }

    /// What a program that asks npm is given, above the home's environment.
    public Map<String, String> environment() {
        Map<String, String> result = new LinkedHashMap<>(settings());
        result.put("npm_config_prefix", folder.toString());
        return result;
    }

    public Path folder() {
        return folder;
    }

    public Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }
}
