package io.github.lamplighter.demo;

import io.github.lamplighter.readiness.ProcessTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Where the demo is, and the environment of every program inside of it.
///
/// @param folder of the demo; holds everything that the demo writes
/// @param userHome the user's own home
public record DemoHome(Path folder, Path userHome) {

    /// The demo's folder, in the environment of every program inside of it.
    public static final String VARIABLE = "LAMPLIGHTER_DEMO";

    /// The tool of the demo.
    public static final String TOOL = "lamp-clock";

    private static final String SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin";

    /// What a program needs of the user's session: terminal, language, display and bus. Everything else could lead it
    /// to the user's own files, as `PIPX_HOME`, `GIT_DIR` or `PYTHONPATH` do.
    private static final Set<String> KEPT = Set.of(
            "USER",
            "LOGNAME",
            "SUDO_USER",
            "LANG",
            "LANGUAGE",
            "TZ",
            "TERM",
            "COLORTERM",
            "NO_COLOR",
            "DISPLAY",
            "WAYLAND_DISPLAY",
            "XAUTHORITY",
            "DBUS_SESSION_BUS_ADDRESS",
            "XDG_RUNTIME_DIR",
            "XDG_CURRENT_DESKTOP",
            "XDG_DATA_DIRS",
            "XDG_CONFIG_DIRS",
            "XDG_ACTIVATION_TOKEN",
            "TMPDIR",
            "JAVA_HOME",
            "container");

    private static final Set<String> KEPT_PREFIXES = Set.of("LC_", "LAMPLIGHTER_", "XDG_SESSION_", "GDK_", "GTK_");

    /// The demo of the user with these folders.
    ///
    /// @param dataHome the folder of all programs' data
    public static DemoHome of(Path dataHome, Path userHome) {
        return new DemoHome(dataHome.resolve("lamplighter/demo"), userHome);
    }

    /// Whether a process with this environment and home is inside of the demo.
    public static boolean isInside(Map<String, String> environment, Path home) {
        String folder = environment.getOrDefault(VARIABLE, "");
        return folder.startsWith("/") && home.equals(Path.of(folder).resolve("home"));
    }

    /// The home of the programs in the demo.
    public Path home() {
        return folder.resolve("home");
    }

    /// The git repository from which the tool was installed.
    Path repository() {
        return home().resolve("projects").resolve(TOOL);
    }

    /// The virtual environment with the tool.
    Path environment() {
        return home().resolve("tools").resolve(TOOL);
    }

    Path settings() {
        return home().resolve(".config").resolve(TOOL).resolve("settings.json");
    }

    Path data() {
        return home().resolve(".local/share").resolve(TOOL);
    }

    Path manifests() {
        return home().resolve(".config/lamplighter/tools");
    }

    /// Exists once all files are there, and says what this folder is.
    Path complete() {
        return folder.resolve("README");
    }

    public boolean isComplete() {
        return Files.exists(complete());
    }

    /// The whole environment of a program in the demo.
    ///
    /// @param outside the environment of this process
    public Map<String, String> variables(Map<String, String> outside) {
        Map<String, String> inside = new LinkedHashMap<>();
        outside.forEach((name, value) -> {
            if (KEPT.contains(name) || KEPT_PREFIXES.stream().anyMatch(name::startsWith)) {
                inside.put(name, value);
            }
        });
        inside.put("HOME", home().toString());
        // Some shells set themselves up, with questions, in a home without their files.
        inside.put("SHELL", "/bin/sh");
        inside.put("PATH", path(outside.getOrDefault("PATH", "")));
        inside.put(VARIABLE, folder.toString());
        // X looks for it in the home.
        Path authority = userHome.resolve(".Xauthority");
        if (inside.containsKey("DISPLAY") && Files.exists(authority)) {
            inside.putIfAbsent("XAUTHORITY", authority.toString());
        }
        return inside;
    }

    /// The same as changes to the environment of this process; empty removes a variable.
    public Map<String, Optional<String>> changes(Map<String, String> outside) {
        Map<String, Optional<String>> changes = new LinkedHashMap<>();
        outside.keySet().forEach(name -> changes.put(name, Optional.empty()));
        variables(outside).forEach((name, value) -> changes.put(name, Optional.of(value)));
        return changes;
    }

    /// Ends every program in the demo, except its services, which have the environment of the service manager.
    void endAll(ProcessTable processes) {
        processes.marked(VARIABLE, folder.toString()).forEach(process -> processes.end(process.pid()));
    }

    /// Without the folders of the user's home: the tools in them are the user's.
    private String path(String outside) {
        String system = Arrays.stream(outside.split(":", -1))
                .filter(entry -> entry.startsWith("/") && !Path.of(entry).startsWith(userHome))
                .collect(Collectors.joining(":"));
        return system.isEmpty() ? SYSTEM_PATH : system;
    }
}
