package io.github.lamplighter.harness;

import io.github.lamplighter.file.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// A launchd for a test: the real one on macOS, elsewhere a stand-in (`fake-launchctl`) that starts real processes and
/// comes first on the `PATH`.
public final class Launchd implements AutoCloseable {

    private static final Path PROGRAM = Path.of("src/test/resources/fake-launchctl/launchctl.py");

    private final ThrowAwayHome home;
    private final Path folder;
    private final List<Child> daemon = new ArrayList<>();
    private final ObjectNode config = JsonFile.MAPPER.createObjectNode();

    private Launchd(ThrowAwayHome home) {
        this.home = home;
        this.folder = home.runtime().resolve("launchd");
    }

    public static boolean isPossible() {
        return !isSimulated() || Files.isExecutable(Path.of("/usr/bin/python3"));
    }

    public static boolean isSimulated() {
        return !System.getProperty("os.name").startsWith("Mac");
    }

    /// With a second of throttling where the agent names none, and a bootout that goes on for a moment after it
    /// returned.
    public static Launchd start(ThrowAwayHome home) {
        Launchd launchd = new Launchd(home);
        if (isSimulated()) {
            launchd.simulate();
        }
        return launchd;
    }

    private void simulate() {
        try {
            Files.createDirectories(folder.resolve("bin"));
            Path launchctl = folder.resolve("bin/launchctl");
            Files.writeString(
                    launchctl,
                    "#!/bin/sh\nexec /usr/bin/python3 -S -E '%s' '%s' \"$@\"\n"
                            .formatted(PROGRAM.resolveSibling("client.py").toAbsolutePath(), folder));
            Files.setPosixFilePermissions(launchctl, PosixFilePermissions.fromString("rwxr-xr-x"));
            long user = ((Number) Files.getAttribute(home.path(), "unix:uid")).longValue();
            config.put("uid", user).put("throttle", 1.0).put("unitSeconds", 0.2).put("teardown", 0.3);
            config.putArray("domains").add("gui").add("user");
            save();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon.add(Child.start(
                environment(),
                Path.of("/"),
                List.of("/usr/bin/python3", "-S", "-E", PROGRAM.toAbsolutePath().toString(), folder.toString())));
        Await.until("the stand-in listens", Duration.ofSeconds(10), () -> Files.exists(folder.resolve("s")));
    }

    /// What a login of this user gives to its programs.
    public Map<String, String> environment() {
        Map<String, String> result = new LinkedHashMap<>(home.environment());
        if (isSimulated()) {
            result.put("PATH", folder.resolve("bin") + ":" + result.get("PATH"));
        }
        return result;
    }

    /// How the stand-in behaves from now on; its text says which settings there are.
    public void set(String key, Object value) {
        config.putPOJO(key, value);
        save();
    }

    /// Runs launchctl as a person would.
    public Child.Ended launchctl(String... arguments) {
        List<String> argv = new ArrayList<>(
                List.of(isSimulated() ? folder.resolve("bin/launchctl").toString() : "/bin/launchctl"));
        argv.addAll(List.of(arguments));
        return Child.run(environment(), Duration.ofSeconds(20), argv.toArray(String[]::new));
    }

    /// Everything ends, and what lies in the folder of agents begins, as at the next login.
    public void logInAgain() {
        launchctl("simulate-login", home.resolve("Library/LaunchAgents").toString())
                .well();
    }

    /// The verbs that the stand-in was asked, one a line.
    public List<String> calls() {
        try {
            return Files.readAllLines(folder.resolve("calls"));
        } catch (IOException e) {
            return List.of();
        }
    }

    private void save() {
        try {
            JsonFile.write(folder.resolve("config.json"), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        daemon.forEach(Child::close);
    }
}
