import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// Makes the ahead-of-time caches (JEP 514) of the front ends: `TrainAotCaches CACHES RUNTIME MAIN
/// -- FRONT_END OPTION… [-- FRONT_END OPTION…]…`.
///
/// Each front end runs once with its final Java runtime, jar paths and Java options, and leaves `CACHES/FRONT_END.aot`.
/// The runs have their own home, bus, screen, service manager and package index; they start only Lamplighter itself
/// and change nothing. A cache that cannot be made is left out: the program only starts slower. Part of the build, not
/// of the program.
final class TrainAotCaches {

    /// A run that hangs must not block the build; its cache has what it used until then.
    private static final int LIMIT_SECONDS = 120;

    private static final String PASSWORD = "training";

    /// The commands that people wait for.
    private static final String COMMANDS = """
        --help
        list
        service install candle --yes
        doctor --offline
        doctor --offline candle
        doctor --offline wick
        doctor --offline --json lantern
        status
        status --json
        list --json
        service status --json candle
        stop candle
        doctor
        doctor candle
        outdated
        outdated --json
        """;

    /// Shows this process, which answers the requests, as the service's.
    private static final String SYSTEMCTL = """
        #!/bin/sh
        case " $* " in *' stop '*) : > "$HOME/stopped" ;; *' start '*) rm -f "$HOME/stopped" ;; esac
        active=active sub=running pid=%d
        [ ! -e "$HOME/stopped" ] || active=inactive sub=dead pid=0
        for unit; do
          file=$XDG_CONFIG_HOME/systemd/user/$unit
          case $unit in
            *.service)
              [ -e "$file" ] || { printf '%%s\\n' "Id=$unit" LoadState=not-found ActiveState=inactive ''; continue; }
              printf '%%s\\n' "Id=$unit" LoadState=loaded "ActiveState=$active" "SubState=$sub" Result=success \\
                UnitFileState=enabled "FragmentPath=$file" NeedDaemonReload=no "MainPID=$pid" NRestarts=0 \\
                "ActiveEnterTimestamp=@$(date +%%s)" TriggeredBy= KillMode=control-group '' ;;
          esac
        done
        """;

    private static final String PACKAGE = """
        {"name":"candle","version":"1.0.0","bin":"candle.js","engines":{"node":">=12"}}\
        """;

    /// The record of a package, without a feed to ask.
    private static final String BUILD = """
        {"schema":"lamplighter.build/1","kind":"tar","version":"0.0.1",\
        "commit":"0000000000000000000000000000000000000000","platform":"linux-x86_64"}\
        """;

    /// The answer of the package index, for npm and for Python.
    private static final String RELEASES = """
        {"meta":{"api-version":"1.1"},"files":[\
        {"filename":"flame-1.0.tar.gz","requires-python":">=3.8","upload-time":"2024-01-01T00:00:00Z"},\
        {"filename":"flame-1.1.tar.gz","requires-python":">=3.8","upload-time":"2024-02-01T00:00:00Z"},\
        {"filename":"torch-1.0.tar.gz","yanked":false},{"filename":"torch-1.1rc1.tar.gz","yanked":"broken"}],\
        "name":"candle","dist-tags":{"latest":"1.0.1"},"versions":{"1.0.0":{"version":"1.0.0","bin":"candle.js"},\
        "1.0.1":{"version":"1.0.1","bin":"candle.js","engines":{"node":">=12"}}}}\
        """;

    /// A running tool.
    private static final String CANDLE = """
        {"schema":"lamplighter.tool/1","name":"candle","expected":"running","service":{"arguments":["serve"]},\
        "command":"candle","install":{"installer":"npm","package":"candle","environment":"~/lib/node_modules/candle",\
        "program":"~/bin/candle","manager":"~/bin/npm","variables":{"npm_config_prefix":"~"}},\
        "requires":{"programs":[{"name":"sh"}]},"smoke":["--version"],"endpoint":{"url":"http://127.0.0.1:%d/"}}\
        """;

    /// A tool without a service file.
    private static final String WICK = """
        {"schema":"lamplighter.tool/1","name":"wick","expected":"running","service":{"arguments":["serve"]},\
        "command":"candle","install":{"installer":"npm","package":"candle","environment":"~/lib/node_modules/candle",\
        "program":"~/bin/candle"},"endpoint":{"url":"http://127.0.0.1:9/"}}\
        """;

