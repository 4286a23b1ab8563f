package io.github.lamplighter.harness;

import io.github.lamplighter.demo.DemoTool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `lamp-clock`, the tool of the demo, in a git repository: tags v1.0.0, v1.1.0 and v1.2.0rc1 serve; v2.0.0
/// installs and ends at once when it should serve.
public final class GitRepository {

    private final Path folder;
    private final Map<String, String> environment;

    private GitRepository(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    public static GitRepository lampClock(ThrowAwayHome home) {
        GitRepository repository = new GitRepository(home.resolve("projects/lamp-clock"), environment(home));
        try {
            Files.createDirectories(repository.folder);
            repository.git("init", "-q", "-b", "main");
            repository.release("1.0.0", true);
            repository.release("1.1.0", true);
            repository.release("1.2.0rc1", true);
            repository.release("2.0.0", false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return repository;
    }

    private static Map<String, String> environment(ThrowAwayHome home) {
        Map<String, String> result = new LinkedHashMap<>(home.environment());
        result.put("GIT_CONFIG_NOSYSTEM", "1");
        for (String role : new String[] {"AUTHOR", "COMMITTER"}) {
            result.put("GIT_" + role + "_NAME", "Ada");
            result.put("GIT_" + role + "_EMAIL", "ada@example.org");
        }
        return result;
    }

    public Path folder() {
        return folder;
    }

    /// What git is given to clone it.
    public String url() {
        return folder.toUri()
                .toString()
                .replaceFirst("^file:/(?!/)", "file:///")
                .replaceFirst("/$", "");
    }

    /// What pip is given to install a revision of it.
    public String requirement(String revision) {
        return "git+" + url() + "@" + revision;
    }

    /// Commits a version and tags it `vVERSION`.
    public void release(String version, boolean serves) throws IOException {
        DemoTool.write(new DemoTool.Release(version, serves, true), folder);
        git("add", "-A");
        git("commit", "-q", "-m", "lamp-clock " + version);
        git("tag", "-a", "-m", "lamp-clock " + version, "v" + version);
    }

    /// Builds the wheel of a revision with the repository's own backend.
    ///
    /// @return its file, in `folder`
    public Path wheel(String revision, Path folder) {
        Path checkout = this.folder.resolveSibling("wheel-of-" + revision);
        git("worktree", "add", "-q", "--detach", checkout.toString(), revision);
        String build = "import sys; sys.path.insert(0, '.'); import backend; print(backend.build_wheel(sys.argv[1]))";
        try (Child child = Child.start(environment, checkout, List.of("python3", "-c", build, folder.toString()))) {
            return folder.resolve(child.end(Duration.ofMinutes(1)).well().out().strip());
        } finally {
            git("worktree", "remove", "--force", checkout.toString());
        }
    }

    /// Another package of the same form, as a folder that pip can build.
    ///
    /// @param name of the package; its program is called the same
    public Path renamed(String name, Path to) {
        try {
            Files.createDirectories(to);
            String module = name.replace('-', '_');
            for (String file : List.of("backend.py", "lamp_clock.py", "pyproject.toml")) {
                Files.writeString(
                        to.resolve(file.replace("lamp_clock", module)),
                        Files.readString(folder.resolve(file))
                                .replace("lamp-clock", name)
                                .replace("lamp_clock", module));
            }
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String commitOf(String revision) {
        return git("rev-parse", revision + "^{commit}").out().strip();
    }

    public Child.Ended git(String... words) {
        String[] argv = new String[words.length + 3];
        argv[0] = "git";
        argv[1] = "-C";
        argv[2] = folder.toString();
        System.arraycopy(words, 0, argv, 3, words.length);
        return Child.run(environment, Duration.ofSeconds(60), argv).well();
    }

    /// Makes a virtual environment at `venv` and installs a revision of this repository in it.
    public Path installedIn(Path venv, String revision) {
        PreparedVenv.make(environment, "python3", venv);
        Child.run(
                        environment,
                        Duration.ofMinutes(2),
                        venv.resolve("bin/python").toString(),
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "--disable-pip-version-check",
                        "--no-index",
                        requirement(revision))
                .well();
        return venv.resolve("bin/lamp-clock");
    }
}
