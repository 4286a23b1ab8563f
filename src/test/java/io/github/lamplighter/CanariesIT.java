package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Ports;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Secrets are planted wherever a user has some, and then every verb is run: none of them may come out in what is
/// printed, in a file that is kept, or where another user of the machine can read it.
@WithHome
@Tag("slow")
class CanariesIT {

    /// Where each secret lies, and the secret. All are told apart by their number.
    private static final Map<String, String> CANARIES = new LinkedHashMap<>();

    static {
        for (String place : List.of(
                "pip.conf",
                "PIP_INDEX_URL",
                "npmrc-token",
                "npmrc-password",
                "npmrc-registry",
                "direct_url",
                "unit",
                "unit-url",
                "environment-file",
                "manifest-variable",
                "service-variable",
                "inherited-variable",
                "own-doctor-address",
                "own-doctor-header",
                "own-doctor-option",
                "own-doctor-json",
                "version-command",
                "sessions-command")) {
            CANARIES.put(place, "canary%02dXq7".formatted(CANARIES.size()));
        }
    }

    /// What the user's own shell holds, which every program that is started from it inherits.
    private static final Set<String> IN_THE_ENVIRONMENT = Set.of("PIP_INDEX_URL");

    /// Programs that have nothing to do with installing: what a description keeps for the package manager is not for
    /// them.
    private static final List<String> NO_INSTALLERS = List.of(
            "io.github.lamplighter",
            "own-doctor",
            "lamp-oil",
            "lamp-sessions",
            "systemctl",
            "ls-remote",
            "lamp-clock --version");

    /// The service file of a tool, the copies of it that lead back to it, and what shows it.
    private static final List<String> SERVICE_FILE = List.of(
            "lamplighter-indexed.service",
            ".lamplighter/indexed/snapshots/",
            "lamplighter/journals/indexed/",
            "service diff indexed");

    /// A variable whose name says nothing of a secret stands, as the user wrote it, in the description and in
    /// the service file that is made of it, and nowhere else.
    private static final Map<String, List<String>> WORD_FOR_WORD = Map.of(
            "manifest-variable", List.of("/tools/lamp-clock.json"),
            "service-variable",
                    and(SERVICE_FILE, "/tools/indexed.json", "lamplighter/kept/indexed/", "manifest show indexed"),
            "inherited-variable", and(SERVICE_FILE, "lamplighter/login-shell.json"));

    private static List<String> and(List<String> some, String... more) {
        return Stream.concat(some.stream(), Arrays.stream(more)).toList();
    }

    private final Set<String> leaks = new ConcurrentSkipListSet<>();

    @Provided
    private ThrowAwayHome home;

    @Provided
    private UserManager manager;

    private HttpServer index;
    private Installed lamplighter;
    private int port;
    private int leakyPort;

