package io.github.lamplighter.platform.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Hostile;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import io.github.lamplighter.harness.WithHome;
import io.github.lamplighter.platform.posix.InteractiveLoginShell;
import io.github.lamplighter.platform.proc.ProcProcesses;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.settings.Autostart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// What a unit file of ours says arrives as it was meant: the real systemd starts a program that writes down
/// what it was given.
@WithHome(difficultName = true)
@Tag("slow")
@EnabledIf("isPossible")
class UnitFileRendererTest {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final String PRINTER = """
        #!/usr/bin/python3 -I
        import os, sys
        out = os.fsencode(sys.argv[1])
        def write(name, values):
            with open(out + b"." + name, "wb") as file:
                file.write(b"\\0".join(values))
        write(b"argv", [os.fsencode(a) for a in sys.argv[2:]])
        write(b"env", [k + b"=" + v for k, v in os.environb.items()])
        write(b"cwd", [os.fsencode(os.getcwd())])
        os.rename(out + b".cwd", out + b".done")
        """;

    @Provided
    private static ThrowAwayHome home;

    @Provided
    private static UserManager systemd;

    private static SystemdServiceManager services;
    private static Path out;

    static boolean isPossible() {
        return UserManager.isPossible() && Files.isExecutable(Path.of("/usr/bin/python3"));
    }

    @BeforeAll
    static void start() throws IOException {
        services = new SystemdServiceManager(
                new LocalProcessRunner(systemd.environment()),
                systemd.environment(),
                AppDirectories.linux(systemd.environment(), home.path()),
                new ProcProcesses());
        out = home.resolve("out");
    }

    @Test
    void thousandsOfHostileArgumentsAndVariablesArriveAsTheyAre() throws IOException {
        Random random = new Random(20261124);
        Path program = printer(home.resolve("print"));
        for (int round = 0; round < 20; round++) {
            List<String> arguments = new ArrayList<>();
            Map<String, String> variables = new TreeMap<>();
            if (round == 0) {
                arguments.addAll(Hostile.VALUES);
                Hostile.VALUES.forEach(value -> variables.put("T_FIXED_" + variables.size(), value));
                arguments.add("x".repeat(128 * 1024 - 1));
                variables.put("T_LONG", "x".repeat(128 * 1024 - 1 - "T_LONG=".length()));
            }
            for (int i = 0; i < 200; i++) {
                arguments.add(Hostile.value(random));
                variables.put("T_" + i, Hostile.value(random));
            }
            Received received = started(program, arguments, variables, "/usr/bin:/bin", home.path(), Optional.empty());
            assertThat(received.arguments()).as("round %d", round).containsExactlyElementsOf(arguments);
            assertThat(received.variables("T_")).as("round %d", round).isEqualTo(variables);
        }
    }

    @Test
    void hostilePathsArriveAsTheyAre() throws IOException {
        List<String> names = List.of(
                "a b",
                "50% h",
                "%h",
                "$HOME",
                "${PATH}",
                "o'brien",
                "\"quoted\"",
                "back\\slash",
                "back\\ns",
                "star*?",
                "[ab]",
                "{a,b}",
                "-dash",
                "@at",
                ";semicolon",
                "+plus",
                "!bang",
                "~tilde",
                "#hash",
                "a=b",
                "tab\there",
                "jürgen",
                "日本語",
                "Привет",
                "🦆");
        for (String name : names) {
            Path folder = Files.createDirectories(home.resolve("paths").resolve(name));
            Path variables = Files.writeString(folder.resolve(name + " env"), "T_FROM_FILE=it is read\n");
            Files.setPosixFilePermissions(variables, PosixFilePermissions.fromString("rw-------"));
            Path program = printer(folder.resolve(name));
            String path = folder + ":/usr/bin:/bin";
            Received received = started(program, List.of("x"), Map.of(), path, folder, Optional.of(variables));
            assertThat(received.folder()).isEqualTo(folder.toString());
            assertThat(received.variables("PATH")).containsEntry("PATH", path);
            assertThat(received.variables("T_")).containsEntry("T_FROM_FILE", "it is read");
        }
    }

    @Test
    void whatSystemdCannotSayIsRefusedAndNothingIsWritten() throws IOException {
        Path program = printer(home.resolve("print"));
        Path unit = home.resolve(".config/systemd/user").resolve(services.unitOf("refused"));
        for (String value : Hostile.REFUSED) {
            assertThat(services.write(definition("refused", program, List.of(value), Map.of())))
                    .isInstanceOf(ServiceOutcome.Refused.class);
            assertThat(services.write(definition("refused", program, List.of(), Map.of("A", value))))
                    .isInstanceOf(ServiceOutcome.Refused.class);
        }
        for (String folder : List.of("/srv/x ", "/srv/x\\", "/srv/\nx", "/srv/x\n[Service]")) {
            assertThat(services.write(new ServiceDefinition(
                            "refused",
                            "x",
                            List.of(program.toString()),
                            Map.of(),
                            "/usr/bin",
                            Path.of(folder),
                            Optional.empty(),
                            Optional.empty(),
                            5)))
                    .as(folder)
                    .isInstanceOf(ServiceOutcome.Refused.class);
        }
        assertThat(unit).doesNotExist();
    }

