package io.github.lamplighter.demo;

import io.github.lamplighter.file.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `lamp-clock`, the tool of the demo: a web page with the time, in Python. It brings its own build backend, so that
/// pip installs it without an index. The files are resources next to this class.
public final class DemoTool {

    /// A version of the tool.
    ///
    /// @param serves whether its server starts; otherwise it exits at once
    /// @param seconds whether it shows the seconds, which makes two versions look different
    public record Release(String number, boolean serves, boolean seconds) {}

    static final Release FIRST = new Release("1.0.0", true, false);
    static final Release SECOND = new Release("1.1.0", true, true);

    /// Installs, and exits right after it started.
    static final Release BROKEN = new Release("2.0.0", false, true);

    private static final List<String> SOURCES = List.of("pyproject.toml", "backend.py", "lamp_clock.py");

    private DemoTool() {}

    /// Writes the sources of a release into a folder.
    public static void write(Release release, Path folder) throws IOException {
        for (String name : SOURCES) {
            String text = resource(name)
                    .replace("@VERSION@", release.number())
                    .replace("@SERVES@", python(release.serves()))
                    .replace("@SECONDS@", python(release.seconds()));
            AtomicFile.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
        }
    }

    /// The manifest of the tool in the demo.
    static String manifest(DemoHome demo, int port) {
        return resource("manifest.json")
                .replace("@HOME@", demo.home().toString().replace("\\", "\\\\").replace("\"", "\\\""))
                .replace("@PORT@", Integer.toString(port));
    }

    /// The git commands that turn a folder into the tool's repository: the tags v1.0.0 and v1.1.0, and the branch
    /// `next` with 2.0.0, which version 1.1.0 tags when it runs. A newcomer then sees one update after the other.
    ///
    /// @return by the release whose sources have to be written before; empty for none
    static List<Map.Entry<Optional<Release>, List<List<String>>>> history() {
        return List.of(
                Map.entry(Optional.empty(), List.of(List.of("init", "-q", "-b", "main"))),
                Map.entry(Optional.of(FIRST), committed(FIRST, true)),
                Map.entry(Optional.of(SECOND), committed(SECOND, true)),
                Map.entry(Optional.empty(), List.of(List.of("checkout", "-q", "-b", "next"))),
                Map.entry(Optional.of(BROKEN), committed(BROKEN, false)),
                Map.entry(Optional.empty(), List.of(List.of("checkout", "-q", "main"))));
    }

    private static List<List<String>> committed(Release release, boolean tagged) {
        String message = "lamp-clock " + release.number();
        List<List<String>> commands =
                List.of(List.of("add", "-A"), List.of("commit", "-q", "-m", message), List.of("tag", tag(release)));
        return tagged ? commands : commands.subList(0, 2);
    }

    static String tag(Release release) {
        return "v" + release.number();
    }

    /// The variables that make git independent of the user's settings.
    static Map<String, String> gitVariables() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("GIT_CONFIG_NOSYSTEM", "1");
        // lamp-clock publishes a version by copying the file of a branch.
        variables.put("GIT_DEFAULT_REF_FORMAT", "files");
        for (String role : List.of("AUTHOR", "COMMITTER")) {
            variables.put("GIT_" + role + "_NAME", "Lamp Clock");
            variables.put("GIT_" + role + "_EMAIL", "lamp-clock@localhost");
        }
        return variables;
    }

    private static String python(boolean value) {
        return value ? "True" : "False";
    }

    private static String resource(String name) {
        try (InputStream in = DemoTool.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource %s is missing".formatted(name));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