    @BeforeEach
    void aHomeFullOfSecrets() throws IOException {
        index = suspiciousIndex();
        String address = "127.0.0.1:" + index.getAddress().getPort();
        GitRepository repository = GitRepository.lampClock(home);
        repository.installedIn(home.resolve("clock"), "v1.0.0");
        repository.installedIn(home.resolve("leaky"), "v1.0.0");
        repository.installedIn(home.resolve("indexed"), "v1.0.0");
        Path info = Path.of("lib", pythonFolder(home.resolve("leaky")), "site-packages/lamp_clock-1.0.0.dist-info");
        write(home.resolve("leaky").resolve(info).resolve("direct_url.json"), """
            {"url": "http://ada:%s@%s/x/lamp-clock.git",
             "vcs_info": {"vcs": "git", "requested_revision": "v1.0.0", "commit_id": "%s"}}
            """.formatted(
                        canary("direct_url"), address, repository.commitOf("v1.0.0")));
        Files.delete(home.resolve("indexed").resolve(info).resolve("direct_url.json"));

        write(
                home.resolve(".config/pip/pip.conf"),
                "[global]\nextra-index-url = http://ada:%s@%s/simple\n".formatted(canary("pip.conf"), address));
        write(home.resolve(".npmrc"), """
            prefix=%4$s
            registry=http://ada:%1$s@%2$s/
            //%2$s/:_authToken=%3$s
            //127.0.0.1:9/:_password=%5$s
            """.formatted(
                        canary("npmrc-registry"),
                        address,
                        canary("npmrc-token"),
                        home.resolve(".npm"),
                        base64(canary("npmrc-password"))));
        write(
                home.resolve(".npm/lib/node_modules/lamp-npm/package.json"),
                "{\"name\": \"lamp-npm\", \"version\": \"1.0.0\", \"bin\": {\"lamp-npm\": \"cli.js\"}}");
        program(home.resolve(".npm/lib/node_modules/lamp-npm/cli.js"), "#!/usr/bin/env node\n");
        Files.createDirectories(home.resolve(".npm/bin"));
        Files.createSymbolicLink(home.resolve(".npm/bin/lamp-npm"), Path.of("../lib/node_modules/lamp-npm/cli.js"));

        port = Ports.free();
        leakyPort = Ports.free();
        write(home.resolve("lamp.env"), "LAMP_PASSWORD=%s\n".formatted(canary("environment-file")));
        Files.setPosixFilePermissions(home.resolve("lamp.env"), PosixFilePermissions.fromString("rw-------"));
        write(home.resolve(".config/systemd/user/leaky.service"), """
            [Service]
            ExecStart=%s serve --port %d
            Environment="LAMP_TOKEN=%s" "DATABASE=postgres://ada:%s@db.example/lamps"
            EnvironmentFile=%s
            [Install]
            WantedBy=default.target
            """.formatted(
                        home.resolve("leaky/bin/lamp-clock"),
                        leakyPort,
                        canary("unit"),
                        canary("unit-url"),
                        home.resolve("lamp.env")));
        program(home.resolve("own-doctor"), """
            #!/bin/sh
            echo '✓ reached https://ada:%1$s@db.example/lamps'
            echo '! Authorization: Bearer %2$s'
            echo '✗ curl --password %3$s -H "X-Api-Key: %3$s" ended with 22'
            echo '    {"access_token": "%4$s", "n": 1}'
            """.formatted(
                        canary("own-doctor-address"),
                        canary("own-doctor-header"),
                        canary("own-doctor-option"),
                        canary("own-doctor-json")));
        program(
                home.resolve("bin/lamp-oil"),
                "#!/bin/sh\necho 'lamp-oil of https://ada:%1$s@oil.example token=%1$s'\n"
                        .formatted(canary("version-command")));
        program(
                home.resolve("bin/lamp-sessions"),
                "#!/bin/sh\necho 'password=%s'\nexit 3\n".formatted(canary("sessions-command")));

        program(home.resolve("bin/xdg-open"), "#!/bin/sh\necho \"$@\" >> \"$HOME/.local/state/opened\"\n");

        Map<String, String> environment = new LinkedHashMap<>(manager.environment());
        environment
                .keySet()
                .removeIf(name -> name.toLowerCase(java.util.Locale.ROOT).matches("(npm_config|pip)_.*"));
        environment.put("PATH", home.resolve("bin") + ":" + home.resolve(".npm/bin") + ":" + environment.get("PATH"));
        for (String file : List.of(".bash_profile", ".profile", ".bashrc", ".zshrc")) {
            write(home.resolve(file), "export LAMP_DSN=%s\n".formatted(canary("inherited-variable")));
        }
        environment.put("PIP_INDEX_URL", "http://ada:%s@%s/simple".formatted(canary("PIP_INDEX_URL"), address));
        lamplighter = new Installed(environment).inOneProcess();
        Installed.launcher();
    }

    @AfterEach
    void away() {
        lamplighter.close();
        index.stop(0);
    }

