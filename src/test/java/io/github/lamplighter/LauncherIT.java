package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.ThrowAwayHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `./lamplighter` of a checkout that is built, with a Maven that notes when it is started instead of building.
@Tag("slow")
class LauncherIT {

    private final ThrowAwayHome home = ThrowAwayHome.withDifficultName();
    private final Path checkout = home.resolve("my check out");
    private final Path tools = home.resolve(".local/bin");
    private final Path noted = home.resolve("maven-was-started");

    @BeforeEach
    void aCheckoutThatIsBuilt() throws IOException {
        Path real = Installed.launcher().getParent();
        Files.createDirectories(checkout.resolve("src/main/java"));
        Files.createDirectories(checkout.resolve(".mvn"));
        Files.copy(real.resolve("lamplighter"), checkout.resolve("lamplighter"));
        Files.setPosixFilePermissions(checkout.resolve("lamplighter"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(checkout.resolve("packaging"));
        try (Stream<Path> files = Files.list(real.resolve("packaging"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".sh")).toList()) {
                Files.copy(file, checkout.resolve("packaging").resolve(file.getFileName()));
            }
        }
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        Files.writeString(checkout.resolve("src/main/java/A.java"), "class A {}");
        // Everything is older than the build but what a test changes.
        try (Stream<Path> files = Files.walk(checkout)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
            }
        }
        Path apps = Files.createDirectories(checkout.resolve("target/app"));
        Path app = real.resolve("target/app/current").toRealPath();
        Files.createDirectory(apps.resolve("first"));
        for (String folder : List.of("lib", "window")) {
            Files.createSymbolicLink(apps.resolve("first").resolve(folder), app.resolve(folder));
        }
        Files.writeString(apps.resolve("first/hash"), "first\n");
        Files.createSymbolicLink(apps.resolve("current"), Path.of("first"));
        Path stamp = Files.createFile(apps.resolve("stamp"));
        Files.setLastModifiedTime(stamp, FileTime.from(Instant.now().minus(Duration.ofMinutes(1))));
        program("mvn", "touch '" + noted + "'; echo 'no building here'; exit 1");
    }

    @AfterEach
    void clean() {
        home.close();
    }

    @Test
    void answersWithoutMavenFromAPathWithSpaces() {
        assertVersion(run(home.environment(), checkout.resolve("lamplighter"), "--version"));
        assertThat(noted).doesNotExist();
    }

    @Test
    void answersThroughLinksFromAnywhere() throws IOException {
        Path link = Files.createSymbolicLink(tools.resolve("lamplighter"), checkout.resolve("lamplighter"));
        Path other = Files.createSymbolicLink(tools.resolve("ll"), Path.of("lamplighter"));
        assertVersion(run(home.environment(), link, "--version"));
        assertVersion(run(home.environment(), other, "--version"));
        try (Child child =
                Child.start(home.environment(), checkout.resolve("src"), List.of("../lamplighter", "--version"))) {
            assertVersion(child.end(Duration.ofSeconds(60)));
        }
    }

    @Test
    void answersWithAnOlderJavaOnThePath() throws IOException {
        program("java", "echo 'openjdk 17' >&2; exit 1");
        program("javac", "echo 'javac 17' >&2; exit 1");
        Map<String, String> environment = new LinkedHashMap<>(home.environment());
        environment.put("JAVA_HOME", tools.toString());
        // Where the one that the tests run with lies is what the last build wrote down.
        Files.writeString(checkout.resolve("target/app/jdk"), System.getProperty("java.home") + "\n");
        assertVersion(run(environment, checkout.resolve("lamplighter"), "--version"));
    }

    @Test
    void standardOutputCarriesTheResultAloneWithAStaleCache() throws IOException {
        Files.writeString(checkout.resolve("target/app/first/cli.aot"), "not a cache");
        assertVersion(run(home.environment(), checkout.resolve("lamplighter"), "--version"));
    }

