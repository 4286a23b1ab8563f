package io.github.lamplighter.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// A user's home with its XDG folders, of one test. What it gives to programs names no folder of the
/// machine's user, but for the settings of package managers, so that a registry of the machine's choice is
/// used.
public final class ThrowAwayHome implements AutoCloseable {

    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path base;
    private final Path home;

    private ThrowAwayHome(Path base, Path home) {
        this.base = base;
        this.home = home;
    }

    public static ThrowAwayHome make() {
        return make("ada");
    }

    /// A home whose name has a space and a letter outside ASCII.
    public static ThrowAwayHome withDifficultName() {
        return make("jürgen x");
    }

    public static ThrowAwayHome make(String user) {
        try {
            // Short, since a unix socket's path ends at 107 bytes.
            Path base = Files.createTempDirectory("ll", PRIVATE);
            Path home = Files.createDirectory(base.resolve(user), PRIVATE);
            Files.createDirectory(base.resolve("run"), PRIVATE);
            for (String folder : new String[] {".config", ".cache", ".local/state", ".local/share", ".local/bin"}) {
                Files.createDirectories(home.resolve(folder), PRIVATE);
            }
            return new ThrowAwayHome(base, home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path path() {
        return home;
    }

    public Path runtime() {
        return base.resolve("run");
    }

    /// A path inside the home.
    public Path resolve(String inside) {
        return home.resolve(inside);
    }

    /// What a login of this user gives to its programs.
    public Map<String, String> environment() {
        Map<String, String> result = new LinkedHashMap<>();
        System.getenv().forEach((name, value) -> {
            if (isOfTheMachine(name)) {
                result.put(name, value);
            }
        });
        result.put("PATH", home.resolve(".local/bin") + ":" + path(System.getenv("PATH")));
        result.put("HOME", home.toString());
        result.put("USER", System.getProperty("user.name"));
        result.put("LANG", "C.UTF-8");
        result.put("SHELL", "/bin/sh");
        result.put("XDG_RUNTIME_DIR", runtime().toString());
        result.put("XDG_CONFIG_HOME", home.resolve(".config").toString());
        result.put("XDG_CACHE_HOME", home.resolve(".cache").toString());
        result.put("XDG_STATE_HOME", home.resolve(".local/state").toString());
        result.put("XDG_DATA_HOME", home.resolve(".local/share").toString());
        // The launcher finds its JDK again where it is looked for in the home.
        result.put("JAVA_HOME", System.getProperty("java.home"));
        return result;
    }

    /// Proxies, certificates and the package managers' own variables: how this machine reaches a registry.
    private static boolean isOfTheMachine(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith("_proxy")
                || lower.startsWith("npm_config_")
                || lower.startsWith("pip_")
                || name.equals("NODE_EXTRA_CA_CERTS")
                || name.equals("SSL_CERT_FILE")
                || name.equals("SSL_CERT_DIR")
                || name.equals("REQUESTS_CA_BUNDLE");
    }

    private static String path(@org.jspecify.annotations.Nullable String inherited) {
        return inherited == null || inherited.isEmpty() ? "/usr/local/bin:/usr/bin:/bin" : inherited;
    }

    @Override
    public void close() {
        delete(base);
    }

    /// Takes a folder of a home away with all that is in it.
    public static void remove(Path folder) {
        delete(folder);
    }

    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                try {
                    Files.deleteIfExists(file);
                } catch (FileSystemException e) {
                    // A mount of a service manager's own, or a file of a program that is just ending: it is
                    // temporary.
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // The same, seen while walking.
        }
    }
}