    @Test
    void noVerbGivesASecretAway() throws IOException {
        ask("list");
        ask("add", home.resolve("clock/bin/lamp-clock").toString(), "--dry-run");
        ask(
                "add",
                home.resolve("clock/bin/lamp-clock").toString(),
                "--argument=serve",
                "--argument=--port",
                "--argument=" + port,
                "--url",
                "http://127.0.0.1:" + port + "/",
                "--yes");
        ask("add", home.resolve("leaky/bin/lamp-clock").toString(), "--as", "leaky", "--yes");
        ask("add", home.resolve("indexed/bin/lamp-clock").toString(), "--as", "indexed", "--yes");
        ask("add", "lamp-npm", "--yes");
        describeMore();
        manager.systemctl("daemon-reload");
        ask(
                "manifest",
                "lint",
                home.resolve(".config/lamplighter/tools/lamp-clock.json").toString());
        ask(
                "manifest",
                "try",
                home.resolve(".config/lamplighter/tools/lamp-clock.json").toString());
        describeWhatIsNotThere();
        ask("service", "install", "lamp-clock", "--yes");
        Child.Ended installed = ask("service", "install", "indexed", "--yes");
        assertThat(Files.readString(home.resolve(".config/systemd/user/lamplighter-indexed.service")))
                .as(installed.toString())
                .contains(canary("service-variable"), canary("inherited-variable"));
        ask("service", "start", "leaky");
        ask("service", "adopt", "leaky", "--yes");
        for (String name : List.of("lamp-clock", "leaky", "indexed", "lamp-npm")) {
            ask("manifest", "show", name);
            for (String verb : List.of("diff", "status", "logs")) {
                ask("service", verb, name);
            }
            ask("doctor", name, "--verbose");
            ask("upgrade", name, "--dry-run");
            ask("history", name);
        }
        for (String verb : List.of("doctor", "outdated", "status", "history", "activity", "settings", "recover")) {
            ask(verb);
        }
        ask("doctor", "--offline");
        ask("autostart", "status");
        Child.Ended upgraded = ask("upgrade", "lamp-clock", "--to", "1.1.0", "--yes");
        assertThat(upgraded.exitCode()).as(upgraded.toString()).isZero();
        ask("upgrade", "indexed", "--force", "--yes");
        ask("upgrade", "leaky", "--force", "--yes");
        ask("upgrade", "lamp-npm", "--force", "--yes");
        ask("history");
        ask("rollback", "lamp-clock", "--yes");
        ask("activity");
        ask("report", "lamp-clock");
        ask("report", "lamp-clock", "--redact");
        ask("report", "lamp-clock", "--html");
        ask("report", "lamp-clock", "--open");
        Child.Ended gone = ask("report", "indexed", "--redact");
        assertThat(gone.out()).as("it was tried").contains("the file does not exist");
        theRest();
        assertThat(everyVerb()).as("verbs that were not tried").isEmpty();
        assertThat(printed).as("the secrets were met at all").contains("lamp-oil", "curl", "PIP_EXTRA_INDEX_URL");

        files(home.resolve(".local/state"));
        files(home.resolve(".config/lamplighter"));
        files(home.resolve(".config/systemd/user"));
        files(home.resolve(".cache"));
        files(home.resolve(".lamplighter"));
        assertThat(leaks).isEmpty();
    }

    /// What the journey above has no place for.
    private void theRest() throws IOException {
        ask();
        ask("--help");
        ask("explain", "own-doctor");
        ask("ignore", "lamp-clock", "own-doctor");
        ask("unignore", "lamp-clock", "own-doctor");
        ask("status", "--format", "waybar");
        ask("manifest", "init", "lamp-npm");
        ask("manifest", "schema");
        ask("completion", "bash");
        ask("settings", "get", "doctor.interval");
        ask("autostart", "on", "--headless");
        ask("autostart", "off");
        ask("self", "install", "--dry-run");
        ask("self", "uninstall", "--dry-run");
        ask("self", "uninstall", "--dry-run", "--services");
        ask("demo", "list");
        ask("demo", "--remove");
        ask("window");
        ask("open", "lamp-clock");
        for (String verb : List.of("start", "restart", "stop")) {
            ask(verb, "leaky");
            ask("service", verb, "lamp-clock", "--yes");
        }
        ask("service", "start", "lamp-clock");
        ask("logs", "leaky", "-n", "50");
        ask("service", "disable", "lamp-clock");
        ask("service", "enable", "lamp-clock");
        // Becomes the tool where all is right; here it says what is not.
        Files.setPosixFilePermissions(home.resolve("lamp.env"), PosixFilePermissions.fromString("rw-r--r--"));
        ask("exec", "lamp-clock");
        ask("doctor", "lamp-clock");
        Files.setPosixFilePermissions(home.resolve("lamp.env"), PosixFilePermissions.fromString("rw-------"));
        tray();
        ask("service", "uninstall", "lamp-clock", "--yes");
        ask("forget", "indexed", "--yes");
        ask("list");
    }