    /// Every kind of unit that is ever written, with a launcher and a home that need quoting.
    @Test
    void systemdHasNothingToSayAboutAnyOfOurUnits() throws IOException {
        Path folder = home.resolve(".config/systemd/user");
        AppDirectories directories = AppDirectories.linux(systemd.environment(), home.path());
        ProcessRunner runner = new LocalProcessRunner(systemd.environment());
        Path launcher =
                printer(Files.createDirectories(home.resolve("50% o'f $x")).resolve("lamp lighter"));

        Path variables = Files.writeString(home.resolve("a [b]* env"), "A=b\n");
        ServiceDefinition plain =
                definition("verified", printer(home.resolve("print")), Hostile.VALUES, Map.of("A", "% \" $ \\ ü"));
        assertThat(services.write(plain)).isInstanceOf(ServiceOutcome.Done.class);
        ServiceDefinition more = new ServiceDefinition(
                "verified-more",
                "100% of it \\",
                List.of(launcher.toString(), "%h", "$x"),
                Map.of(),
                home.path() + "/%h bin:/usr/bin",
                home.path(),
                Optional.of(variables),
                Optional.of("process"),
                90);
        assertThat(services.write(more)).isInstanceOf(ServiceOutcome.Done.class);

        RecoverUnit recover = new RecoverUnit(directories, List.of(launcher.toString()), runner);
        recover.arm(List.of("lamplighter-verified.service", "lamplighter-verified-more.service"), true);
        DoctorTimer timer = new DoctorTimer(
                runner,
                systemd.environment(),
                directories,
                new InteractiveLoginShell(runner, systemd.environment(), directories, InstantSource.system()),
                () -> "90min",
                List.of(launcher.toString()));
        assertThat(timer.on())
                .isEqualTo(new Autostart.Change.Done(
                        "Lamplighter checks the tools in the background every 90min, without a tray icon."));
        try {
            List<String> units;
            try (var files = Files.list(folder)) {
                units = files.map(file -> String.valueOf(file.getFileName()))
                        .filter(name -> name.endsWith(".service") || name.endsWith(".timer"))
                        .filter(name -> name.contains("verified")
                                || !name.startsWith("lamplighter-")
                                || name.contains("recover"))
                        .sorted()
                        .toList();
            }
            assertThat(units)
                    .containsExactly(
                            "io.github.lamplighter.doctor.service",
                            "io.github.lamplighter.doctor.timer",
                            "lamplighter-recover.service",
                            "lamplighter-verified-more.service",
                            "lamplighter-verified.service");
            for (String unit : units) {
                Child.Ended verified = Child.run(
                        systemd.environment(),
                        Duration.ofSeconds(30),
                        "systemd-analyze",
                        "--user",
                        "verify",
                        folder.resolve(unit).toString());
                assertThat(verified.out() + verified.err()).as(unit).isEmpty();
                assertThat(verified.exitCode()).as(unit).isZero();
            }
            assertThat(recovered(launcher)).containsExactly("recover", "--at-login");
            // As after `apt remove lamplighter`.
            Files.delete(launcher);
            for (String unit : List.of(
                    "io.github.lamplighter.doctor.service",
                    "io.github.lamplighter.doctor.timer",
                    "lamplighter-recover.service")) {
                systemd.systemctl("stop", unit);
                systemd.systemctl("start", unit);
                assertThat(systemd.property(unit, "ConditionResult")).as(unit).contains("no");
                assertThat(systemd.property(unit, "ActiveState")).as(unit).contains("inactive");
            }
            assertThat(timer.state().words()).contains("does not exist");
        } finally {
            recover.disarm();
            timer.off();
        }
    }

    /// The launcher is the printer, whose first argument is where it writes.
    private static List<String> recovered(Path launcher) {
        assertThat(launcher).exists();
        String shown =
                systemd.property("lamplighter-recover.service", "ExecStart").orElse("");
        assertThat(shown)
                .contains("argv[]=" + (launcher.toString().contains("'") ? "/usr/bin/env -- " : "") + launcher);
        return List.of(shown.replaceFirst(".*lamp lighter ", "")
                .replaceFirst(" ;.*", "")
                .split(" "));
    }

    private static Received started(
            Path program,
            List<String> arguments,
            Map<String, String> variables,
            String path,
            Path folder,
            Optional<Path> file)
            throws IOException {
        String unit = services.unitOf("printer");
        List<String> argv = new ArrayList<>(List.of(program.toString(), out.toString()));
        argv.addAll(arguments);
        Path done = Path.of(out + ".done");
        Files.deleteIfExists(done);
        assertThat(services.write(new ServiceDefinition(
                        "printer", "100% printer", argv, variables, path, folder, file, Optional.empty(), 5)))
                .as(program.toString())
                .isInstanceOf(ServiceOutcome.Done.class);
        services.start(unit);
        Await.until("%s was started".formatted(program), LIMIT, () -> Files.exists(done));
        Received received = new Received(
                values(Path.of(out + ".argv")),
                values(Path.of(out + ".env")),
                values(done).getFirst());
        services.stop(unit, LIMIT);
        return received;
    }

    private static List<String> values(Path file) throws IOException {
        // Not Files.readString: it takes half characters apart, and what arrived wrongly is to be seen.
        return List.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\0", -1));
    }

    private record Received(List<String> arguments, List<String> environment, String folder) {
        Map<String, String> variables(String prefix) {
            Map<String, String> found = new TreeMap<>();
            for (String variable : environment) {
                int equals = variable.indexOf('=');
                if (variable.startsWith(prefix)) {
                    found.put(variable.substring(0, equals), variable.substring(equals + 1));
                }
            }
            return found;
        }
    }

    private static Path printer(Path file) throws IOException {
        Files.writeString(file, PRINTER);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private static ServiceDefinition definition(
            String name, Path program, List<String> arguments, Map<String, String> variables) {
        List<String> argv = new ArrayList<>(List.of(program.toString()));
        argv.addAll(arguments);
        return new ServiceDefinition(
                name, name, argv, variables, "/usr/bin:/bin", home.path(), Optional.empty(), Optional.empty(), 5);
    }
}
