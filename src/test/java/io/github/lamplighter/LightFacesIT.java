package io.github.lamplighter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.TlsServer;
import io.github.lamplighter.harness.UserManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What runs all day, or a hundred times a day, loads no toolkit: no class of JavaFX or AWT, as the JVM
/// itself logs it. A dependency or an ahead-of-time cache could bring one in without any line of our own
/// naming it.
@Tag("slow")
class LightFacesIT {

    @Test
    void aVerbLoadsNoToolkit() throws IOException {
        try (ThrowAwayHome home = ThrowAwayHome.make()) {
            for (List<String> words : List.of(
                    List.of("--version"), List.of("doctor", "--offline"), List.of("report", "--redact", "--html"))) {
                Path log = home.resolve("classes.log");
                Child.Ended ended = logging(home.environment(), log).run(words.toArray(String[]::new));
                assertThat(ended.exitCode()).as(ended.err()).isIn(0, 1);
                assertThat(loaded(log)).contains("io.github.lamplighter.app.Main");
                assertThat(toolkit(log)).as(String.join(" ", words)).isEmpty();
            }
        }
    }

    /// Certificates, addresses, other programs and a tool's own doctor are looked at too.
    @Test
    void aDoctorThatHasMuchToExamineLoadsNoToolkit() throws Exception {
        assumeThat(UserManager.isPossible()).isTrue();
        try (ThrowAwayHome home = ThrowAwayHome.make();
                UserManager manager = UserManager.start(home);
                TlsServer server = TlsServer.start(home, 5, "lit")) {
            Path program = GitRepository.lampClock(home).installedIn(home.resolve("clock"), "v1.0.0");
            Path log = home.resolve("classes.log");
            Installed lamplighter = logging(manager.environment(), log);
            lamplighter
                    .run(
                            "add",
                            program.toString(),
                            "--argument=serve",
                            "--url",
                            server.url().toString(),
                            "--yes")
                    .well();
            Path description = home.resolve(".config/lamplighter/tools/lamp-clock.json");
            Files.writeString(
                    description,
                    Files.readString(description)
                            .replaceFirst(
                                    "\\{",
                                    "{\"requires\": {\"programs\": [{\"name\": \"sh\"}]}, \"sessions\": {\"command\":"
                                            + " [\"true\"], \"count\": \"lines\"}, \"doctor\": {\"command\": [\"echo\","
                                            + " \"✓ lit\"], \"format\": \"marks\"}, \"settings\": [\"~/x.json\"],"));
            // Somebody else answers at its address: it never gets ready.
            ObjectNode impatient = (ObjectNode) JsonFile.MAPPER.readTree(Files.readString(description));
            impatient.withObject("endpoint").put("readyTimeoutSeconds", 2);
            Files.writeString(description, impatient.toString());
            Files.writeString(home.resolve("x.json"), "{}");
            lamplighter.run("service", "install", "lamp-clock", "--yes");
            Child.Ended ended = lamplighter.run("doctor", "lamp-clock", "--verbose");
            assertThat(ended.out()).contains("lit", "Settings files are readable");
            assertThat(loaded(log)).contains("io.github.lamplighter.doctor.CertificateCheck");
            assertThat(toolkit(log)).isEmpty();
        }
    }

    @Test
    void theTrayLoadsNoToolkit() throws IOException {
        assumeThat(UserManager.isPossible()).isTrue();
        try (ThrowAwayHome home = ThrowAwayHome.make();
                UserManager manager = UserManager.start(home)) {
            Path log;
            // A file for each process: the tray starts others.
            try (Child tray = logging(manager.environment(), home.resolve("classes-%p.log"))
                    .start("tray")) {
                log = home.resolve("classes-" + tray.process().pid() + ".log");
                Await.until("the tray is on the bus", Duration.ofSeconds(30), () -> {
                    assertThat(tray.process().isAlive()).as(tray.err()).isTrue();
                    return loaded(log).contains("io.github.lamplighter.tray.StatusNotifierItemExport")
                            && names(manager).contains(" " + tray.process().pid() + " ");
                });
            }
            assertThat(loaded(log)).anyMatch(name -> name.startsWith("io.github.lamplighter.tray."));
            assertThat(toolkit(log)).isEmpty();
        }
    }

    @Test
    void aVerbTakesTheProgramAndItsLibrariesFromTheCache() throws IOException {
        try (ThrowAwayHome home = ThrowAwayHome.make()) {
            for (String verb : List.of("status", "list")) {
                Path log = home.resolve("classes.log");
                logging(home.environment(), log).run(verb);
                assertThat(Files.readAllLines(log).stream()
                                .filter(line -> line.contains(" source: file:"))
                                // These two need java.sql, which no face has, and so cannot be linked.
                                .filter(line -> !line.contains(".ext.sql.")))
                        .as(verb)
                        .isEmpty();
            }
        }
    }

    /// What asks over the network is a third of all classes, and is in a cache of its own.
    @Test
    void aVerbThatAsksTheNetworkTakesThatFromItsCache() throws Exception {
        try (ThrowAwayHome home = ThrowAwayHome.make();
                TlsServer server = TlsServer.start(home, 5, "{}")) {
            Path folder = Files.createDirectories(home.resolve("lib/node_modules/candle"));
            Files.writeString(folder.resolve("package.json"), """
                {"name": "candle", "version": "1.0.0", "bin": "candle.js"}\
                """);
            Files.writeString(folder.resolve("candle.js"), "#!/usr/bin/env node\n");
            Files.createDirectories(home.resolve("bin"));
            Files.createSymbolicLink(home.resolve("bin/candle"), folder.resolve("candle.js"));
            Files.writeString(
                    home.resolve(".npmrc"), "registry=%s\ncafile=%s\n".formatted(server.url(), server.certificate()));
            Files.createDirectories(home.resolve(".config/lamplighter/tools"));
            Files.writeString(home.resolve(".config/lamplighter/tools/candle.json"), """
                {"schema": "lamplighter.tool/1", "name": "candle", "command": "candle", "expected": "command",
                 "install": {"installer": "npm", "package": "candle", "environment": "~/lib/node_modules/candle",
                             "program": "~/bin/candle"}}\
                """);
            for (String verb : List.of("outdated", "doctor")) {
                Path log = home.resolve("classes.log");
                logging(home.environment(), log).run(verb);
                assertThat(loaded(log)).as(verb).contains("sun.security.ssl.ClientHello");
                assertThat(Files.readAllLines(log).stream()
                                .filter(line ->
                                        line.startsWith("sun.security.ssl.") || line.startsWith("java.net.http."))
                                .filter(line -> !line.contains("shared objects file")))
                        .as(verb)
                        .hasSizeLessThan(40);
            }
        }
    }

    private static String names(UserManager manager) {
        return Child.run(manager.environment(), Duration.ofSeconds(10), "busctl", "--user", "list", "--no-legend")
                .out();
    }

    private static Installed logging(Map<String, String> environment, Path log) {
        return new Installed(environment).withJavaOptions("-Xlog:class+load=info:file=" + log + ":none:filecount=0");
    }

    private static List<String> loaded(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .map(line -> line.split(" ", 2)[0])
                .toList();
    }

    private static List<String> toolkit(Path log) throws IOException {
        return loaded(log).stream()
                .filter(name -> name.startsWith("javafx.")
                        || name.startsWith("com.sun.javafx.")
                        || name.startsWith("java.awt.")
                        || name.startsWith("javax.swing."))
                .toList();
    }
}