    /// It stays; what it says and starts is looked at until it is on the bus.
    private void tray() {
        tried.add("tray");
        try (Child tray = lamplighter.start("tray")) {
            Await.until("the tray is on the bus", Duration.ofSeconds(60), () -> {
                processes();
                return Child.run(
                                manager.environment(),
                                Duration.ofSeconds(10),
                                "busctl",
                                "--user",
                                "list",
                                "--no-legend")
                        .out()
                        .contains(" " + tray.process().pid() + " ");
            });
            tray.process().destroy();
            Child.Ended ended = tray.end(Duration.ofSeconds(20));
            search("standard output of tray", ended.out());
            search("standard error of tray", ended.err());
        }
    }

    /// Those that the program itself lists and that were not run here.
    private Set<String> everyVerb() {
        Set<String> left = new java.util.TreeSet<>(listed());
        for (String verb : List.of("service", "manifest", "self")) {
            listed(verb).forEach(word -> left.add(verb + " " + word));
        }
        left.add("exec");
        left.removeAll(tried);
        return left;
    }

    private List<String> listed(String... verb) {
        String help = lamplighter
                .run(Stream.concat(Arrays.stream(verb), Stream.of("--help")).toArray(String[]::new))
                .out();
        // The lines of the groups; options and examples begin with something else.
        List<String> words = java.util.regex.Pattern.compile("(?m)^  ([a-z][a-z-]*)  +[A-Z]")
                .matcher(help)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(words).as(help).isNotEmpty();
        return words;
    }

    private final Set<String> tried = new ConcurrentSkipListSet<>();
    private final StringBuilder printed = new StringBuilder();
    private final Set<Path> foreign = new HashSet<>();

    /// The environments of command lines that were searched: most are seen again and again.
    private final Map<String, String> searched = new HashMap<>();

    /// Runs a verb for people and for programs and looks at what comes out of it; a verb that changes something is
    /// run once.
    private Child.Ended ask(String... words) {
        if (words.length > 0) {
            tried.add(words[0]);
        }
        if (words.length > 1) {
            tried.add(words[0] + " " + words[1]);
        }
        Child.Ended ended = watched(words);
        boolean changes = words.length == 0 || Arrays.asList(words).contains("--yes");
        if (!changes) {
            watched(Stream.concat(Arrays.stream(words), Stream.of("--json")).toArray(String[]::new));
        }
        return ended;
    }

    private Child.Ended watched(String... words) {
        foreign.clear();
        Child.Ended ended = lamplighter.run(Duration.ofMinutes(4), this::processes, words);
        String verb = String.join(" ", words);
        printed.append(ended.out()).append(ended.err());
        search("standard output of " + verb, ended.out());
        search("standard error of " + verb, ended.err());
        return ended;
    }