    /// A tool that is not installed.
    private static final String LANTERN = """
        {"schema":"lamplighter.tool/1","name":"lantern","expected":"running","command":"lantern",\
        "install":{"installer":"venv","package":"lantern","environment":"~/lantern","program":"~/lantern/bin/lantern"},\
        "endpoint":{"url":"http://127.0.0.1:9/"}}\
        """;

    /// A tool of uv or pipx: its package manager, and the folder of its environments.
    private static final String PYTHON_TOOL = """
        {"schema":"lamplighter.tool/1","name":"%1$s","expected":"command","command":"%1$s",\
        "install":{"installer":"%2$s","package":"%1$s","environment":"~/data/%3$s/%1$s","program":"~/bin/%1$s"},\
        "smoke":["--version"]}\
        """;

    private static final String UV_RECEIPT = """
        [tool]
        requirements = [{ name = "%1$s", specifier = "%2$s" }, { name = "ember" }]
        entrypoints = [{ name = "%1$s", install-path = "%3$s/bin/%1$s", from = "%1$s" }]

        [tool.options]
        exclude-newer-span = "P1W"
        """;

    private static final String PIPX_METADATA = """
        {"pipx_metadata_version":"0.12","main_package":{"package":"torch","package_or_url":"torch","pip_args":[],\
        "apps":["torch"],"apps_of_dependencies":[],"suffix":"","pinned":false},"injected_packages":{},"venv_args":[]}\
        """;

    private final Path caches;
    private final String main;
    private final Map<String, List<String>> options;
    private final Path java;

    private TrainAotCaches(Path caches, Path java, String main, Map<String, List<String>> options) {
        this.caches = caches;
        this.java = java;
        this.main = main;
        this.options = options;
    }

    private interface Work {
        void run() throws IOException, GeneralSecurityException, InterruptedException;
    }

    public static void main(String[] arguments) throws InterruptedException {
        Map<String, List<String>> options = new LinkedHashMap<>();
        for (int at = 3; at < arguments.length; at++) {
            if (arguments[at].equals("--")) {
                options.put(arguments[++at], new ArrayList<>());
            } else {
                List.copyOf(options.values()).getLast().add(arguments[at]);
            }
        }
        TrainAotCaches training =
                new TrainAotCaches(Path.of(arguments[0]), Path.of(arguments[1], "bin", "java"), arguments[2], options);
        List<Thread> runs = List.of(
                inBackground("command line and window", () -> {
                    try (Home home = training.new Home("home")) {
                        home.commands();
                        // Shows the report that the commands left.
                        home.window();
                    }
                }),
                inBackground("tray", () -> {
                    try (Home home = training.new Home("tray")) {
                        home.tray();
                    }
                }));
        for (Thread run : runs) {
            run.join();
        }
        // The servers have threads of their own.
        System.exit(0);
    }

