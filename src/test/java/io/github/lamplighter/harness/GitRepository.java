package io.github.lamplighter.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `lamp-clock`, a small Python server in a git repository: tags v1.0.0, v1.1.0 and v1.2.0rc1 serve; v2.0.0
/// installs and ends at once when it should serve. It brings its own build backend, so that pip builds it
/// with no index at all.
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
        Files.writeString(folder.resolve("pyproject.toml"), """
            [build-system]
            requires = []
            build-backend = "backend"
            backend-path = ["."]

            [project]
            name = "lamp-clock"
            version = "%s"
            requires-python = ">=3.9"

            [project.scripts]
            lamp-clock = "lamp_clock:main"
            """.formatted(version));
        Files.writeString(folder.resolve("backend.py"), BACKEND.replace("@VERSION@", version));
        Files.writeString(
                folder.resolve("lamp_clock.py"),
                SERVER.replace("@VERSION@", version).replace("@SERVES@", serves ? "True" : "False"));
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

    private static final String BACKEND = """
        # A build backend (PEP 517, PEP 660) of one file and one module.
        import base64, hashlib, os, zipfile

        NAME, VERSION = "lamp_clock", "@VERSION@"
        INFO = f"{NAME}-{VERSION}.dist-info"


        def _wheel(folder, files):
            name = f"{NAME}-{VERSION}-py3-none-any.whl"
            files = dict(files)
            files[f"{INFO}/METADATA"] = (
                f"Metadata-Version: 2.1\\nName: lamp-clock\\nVersion: {VERSION}\\nRequires-Python: >=3.9\\n"
            )
            files[f"{INFO}/WHEEL"] = "Wheel-Version: 1.0\\nGenerator: backend\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
            files[f"{INFO}/entry_points.txt"] = "[console_scripts]\\nlamp-clock = lamp_clock:main\\n"
            record = ""
            for path, text in files.items():
                digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
                record += f"{path},sha256={digest},{len(text.encode())}\\n"
            files[f"{INFO}/RECORD"] = record + f"{INFO}/RECORD,,\\n"
            with zipfile.ZipFile(os.path.join(folder, name), "w") as archive:
                for path, text in files.items():
                    archive.writestr(path, text)
            return name


        def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
            with open("lamp_clock.py", encoding="utf-8") as source:
                return _wheel(wheel_directory, {"lamp_clock.py": source.read()})


        def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
            return _wheel(wheel_directory, {"__editable__lamp_clock.pth": os.getcwd() + "\\n"})
        """;

    private static final String SERVER = """
        # Says over HTTP what time it is, and which version says so.
        import argparse, datetime, http.server, json, os, sys

        VERSION, SERVES = "@VERSION@", @SERVES@


        class Clock(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/version":
                    body, kind = json.dumps({"name": "lamp-clock", "version": VERSION}), "application/json"
                else:
                    body, kind = datetime.datetime.now().isoformat(), "text/plain"
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *arguments):
                pass


        def main():
            parser = argparse.ArgumentParser(prog="lamp-clock")
            parser.add_argument("--version", action="version", version=f"lamp-clock {VERSION}")
            verbs = parser.add_subparsers(dest="verb", required=True)
            serve = verbs.add_parser("serve")
            serve.add_argument("--port", type=int, default=int(os.environ.get("LAMP_CLOCK_PORT", "8099")))
            chosen = parser.parse_args()
            if not SERVES:
                print("lamp-clock: the clockwork is broken", file=sys.stderr)
                return 3
            server = http.server.ThreadingHTTPServer(("127.0.0.1", chosen.port), Clock)
            print(f"lamp-clock {VERSION} on port {chosen.port}", flush=True)
            server.serve_forever()


        if __name__ == "__main__":
            sys.exit(main())
        """;
}