    @Test
    void answersInAnEnvironmentWithoutALocale() {
        Map<String, String> environment = new LinkedHashMap<>(home.environment());
        environment.remove("LANG");
        assertVersion(run(environment, checkout.resolve("lamplighter"), "--version"));
        environment.put("LC_ALL", "C");
        environment.put("LAMPLIGHTER_JAVA_OPTIONS", "-XshowSettings:properties");
        Child.Ended ended = run(environment, checkout.resolve("lamplighter"), "--version");
        assertThat(ended.err()).contains("sun.jnu.encoding = UTF-8").contains("user.home = " + home.path());
    }

    @Test
    void buildsWhenASourceChangedOrWentAway() throws IOException {
        Files.writeString(checkout.resolve("src/main/java/A.java"), "class A { int changed; }");
        Child.Ended ended = run(home.environment(), checkout.resolve("lamplighter"), "--version");
        assertThat(noted).exists();
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("no building here").contains("build failed");
        assertThat(checkout.resolve("target/app/current/hash")).hasContent("first");

        Files.delete(noted);
        Files.delete(checkout.resolve("src/main/java/A.java"));
        run(home.environment(), checkout.resolve("lamplighter"), "--version");
        assertThat(noted).exists();
    }

    @Test
    void buildsWhenItsOwnStepsOfBuildingAndTrainingChanged() throws IOException {
        Path launcher = checkout.resolve("lamplighter");
        Files.writeString(launcher, Files.readString(launcher) + "# another way to train\n");
        run(home.environment(), launcher, "--version");
        assertThat(noted).exists();
    }

    @Test
    void aChildAndTheTrayNeverBuild() throws IOException {
        Files.writeString(checkout.resolve("src/main/java/A.java"), "class A { int changed; }");
        Map<String, String> child = new LinkedHashMap<>(home.environment());
        child.put("LAMPLIGHTER_CHILD", "1");
        assertVersion(run(child, checkout.resolve("lamplighter"), "--version"));
        run(home.environment(), checkout.resolve("lamplighter"), "tray", "--help");
        assertThat(noted).doesNotExist();
    }

    @Test
    void saysOnceHowToInstallMavenWhereItMayNot() throws IOException {
        Files.delete(tools.resolve("mvn"));
        program("id", "echo 1000");
        program("apt-get", "echo 'nothing is installed here'; exit 1");
        program("apt-cache", "echo 'maven:'; echo '  Candidate: 3.9.9-1'");
        assertThat(withoutMaven())
                .isEqualTo("lamplighter: Maven not found. Install it with `sudo apt-get install maven`.\n");
        program("apt-cache", "echo 'maven:'; echo '  Candidate: (none)'");
        assertThat(withoutMaven())
                .isEqualTo("lamplighter: Maven not found. To download it, run `LAMPLIGHTER_DOWNLOAD=1"
                        + " ~/my check out/lamplighter --version`. Or install it with your package manager.\n");
    }

    /// What it says where a source changed and nothing on the `PATH` is called mvn.
    private String withoutMaven() throws IOException {
        for (String name :
                List.of("bash", "cat", "find", "flock", "mkdir", "mv", "readlink", "sha256sum", "sort", "xargs")) {
            if (!Files.exists(tools.resolve(name))) {
                Files.createSymbolicLink(tools.resolve(name), Path.of("/usr/bin", name));
            }
        }
        Files.writeString(checkout.resolve("target/app/jdk"), System.getProperty("java.home") + "\n");
        Files.writeString(checkout.resolve("src/main/java/A.java"), "class A { int changed; }");
        Map<String, String> environment = new LinkedHashMap<>(home.environment());
        environment.put("PATH", tools.toString());
        Child.Ended ended = run(environment, checkout.resolve("lamplighter"), "--version");
        assertThat(ended.exitCode()).isEqualTo(1);
        return ended.err();
    }

    private void program(String name, String script) throws IOException {
        Path file = tools.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Child.Ended run(Map<String, String> environment, Path launcher, String... words) {
        return Child.run(
                environment,
                Duration.ofSeconds(60),
                Stream.concat(Stream.of(launcher.toString()), Stream.of(words)).toArray(String[]::new));
    }

    private static void assertVersion(Child.Ended ended) {
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).matches("lamplighter \\d+\\.\\d+\\.\\d+\n");
        assertThat(ended.exitCode()).isZero();
    }
}