    private static Thread inBackground(String name, Work work) {
        return Thread.ofPlatform().name(name).start(() -> {
            try {
                work.run();
            } catch (IOException | GeneralSecurityException e) {
                System.err.println("lamplighter: no start-up cache for the " + name + ": " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// A home that is deleted with the caches' folder `training`.
    private final class Home implements AutoCloseable {

        private final Path home;
        /// Short, because the path of a socket has at most 107 bytes.
        private final Path runtime = Files.createTempDirectory("lamplighter");

        private final Map<String, String> environment = new HashMap<>();
        private final List<Process> helpers = new ArrayList<>();

        Home(String name) throws IOException {
            home = Files.createDirectories(caches.resolve("training").resolve(name));
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
            environment.put("HOME", home.toString());
            environment.put("XDG_RUNTIME_DIR", runtime.toString());
            environment.put("XDG_CONFIG_HOME", home.resolve("config").toString());
            environment.put("XDG_STATE_HOME", home.resolve("state").toString());
            environment.put("XDG_CACHE_HOME", home.resolve("cache").toString());
            environment.put("XDG_DATA_HOME", home.resolve("data").toString());
            environment.put("PATH", home.resolve("bin") + ":" + System.getenv("PATH"));
            environment.put("LAMPLIGHTER_CHILD", "1");
            // A front end must start this build, not the one that `current` points to.
            String command = Stream.of(
                            List.of(java.toString()), options.get("cli"), List.of("-Duser.home=" + home, "-m", main))
                    .flatMap(List::stream)
                    .map(word -> "'" + word + "'")
                    .collect(Collectors.joining(" "));
            program("lamplighter", "#!/bin/sh\nexec " + command + " \"$@\"\n");
        }

        /// Runs commands in one process, with tools, a service manager and a package index.
        void commands() throws IOException, GeneralSecurityException, InterruptedException {
            Files.createDirectories(runtime.resolve("systemd"));
            // A plain file where the manager has its socket: UserManagerClient takes it for a manager on every machine.
            Files.createFile(runtime.resolve("systemd/private"));
            program("bin/systemctl", SYSTEMCTL.formatted(ProcessHandle.current().pid()));
            program("lib/node_modules/candle/candle.js", "#!/usr/bin/env node\nread line\n");
            write("lib/node_modules/candle/package.json", PACKAGE);
            Files.createSymbolicLink(home.resolve("bin/candle"), Path.of("../lib/node_modules/candle/candle.js"));
            // A process of the tool outside of a service.
            helpers.add(new ProcessBuilder(
                            "/bin/sh",
                            home.resolve("lib/node_modules/candle/candle.js").toString())
                    .start());
            HttpServer service = HttpServer.create(anyPort(), 0);
            write("config/lamplighter/tools/candle.json", CANDLE.formatted(start(service, "{}")));
            write("config/lamplighter/tools/wick.json", WICK);
            write("config/lamplighter/tools/lantern.json", LANTERN);
            Path authority = home.resolve("authority.pem");
            keytool("authority", "-genkeypair", "-keyalg", "RSA", "-dname", "CN=authority", "-ext", "bc:c");
            keytool("authority", "-exportcert", "-rfc", "-file", authority.toString());
            environment.put("SSL_CERT_FILE", authority.toString());
            // Registries have certificates of both kinds. npm has its default registry: it is asked for it.
            program("bin/npm", "#!/bin/sh\necho https://localhost:%d/\n".formatted(start(index("EC"), RELEASES)));
            write(".npmrc", "cafile=%s\n".formatted(authority));
            String simple = "https://localhost:%d/simple".formatted(start(index("RSA"), RELEASES));
            write("config/uv/uv.toml", "[[index]]\nurl = \"%s\"\ndefault = true\n".formatted(simple));
            write("config/pip/pip.conf", "[global]\nindex-url = %s\ncert = %s\n".formatted(simple, authority));
            pythonTool("uv", "uv/tools", "flame", "uv-receipt.toml", UV_RECEIPT.formatted("flame", ">=1", home));
            pythonTool("uv", "uv/tools", "spark", "uv-receipt.toml", UV_RECEIPT.formatted("spark", "==1.0", home));
            pythonTool("pipx", "pipx/venvs", "torch", "pipx_metadata.json", PIPX_METADATA);
            // A checkout, whose commit every report names.
            write(".git/HEAD", "0".repeat(40) + "\n");
            write("commands", COMMANDS);
            run("cli", List.of("-Dlamplighter.training=" + home.resolve("commands")), List.of());
        }

        private void pythonTool(String installer, String folder, String name, String record, String text)
                throws IOException {
            String environment = "data/" + folder + "/" + name;
            write(environment + "/" + record, text);
            write(environment + "/pyvenv.cfg", "home = /usr/bin\nversion_info = 3.11.2\nuv = 0.9.0\n");
            program(environment + "/bin/" + name, "#!" + home.resolve(environment + "/bin/python") + "\n");
            Files.createSymbolicLink(home.resolve(environment + "/bin/python"), Path.of("/usr/bin/python3"));
            String info = environment + "/lib/python3.11/site-packages/" + name + "-1.0.dist-info/";
            write(
                    info + "METADATA",
                    "Metadata-Version: 2.1\nName: %s\nVersion: 1.0\nRequires-Python: >=3.8\nRequires-Dist: spark>=1 ; extra == 'x'\n"
                            .formatted(name));
            write(info + "INSTALLER", installer + "\n");
            write(info + "RECORD", "../../../bin/%1$s,,\n%1$s.py,,\n".formatted(name));
            write(info + "entry_points.txt", "[console_scripts]\n%1$s = %1$s:main\n".formatted(name));
            Files.createSymbolicLink(home.resolve("bin/" + name), home.resolve(environment + "/bin/" + name));
            write("config/lamplighter/tools/" + name + ".json", PYTHON_TOOL.formatted(name, installer, folder));
        }

        void tray() throws IOException, InterruptedException {
            if (isOnPath("dbus-daemon")) {
                String address = "unix:path=" + runtime.resolve("bus");
                helpers.add(new ProcessBuilder(
                                "dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=" + address)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
                environment.put("DBUS_SESSION_BUS_ADDRESS", address);
            }
            run("tray", List.of(), List.of("tray", "--rehearse"));
        }

        void window() throws IOException, InterruptedException {
            if (!isOnPath("Xvfb")) {
                return;
            }
            Process screen = new ProcessBuilder(
                            "Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            helpers.add(screen);
            // Ends also the wait for the number of a screen that does not start.
            CompletableFuture.delayedExecutor(2 * LIMIT_SECONDS, TimeUnit.SECONDS)
                    .execute(screen::destroyForcibly);
            try (BufferedReader number = screen.inputReader()) {
                environment.put("DISPLAY", ":" + number.readLine());
                run("window", List.of(), List.of("window", "lantern", "--rehearse"));
            }
        }

        private void run(String frontEnd, List<String> properties, List<String> arguments)
                throws IOException, InterruptedException {
            Path made = caches.resolve(frontEnd + ".made");
            List<String> argv = new ArrayList<>(List.of(java.toString()));
            argv.addAll(options.get(frontEnd));
            argv.addAll(List.of(
                    "-XX:AOTCacheOutput=" + made,
                    "-Duser.home=" + home,
                    "-Dlamplighter.launcher=" + home.resolve("lamplighter")));
            if (Files.exists(caches.resolveSibling("build.json"))) {
                // A package reads its record at every start, a checkout its `.git`.
                write("image/lib/build.json", BUILD);
                argv.add("-Dlamplighter.build=" + home.resolve("image/lib/build.json"));
            }
            argv.addAll(properties);
            argv.addAll(List.of("-m", main));
            argv.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(argv)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(caches.resolve(frontEnd + ".training").toFile());
            builder.environment()
                    .keySet()
                    .removeAll(List.of(
                            "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "LAMPLIGHTER_JAVA_OPTIONS"));
            // The settings of this machine's package managers would keep the run from its own index.
            builder.environment()
                    .keySet()
                    .removeIf(variable -> Stream.of("PIP_", "UV_", "PIPX_", "npm_config_", "NPM_CONFIG_")
                            .anyMatch(variable::startsWith));
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    Files.deleteIfExists(made);
                }
            }
            if (Files.exists(made)) {
                Files.move(made, caches.resolve(frontEnd + ".aot"));
            }
        }

        /// Creates a package index, with a certificate of an authority that only this run trusts.
        private HttpServer index(String algorithm) throws IOException, GeneralSecurityException, InterruptedException {
            Path request = home.resolve(algorithm + ".csr");
            Path certificate = home.resolve(algorithm + ".pem");
            keytool(algorithm, "-genkeypair", "-keyalg", algorithm, "-dname", "CN=localhost");
            keytool(algorithm, "-certreq", "-file", request.toString());
            keytool(
                    "authority",
                    "-gencert",
                    "-rfc",
                    "-ext",
                    "san=dns:localhost",
                    "-infile",
                    request.toString(),
                    "-outfile",
                    certificate.toString());
            keytool(algorithm, "-importcert", "-noprompt", "-file", certificate.toString());
            KeyStore keys = KeyStore.getInstance(home.resolve("keys.p12").toFile(), PASSWORD.toCharArray());
            // A server has only its own key.
            for (String other : Collections.list(keys.aliases())) {
                if (!other.equalsIgnoreCase(algorithm)) {
                    keys.deleteEntry(other);
                }
            }
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            HttpsServer server = HttpsServer.create(anyPort(), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
            return server;
        }

        private void keytool(String alias, String... arguments) throws IOException, InterruptedException {
            List<String> argv = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
            argv.addAll(List.of(arguments));
            argv.addAll(List.of(
                    "-alias", alias, "-keystore", home.resolve("keys.p12").toString(), "-storepass", PASSWORD));
            Process process = new ProcessBuilder(argv)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() != 0) {
                throw new IOException("keytool %s failed".formatted(arguments[0]));
            }
        }

        private void program(String name, String text) throws IOException {
            write(name, text);
            Files.setPosixFilePermissions(home.resolve(name), PosixFilePermissions.fromString("rwx------"));
        }

        private void write(String name, String text) throws IOException {
            Path file = home.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }

        @Override
        public void close() throws IOException {
            helpers.forEach(Process::destroy);
            // dbus-daemon deletes its socket when it ends, which must not happen during the walk.
            helpers.forEach(helper -> helper.onExit()
                    .completeOnTimeout(helper, 5, TimeUnit.SECONDS)
                    .join());
            try (Stream<Path> files = Files.walk(runtime)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static int start(HttpServer server, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
        return server.getAddress().getPort();
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
