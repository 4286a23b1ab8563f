package io.github.lamplighter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.ThrowAwayHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// `./lamplighter` of a checkout on a machine without JDK and Maven. A server of this test stands for Adoptium and for
/// the Maven repository; its JDK and Maven are shell scripts.
class ToolchainTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String API = "/v3/assets/latest/25/hotspot";
    private static final Map<Map<String, String>, byte[]> ARCHIVES = new ConcurrentHashMap<>();
    private static final String RUNS = "lamplighter 0.1.0\n";

    private final ThrowAwayHome home = ThrowAwayHome.withDifficultName();
    private final Path checkout = home.resolve("my check out");
    private final Path launcher = checkout.resolve("lamplighter");
    private final Path toolchain = checkout.resolve("packaging/toolchain.sh");
    private final Path tools = home.resolve("tools");
    private final Path jdks = home.resolve(".local/share/lamplighter/jdk");
    private final Path mavens = home.resolve(".local/share/lamplighter/maven");

    private final Map<String, byte[]> served = new ConcurrentHashMap<>();
    private final Map<String, Long> announced = new ConcurrentHashMap<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void aMachineWithNothing() throws Exception {
        Files.createDirectories(checkout.resolve("src/main/java"));
        Files.createDirectories(checkout.resolve("packaging"));
        Files.createDirectories(checkout.resolve(".mvn"));
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        Files.copy(Installed.CHECKOUT.resolve("lamplighter"), launcher);
        try (Stream<Path> files = Files.list(Installed.CHECKOUT.resolve("packaging"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".sh")).toList()) {
                Files.copy(file, checkout.resolve("packaging").resolve(file.getFileName()));
            }
        }
        // The JDKs of the machine that runs this test are out of sight.
        edit(launcher, "/usr/lib/jvm/* /usr/java/* /opt/java/* /opt/*jdk*", "/nowhere/*");
        Files.createDirectories(tools);
        for (String name : List.of(
                "bash",
                "cat",
                "chmod",
                "curl",
                "df",
                "dirname",
                "find",
                "flock",
                "grep",
                "gzip",
                "ln",
                "mkdir",
                "mktemp",
                "mv",
                "ps",
                "readlink",
                "rm",
                "sh",
                "sha256sum",
                "sha512sum",
                "sleep",
                "sort",
                "tail",
                "tar",
                "tr",
                "uname",
                "wc",
                "xargs")) {
            link(name);
        }
        program("id", "echo 1000");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI().toString());
            byte[] body = served.get(exchange.getRequestURI().getPath());
            try (exchange) {
                if (body == null) {
                    exchange.sendResponseHeaders(404, -1);
                    return;
                }
                exchange.sendResponseHeaders(
                        200, announced.getOrDefault(exchange.getRequestURI().getPath(), (long) body.length));
                exchange.getResponseBody().write(body);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        serveJdk(jdk("exit 0"));
        serveMaven();
    }

    @AfterEach
    void clean() {
        ended.countDown();
        server.stop(0);
        home.close();
    }

    @Test
    void getsBothAndRuns() throws IOException {
        Child.Ended first = run(downloading());
        assertThat(first.err())
                .contains("downloading Temurin 25.0.9+1 (")
                .contains("Temurin 25.0.9+1 is now in ~/.local/share/lamplighter/jdk/jdk-25.0.9+1.")
                .contains("downloading Maven 3.9.")
                .contains("lamplighter: built in");
        assertThat(first.out()).isEqualTo(RUNS);
        assertThat(list(jdks)).containsExactly("jdk-25.0.9+1");
        assertThat(list(mavens)).hasSize(1);
        assertThat(requests.peek())
                .contains("os=linux")
                .contains("image_type=jdk")
                .contains("vendor=eclipse");

        requests.clear();
        Files.delete(checkout.resolve("target/app/jdk"));
        Files.writeString(checkout.resolve("src/main/java/A.java"), "class A {}");
        Child.Ended second = run(environment());
        assertThat(second.out()).isEqualTo(RUNS);
        assertThat(requests).isEmpty();
    }

    @Test
    void getsThemWithWget() throws IOException {
        Files.delete(tools.resolve("curl"));
        link("wget");
        assertThat(run(downloading()).out()).isEqualTo(RUNS);
        served.remove(API);
        ThrowAwayHome.remove(jdks);
        assertThat(failure(downloading())).contains("127.0.0.1").contains("Nothing was installed.");
    }

    @Test
    void namesTheCommandWithoutATerminal() {
        Child.Ended run = run(environment());
        assertThat(run.err())
                .isEqualTo("lamplighter: JDK 25 not found. To download it, run `LAMPLIGHTER_DOWNLOAD=1"
                        + " ~/my check out/lamplighter --version`. Or set JAVA_HOME to a JDK 25.\n");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(requests).isEmpty();
    }

    @Test
    void asksInATerminal() throws IOException {
        link("stty");
        link("script");
        assertThat(typed("n"))
                .contains("JDK 25 not found. Download Temurin 25 from Adoptium")
                .contains("[y/N]");
        assertThat(requests).isEmpty();
        assertThat(jdks).doesNotExist();
        assertThat(typed("y\ny")).contains("Download Maven 3.9.").contains(RUNS.strip());
    }

    @Test
    void offersThePackageOfTheSystem() throws IOException {
        program("apt-cache", "echo \"$2:\"; echo '  Candidate: 25.0.1-1'; echo 'http://deb/'");
        program("apt-get", "echo \"$*\" >> " + quoted(home.resolve("installed")) + "; exit 1");
        assertThat(run(environment()).err())
                .isEqualTo("lamplighter: JDK 25 not found. Install it with"
                        + " `sudo apt-get install openjdk-25-jdk-headless`.\n");
        assertThat(home.resolve("installed")).doesNotExist();

        // Root is not asked without a terminal.
        program("id", "echo 0");
        assertThat(run(environment()).err())
                .contains("could not install openjdk-25-jdk-headless. See the output of apt-get above.")
                .contains("LAMPLIGHTER_DOWNLOAD=1");
        assertThat(home.resolve("installed"))
                .content()
                .contains("install -y -q --no-install-recommends openjdk-25-jdk-headless");
        assertThat(requests).isEmpty();
    }

    @Test
    void aChildGetsNothing() {
        Map<String, String> child = downloading();
        child.put("LAMPLIGHTER_CHILD", "1");
        assertThat(run(child).err())
                .isEqualTo("lamplighter: JDK 25 not found. Run ~/my check out/lamplighter --version once.\n");
        assertThat(requests).isEmpty();
    }

    @Test
    void aWrongChecksumInstallsNothing() throws Exception {
        serveJdk(jdk("exit 0"), "0".repeat(64), null);
        assertThat(failure(downloading()))
                .contains("could not install Temurin 25.0.9+1: the download is damaged (SHA-256 ")
                .contains("published is 000000000000…");
    }

    @Test
    void aDamagedArchiveInstallsNothing() throws Exception {
        byte[] half = jdk("exit 0");
        serveJdk(Arrays.copyOf(half, half.length / 2));
        assertThat(failure(downloading())).contains("the archive could not be unpacked");
    }

    @Test
    void anArchiveWithoutAJdkInstallsNothing() throws Exception {
        serveJdk(archive(Map.of("jdk-25.0.9+1/README", "no JDK")));
        assertThat(failure(downloading())).contains("the archive contains no JDK 25");
    }

    @Test
    void aJdkThatDoesNotRunIsNotInstalled() throws Exception {
        serveJdk(jdk("exit 127"));
        assertThat(failure(downloading())).contains("it does not run on this system");
    }

    @Test
    void aConnectionThatEndsEarlyInstallsNothing() {
        announced.put("/jdk.tar.gz", served.get("/jdk.tar.gz").length + 1L);
        assertThat(failure(downloading())).contains("the connection to 127.0.0.1:");
    }

    @Test
    void moreThanAnnouncedInstallsNothing() throws Exception {
        serveJdk(jdk("exit 0"), null, 100L);
        assertThat(failure(downloading())).contains("sent more data than announced");
    }

    @Test
    void tooLittleSpaceDownloadsNothing() throws Exception {
        serveJdk(jdk("exit 0"), null, 9_000_000_000_000L);
        assertThat(failure(downloading())).contains("it needs 34332275 MB in ~/.local/share/lamplighter, and ");
        assertThat(requests).hasSize(1);
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Files.writeString(home.resolve(".local/share/lamplighter"), "a file");
        Child.Ended run = run(downloading());
        assertThat(run.err()).isEqualTo("lamplighter: cannot write to ~/.local/share/lamplighter/jdk.\n");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void noNetworkIsNamed() {
        server.stop(0);
        assertThat(failure(downloading()))
                .contains("could not install JDK 25: could not connect to 127.0.0.1")
                .contains("You can also install a JDK 25 yourself and set JAVA_HOME.");
    }

    @Test
    void aRefusalIsNamed() {
        served.remove("/jdk.tar.gz");
        assertThat(failure(downloading())).contains("responded with HTTP 404");
    }

    @ParameterizedTest
    @MethodSource
    void anUnknownResponseInstallsNothing(String response) {
        served.put(API, response.getBytes(UTF_8));
        assertThat(failure(downloading())).contains("the response from Adoptium has an unknown format");
    }

    static Stream<String> anUnknownResponseInstallsNothing() {
        return Stream.of(
                "",
                "[]",
                "<html>Sign in</html>",
                "[{\"package\": {\"link\": \"http://127.0.0.1/\"}, \"release_name\": \"jdk-25\"}]",
                // A name that leads out of the folder.
                response("http://127.0.0.1/", "a".repeat(64), "9", "jdk-25/../../../.bashrc"),
                response("http://127.0.0.1/", "a".repeat(64), "9$(id)", "jdk-25"),
                response("http://127.0.0.1/", "*", "9", "jdk-25"));
    }

    @ParameterizedTest
    @MethodSource
    void anAddressThatIsNotHttpsIsRefused(String link) {
        served.put(API, response(link, "a".repeat(64), "9", "jdk-25").getBytes(UTF_8));
        assertThat(failure(downloading())).contains("its address does not begin with https://");
    }

    static Stream<String> anAddressThatIsNotHttpsIsRefused() {
        return Stream.of("file:///etc/passwd", "ftp://127.0.0.1/jdk", "-o/tmp/x", "jdk.tar.gz");
    }

    @Test
    void anInterruptionInstallsNothing() throws Exception {
        server.removeContext("/");
        byte[] api = served.get(API);
        server.createContext(API, exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, api.length);
                exchange.getResponseBody().write(api);
            }
        });
        server.createContext("/jdk.tar.gz", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, served.get("/jdk.tar.gz").length);
                exchange.getResponseBody().write(1);
                exchange.getResponseBody().flush();
                requests.add("half");
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (Child child = Child.start(downloading(), home.path(), List.of(launcher.toString(), "--version"))) {
            Await.until("a download that is under way", LIMIT, () -> !requests.isEmpty());
            List<ProcessHandle> programs = child.process().descendants().toList();
            child.process().destroy();
            Child.Ended run = child.end(LIMIT);
            assertThat(run.err()).endsWith("lamplighter: interrupted. Nothing was installed.\n");
            assertThat(run.exitCode()).isEqualTo(130);
            assertThat(list(jdks)).isEmpty();
            Await.until("curl that ended", LIMIT, () -> programs.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void whatAPowerLossLeftIsReplaced() throws Exception {
        Files.createDirectories(jdks.resolve("jdk-25.0.9+1/bin"));
        Files.createDirectories(jdks.resolve(".new.123456/unpacked"));
        Files.setLastModifiedTime(
                jdks.resolve(".new.123456"), FileTime.from(Instant.now().minus(Duration.ofDays(3))));
        assertThat(run(downloading()).out()).isEqualTo(RUNS);
        assertThat(list(jdks)).containsExactly("jdk-25.0.9+1");
        assertThat(jdks.resolve("jdk-25.0.9+1/bin/javac")).exists();
    }

    @Test
    void anotherMavenThanTheExpectedOneIsRefused() throws Exception {
        serveMaven();
        edit(toolchain, "maven_sha512=", "maven_sha512=00");
        Child.Ended run = run(downloading());
        assertThat(run.err()).contains("could not install Maven 3.9.").contains("the download is damaged (SHA-512 ");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(list(mavens)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void mavenComesFromTheConfiguredRepository(String settings, String repository) throws IOException {
        Path file = home.resolve("my.xml");
        Files.writeString(file, "<settings>\n <mirrors>\n" + settings + "\n </mirrors>\n</settings>\n");
        Map<String, String> environment = environment();
        environment.put("MAVEN_ARGS", "-q --settings=" + file.getFileName());
        environment.remove("MVNW_REPOURL");
        assertThat(Child.run(
                                environment,
                                LIMIT,
                                "/bin/bash",
                                "-ufc",
                                "root='" + home.path() + "'; . '" + toolchain
                                        + "'; configured_repository; printf %s \"$repository\"")
                        .well()
                        .out())
                .isEqualTo(repository);
    }

    static Stream<Arguments> mavenComesFromTheConfiguredRepository() {
        String central = "https://repo.maven.apache.org/maven2";
        return Stream.of(
                Arguments.of("", central),
                Arguments.of(mirror("central", "https://a.example/maven/"), "https://a.example/maven"),
                Arguments.of(mirror("*", "https://a.example"), "https://a.example"),
                Arguments.of(mirror("external:*", "https://a.example"), "https://a.example"),
                Arguments.of(mirror("releases, central", "https://a.example"), "https://a.example"),
                Arguments.of(mirror("*,!central", "https://a.example"), central),
                Arguments.of(mirror("external:http:*", "http://0.0.0.0/"), central),
                Arguments.of(mirror("snapshots", "https://a.example"), central),
                Arguments.of("<!-- " + mirror("*", "https://a.example") + " -->", central),
                Arguments.of(
                        mirror("*", "https://a.example") + mirror("central", "https://b.example"), "https://b.example"),
                Arguments.of(
                        mirror("*", "https://a.example") + mirror("external:*", "https://b.example"),
                        "https://a.example"));
    }

    private static String mirror(String of, String url) {
        return "<mirror>\n  <id>m</id>\n  <mirrorOf> " + of + "\n</mirrorOf>\n  <url>" + url + "</url>\n</mirror>";
    }

    /// What it says where nothing may be left behind.
    private String failure(Map<String, String> environment) {
        Child.Ended run = run(environment);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(list(jdks)).isEmpty();
        assertThat(run.err()).contains("Nothing was installed.").doesNotContain("line ");
        return run.err();
    }

    private Child.Ended run(Map<String, String> environment) {
        return Child.run(environment, LIMIT, launcher.toString(), "--version");
    }

    /// What a terminal shows where these lines are typed.
    private String typed(String lines) {
        return Child.run(
                        environment(),
                        LIMIT,
                        "/bin/bash",
                        "-c",
                        "printf '%s\\n' '" + lines + "' | script -qec '\"" + launcher + "\" --version' /dev/null")
                .out()
                .replace("\r", "");
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>(home.environment());
        environment.remove("JAVA_HOME");
        environment.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        environment.put("PATH", tools.toString());
        environment.put("LAMPLIGHTER_ADOPTIUM", address());
        environment.put("MVNW_REPOURL", address() + "/maven2");
        return environment;
    }

    private Map<String, String> downloading() {
        Map<String, String> environment = environment();
        environment.put("LAMPLIGHTER_DOWNLOAD", "1");
        return environment;
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    // --- what the server has ------------------------------------------------------------------------------------

    /// A JDK whose `java -version` does what `version` says.
    private byte[] jdk(String version) throws IOException {
        return archive(Map.of(
                "jdk-25.0.9+1/release", "JAVA_VERSION=\"25.0.9\"\n",
                "jdk-25.0.9+1/bin/javac", "#!/bin/sh\n",
                "jdk-25.0.9+1/bin/java",
                        "#!/bin/sh\n[ \"$*\" != -version ] || " + version
                                + "\ncase $* in *--version) echo lamplighter 0.1.0 ;; esac\n"));
    }

    private void serveJdk(byte[] archive) throws Exception {
        serveJdk(archive, null, null);
    }

    private void serveJdk(byte[] archive, @Nullable String checksum, @Nullable Long size)
            throws NoSuchAlgorithmException {
        served.put("/jdk.tar.gz", archive);
        served.put(
                API,
                response(
                                address() + "\\/jdk.tar.gz",
                                checksum == null ? digest("SHA-256", archive) : checksum,
                                Long.toString(size == null ? archive.length : size),
                                "jdk-25.0.9+1")
                        .getBytes(UTF_8));
    }

    /// As Adoptium's API responds.
    private static String response(String link, String checksum, String size, String name) {
        return """
            [
                {
                    "binary": {
                        "architecture": "x64",
                        "image_type": "jdk",
                        "installer": {
                            "checksum": "ffff",
                            "link": "https://127.0.0.1/installer.pkg",
                            "name": "installer.pkg",
                            "size": 1
                        },
                        "os": "linux",
                        "package": {
                            "checksum": "%s",
                            "checksum_link": "https://127.0.0.1/jdk.tar.gz.sha256.txt",
                            "download_count": 1,
                            "link": "%s",
                            "name": "jdk.tar.gz",
                            "signature_link": "https://127.0.0.1/jdk.tar.gz.sig",
                            "size": %s
                        },
                        "project": "jdk"
                    },
                    "release_link": "https://127.0.0.1/",
                    "release_name": "%s",
                    "vendor": "eclipse",
                    "version": {"major": 25}
                }
            ]
            """.formatted(checksum, link, size, name);
    }

    /// A Maven that builds nothing, as the launcher expects it.
    private void serveMaven() throws Exception {
        String script = Files.readString(toolchain);
        String version = script.replaceAll("(?s).*\nmaven_version=(\\S+)\n.*", "$1");
        byte[] archive = archive(Map.of(
                "apache-maven-" + version + "/bin/mvn",
                "#!/bin/sh\n"
                        + "for word; do case $word in -Dapp.directory=*) mkdir -p \"${word#*=}/lib\" ;; esac;"
                        + " done\n"));
        served.put(
                "/maven2/org/apache/maven/apache-maven/%1$s/apache-maven-%1$s-bin.tar.gz".formatted(version), archive);
        Files.writeString(
                toolchain,
                script.replaceAll("\nmaven_sha512=\\S+\n", "\nmaven_sha512=" + digest("SHA-512", archive) + "\n"));
    }

    private static String digest(String algorithm, byte[] content) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    }

    /// A `.tar.gz` of programs.
    private byte[] archive(Map<String, String> files) throws IOException {
        byte[] made = ARCHIVES.get(files);
        if (made == null) {
            made = pack(files);
            ARCHIVES.put(files, made);
        }
        return made;
    }

    private byte[] pack(Map<String, String> files) throws IOException {
        Path folder = Files.createTempDirectory(home.path(), "archive");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path archive = home.resolve("archive.tar.gz");
        Child.run(home.environment(), LIMIT, "tar", "-czf", archive.toString(), "-C", folder.toString(), ".")
                .well();
        ThrowAwayHome.remove(folder);
        return Files.readAllBytes(archive);
    }

    // --- the machine ----------------------------------------------------------------------------------------------

    private void link(String name) throws IOException {
        Path program = Path.of("/usr/bin", name);
        Files.createSymbolicLink(tools.resolve(name), Files.exists(program) ? program : Path.of("/bin", name));
    }

    private void program(String name, String script) throws IOException {
        Path file = tools.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void edit(Path file, String old, String replacement) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(old);
        Files.writeString(file, text.replace(old, replacement));
    }

    private static String quoted(Path path) {
        return "'" + path + "'";
    }

    private static List<String> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