    /// What another user sees of the processes of this home, and what they were given without need.
    private void processes() {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path process : all.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .toList()) {
                try {
                    if (foreign.contains(process)) {
                        continue;
                    }
                    String environment = bytes(process.resolve("environ"));
                    if (!environment.contains("HOME=" + home.path())) {
                        // Nothing of another home becomes a process of this one. A process without an environment
                        // is about to get one.
                        if (environment.contains("HOME=")) {
                            foreign.add(process);
                        }
                        continue;
                    }
                    String line = bytes(process.resolve("cmdline")).replace('\0', ' ');
                    if (environment.equals(searched.put(line, environment))) {
                        continue;
                    }
                    search("the command line of " + line, line);
                    if (Stream.of("leaky", "clock", "indexed")
                            .noneMatch(
                                    tool -> line.startsWith(home.resolve(tool).toString()))) {
                        CANARIES.forEach((place, canary) -> {
                            if (environment.contains(canary) && !mayBeGiven(place, line)) {
                                leaks.add("%s in the environment of %s".formatted(place, line));
                            }
                        });
                    }
                } catch (IOException e) {
                    // It has just ended.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean mayBeGiven(String place, String line) {
        return switch (place) {
            case "manifest-variable" -> NO_INSTALLERS.stream().noneMatch(line::contains);
            // The user's login shell has it, and is asked by what it starts.
            case "inherited-variable" -> line.matches("(?:\\S*/)?-?(?:env -0|(?:ba|da|z)?sh\\b.*) ?");
            default -> IN_THE_ENVIRONMENT.contains(place);
        };
    }

    private void files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = home.path().relativize(file).toString();
                // Planted above.
                if (!name.endsWith("leaky.service")) {
                    search(name, bytes(file));
                }
            }
        }
    }

    private void search(String where, String text) {
        CANARIES.forEach((place, canary) -> {
            if (WORD_FOR_WORD.getOrDefault(place, List.of()).stream().anyMatch(where::contains)) {
                return;
            }
            text.lines()
                    .filter(line -> line.contains(canary) || line.contains(base64(canary)))
                    .findFirst()
                    .ifPresent(line -> leaks.add("%s in %s: %s"
                            .formatted(
                                    place,
                                    where,
                                    line.strip()
                                            .substring(
                                                    0,
                                                    Math.min(300, line.strip().length())))));
        });
    }

    private void describeMore() throws IOException {
        Path file = home.resolve(".config/lamplighter/tools/lamp-clock.json");
        String text = Files.readString(file);
        String more = """
            "requires": {"programs": [{"name": "lamp-oil", "version": ">=1"}]},
            "sessions": {"command": ["%s"], "count": "lines"},
            "doctor": {"command": ["%s"], "format": "marks"},
            "install": {
            """.formatted(home.resolve("bin/lamp-sessions"), home.resolve("own-doctor"));
        String variables = "\"variables\": {\"PIP_EXTRA_INDEX_URL\": \"http://ada:%s@127.0.0.1:9/simple\","
                .formatted(canary("manifest-variable"));
        String service = "\"service\": {\"environmentFile\": \"%s\",".formatted(home.resolve("lamp.env"));
        String changed = text.replaceFirst(
                        "\"install\"\\s*:\\s*\\{", more.strip().replace("\\", "\\\\"))
                .replaceFirst("\"service\"\\s*:\\s*\\{", service)
                .replaceFirst("\"variables\"\\s*:\\s*\\{", variables);
        assertThat(changed).contains("lamp-oil", "environmentFile", "PIP_EXTRA_INDEX_URL");
        Files.writeString(file, changed);
    }

    /// A doctor and a way to count that are gone, of a service with variables: they would have been given those.
    private void describeWhatIsNotThere() throws IOException {
        Path file = home.resolve(".config/lamplighter/tools/indexed.json");
        String more = """
            "service": {"arguments": ["serve", "--port", "%d"],
                        "environment": {"GREETING": "%s"}, "inherit": ["LAMP_DSN"]},
            "sessions": {"command": ["%s"], "count": "lines"},
            "doctor": {"command": ["%s"], "format": "marks"},
            "install": {
            """.formatted(
                        Ports.free(),
                        canary("service-variable"),
                        home.resolve("no-such-sessions"),
                        home.resolve("no-such-doctor"));
        String text = Files.readString(file);
        assertThat(text).doesNotContain("\"service\"");
        Files.writeString(file, text.replaceFirst("\"install\"\\s*:\\s*\\{", more.strip()));
    }

    /// An index that lets nobody in, and says to everybody with which words they came.
    private static HttpServer suspiciousIndex() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = ("refused " + exchange.getRequestURI() + " "
                            + exchange.getRequestHeaders().getFirst("Authorization"))
                    .getBytes(StandardCharsets.UTF_8);
            try (exchange) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"lamps\"");
                exchange.sendResponseHeaders(401, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        return server;
    }

    private static String canary(String place) {
        return java.util.Objects.requireNonNull(CANARIES.get(place), place);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String bytes(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static String pythonFolder(Path venv) throws IOException {
        try (Stream<Path> folders = Files.list(venv.resolve("lib"))) {
            return folders.findFirst().orElseThrow().getFileName().toString();
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void program(Path file, String text) throws IOException {
        write(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
