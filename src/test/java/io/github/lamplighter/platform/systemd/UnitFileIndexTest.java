package io.github.lamplighter.platform.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.tool.Manifest.Install;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Units of somebody else are found by their program, however they come to it.
class UnitFileIndexTest {

    @TempDir
    Path home;

    private Path folder;
    private Path packaged;
    private Path system;
    private Path program;
    private Install install;
    private final FakeProcesses processes = new FakeProcesses();

    @BeforeEach
    void open() throws IOException {
        home = home.toRealPath();
        folder = Files.createDirectories(home.resolve(".config/systemd/user"));
        packaged = Files.createDirectories(home.resolve("usr/lib/systemd/user"));
        system = Files.createDirectories(home.resolve("etc/systemd/system"));
        install = tool(InstallerKind.UV, "env");
        program = home.resolve("env/bin/lamp");
    }

    /// An environment as uv and pip make it: its interpreter is a link out of it.
    private Install tool(InstallerKind installer, String name) throws IOException {
        Path bin = Files.createDirectories(home.resolve(name + "/bin"));
        Files.writeString(bin.resolve("lamp"), "#!" + bin + "/python\n");
        Files.writeString(bin.resolve("lamp-admin"), "#!" + bin + "/python\n");
        Path elsewhere = Files.writeString(home.resolve(name + "-interpreter"), "");
        Files.createSymbolicLink(bin.resolve("python"), elsewhere);
        return new Install(installer, "lamp", home.resolve(name), bin.resolve("lamp"), Optional.empty(), Map.of());
    }

    private List<ForeignUnit> found(Install wanted) {
        return new UnitFileIndex(home, Optional.empty(), List.of(folder, packaged), List.of(system), processes)
                .of(wanted);
    }

    private ForeignUnit one(String execStart) throws IOException {
        return one(execStart, "");
    }

    private ForeignUnit one(String execStart, String more) throws IOException {
        write(
                folder,
                "lamp.service",
                "[Service]\n%s\nExecStart=%s\n".formatted(more, execStart.replace("ENV", home + "/env")));
        return found(install).getFirst();
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Files.writeString(Files.createDirectories(folder).resolve(name), text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ENV/bin/lamp serve --port 80",
                "-@ENV/bin/lamp lamp serve --port 80",
                "\"ENV/bin/lamp\" 'serve' --port \"80\"",
                "%h/env/bin/lamp serve --port 80",
                "ENV/bin/python ENV/bin/lamp serve --port 80",
                "ENV/bin/python -u -X utf8 -m lamp serve --port 80",
                "ENV/bin/python -m Lamp.cli serve --port 80",
                "/usr/bin/env ENV/bin/lamp serve --port 80",
                "/bin/sh -c 'exec ENV/bin/lamp serve --port 80'",
                "/bin/bash -lc \"ENV/bin/lamp serve --port 80\"",
                "ENV/bin/lamp serve $OPTIONS",
                "ENV/bin/lamp serve --port ${PORT}"
            })
    void howeverItIsStarted(String command) throws IOException {
        ForeignUnit unit = one(command, "Environment=\"OPTIONS=--port 80\" PORT=80");
        assertThat(unit.arguments()).containsExactly("serve", "--port", "80");
        assertThat(unit.obstacle()).isEmpty();
    }

    @Test
    void throughALinkToItsLauncherAndThroughACopyOfIt() throws IOException {
        Path link = Files.createSymbolicLink(home.resolve("lamp"), program);
        assertThat(one(Files.createSymbolicLink(home.resolve("second"), link) + " serve")
                        .arguments())
                .containsExactly("serve");
        Path copy =
                Files.copy(program, Files.createDirectories(home.resolve("bin")).resolve("lamp"));
        assertThat(one(copy + " serve").arguments()).containsExactly("serve");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ENV/bin/lamp-admin run|It runs lamp-admin, not lamp.",
                "ENV/bin/python -m other|It runs the module other",
                "/bin/sh -c 'cd /srv && ENV/bin/lamp serve'|through a shell",
                "/usr/bin/env A=1 ENV/bin/lamp serve|through `env`",
                "ENV/bin/lamp serve ${NOBODY_SAYS}|variables"
            })
    void whatCannotBeWrittenTheSameIsFoundAndSaysWhy(String command, String why) throws IOException {
        assertThat(one(command).obstacle().orElseThrow()).contains(why);
    }

    @Test
    void aProgramThatGoesIntoTheBackgroundCannotBeAdopted() throws IOException {
        assertThat(one("ENV/bin/lamp", "Type=forking").obstacle().orElseThrow()).contains("forking");
        assertThat(one("ENV/bin/lamp", "Type=notify").obstacle()).isEmpty();
    }

    @Test
    void dropInsCountAndAreNamed() throws IOException {
        write(packaged, "lamp.service", """
            [Unit]
            Description=Lamp
            [Service]
            ExecStart=/usr/bin/something-else
            ExecStartPre=/bin/true
            Environment=A=1 "B=two words"
            Environment=PATH=/usr/bin
            TimeoutStopSec=90s
            """);
        assertThat(found(install)).isEmpty();
        write(packaged.resolve("lamp.service.d"), "20-later.conf", "[Service]\nKillMode=process\nNice=5\n");
        write(folder.resolve("lamp.service.d"), "10-own.conf", """
            [Service]
            ExecStart=
            ExecStart=%s serve \\
              # a remark inside
              --quiet
            Environment=C=3
            WorkingDirectory=~
            """.formatted(program));
        ForeignUnit unit = found(install).getFirst();
        assertThat(unit.arguments()).containsExactly("serve", "--quiet");
        assertThat(unit.environment()).isEqualTo(Map.of("A", "1", "B", "two words", "C", "3"));
        assertThat(unit.directory()).contains(home);
        assertThat(unit.killMode()).contains("process");
        assertThat(unit.stopTimeoutSeconds()).isEqualTo(OptionalInt.of(90));
        assertThat(unit.file()).isEqualTo(packaged.resolve("lamp.service"));
        assertThat(unit.additions())
                .containsExactly(
                        folder.resolve("lamp.service.d/10-own.conf"), packaged.resolve("lamp.service.d/20-later.conf"));
        assertThat(unit.unsupported()).containsExactly("ExecStartPre", "Nice");
    }

    @Test
    void unitsOfTheSystemAreNamedAsSuchAndComeLast() throws IOException {
        write(system, "lamp.service", "[Service]\nExecStart=%s serve\n".formatted(program));
        write(system, "inst@.service", "[Service]\nExecStart=%s serve --as %%i\n".formatted(program));
        Files.createSymbolicLink(
                Files.createDirectories(system.resolve("multi-user.target.wants"))
                        .resolve("inst@ada.service"),
                system.resolve("inst@.service"));
        write(folder, "a.service", "[Service]\nExecStart=%s\n".formatted(program));
        assertThat(found(install))
                .extracting(ForeignUnit::unit)
                .containsExactly("system/inst@ada.service", "a.service", "system/lamp.service");
        assertThat(found(install).getFirst().arguments()).containsExactly("serve", "--as", "ada");
        assertThat(found(install).getFirst().isOfTheSystem()).isTrue();
    }

    @Test
    void theFirstFolderCountsAndMaskedAliasedAndOurOwnAreNone() throws IOException {
        write(packaged, "lamp.service", "[Service]\nExecStart=%s\n".formatted(program));
        Files.createSymbolicLink(folder.resolve("lamp.service"), Path.of("/dev/null"));
        write(folder, "real.service", "[Service]\nExecStart=%s\n".formatted(program));
        Files.createSymbolicLink(folder.resolve("alias.service"), folder.resolve("real.service"));
        write(
                folder,
                "lamplighter-lamp.service",
                "# Written by Lamplighter for lamp.\n[Service]\nExecStart=%s\n".formatted(program));
        write(folder, "other.service", "[Service]\nExecStart=/usr/bin/true\n");
        write(folder, "lamp.socket", "[Socket]\nExecStart=%s\n".formatted(program));
        assertThat(found(install)).extracting(ForeignUnit::unit).containsExactly("real.service");
    }

    @Test
    void anotherToolOfTheSameVirtualEnvironmentIsAnotherTool() throws IOException {
        Install venv = tool(InstallerKind.VENV, "venv");
        write(folder, "admin.service", "[Service]\nExecStart=%s/venv/bin/lamp-admin\n".formatted(home));
        write(folder, "module.service", "[Service]\nExecStart=%s/venv/bin/python -m other\n".formatted(home));
        assertThat(found(venv)).isEmpty();
        write(folder, "lamp.service", "[Service]\nExecStart=%s/venv/bin/python -m lamp\n".formatted(home));
        assertThat(found(venv)).extracting(ForeignUnit::unit).containsExactly("lamp.service");
    }

    @ParameterizedTest
    @CsvSource({
        "-@%h/env/bin/lamp lamp serve, HOME/env/bin/lamp serve",
        "/usr/bin/env A=b ${LAMP}, /usr/bin/env A=b /opt/lamp",
        "%h/a|ExecStart=|ExecStart=%h/b c, HOME/b c",
        "/bin/true|ExecStart=/bin/false, ''",
        "/opt/${UNKNOWN}/x, ''"
    })
    void whatAUnitStartsNextIsItsWholeCommandLine(String execStart, String argv) {
        String text = "[Service]\nEnvironment=LAMP=/opt/lamp\nExecStart=" + execStart.replace('|', '\n') + "\n";
        assertThat(String.join(
                        " ",
                        new UnitFileIndex(home, Optional.empty(), List.of(folder), List.of(), processes)
                                .command("lamp.service", text, List.of())))
                .isEqualTo(argv.replace("HOME", home.toString()).strip());
    }

    @Test
    void aHomeWithoutUnitsHasNone() {
        assertThat(new UnitFileIndex(home, Optional.empty(), List.of(home.resolve("no")), List.of(), processes)
                        .of(install))
                .isEmpty();
    }

    @Test
    void aCommandThatIsTakenBackDoesNotRunTheTool() throws IOException {
        one(program.toString(), "");
        write(folder, "back.service", "[Service]\nExecStart=" + program + "\nExecStart=\nExecStart=/bin/true\n");
        assertThat(found(install)).extracting(ForeignUnit::unit).doesNotContain("back.service");
    }

    @Test
    void aSignThatIsNotUtf8HidesNothing() throws IOException {
        byte[] text = ("[Unit]\nDescription=L\u00e4mpchen\n[Service]\nExecStart=" + program + "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        Files.write(folder.resolve("old.service"), text);
        assertThat(found(install)).extracting(ForeignUnit::unit).containsExactly("old.service");
    }

    /// Behind a wrapper that finds the tool on its own PATH, the unit file does not name it.
    @Test
    void theUnitInWhoseControlGroupAProcessIsRunsTheTool() throws IOException {
        write(folder, "site.service", "[Service]\nExecStart=%s/.nvm/nvm-exec lamp serve\n".formatted(home));
        assertThat(found(install)).isEmpty();
        processes.add(978, "/user.slice/user@0.service/app.slice/site.service", "site.service");
        assertThat(found(install)).singleElement().satisfies(unit -> {
            assertThat(unit.unit()).isEqualTo("site.service");
            assertThat(unit.obstacle()).contains("It starts the tool through ~/.nvm/nvm-exec.");
        });
    }

    @Test
    void aScriptThatNamesTheLauncherRunsTheToolAlsoWhileItIsStopped() throws IOException {
        write(home, "start.sh", "#!/bin/sh\nexec %s serve\n".formatted(program));
        assertThat(one(home.resolve("start.sh").toString()).obstacle().orElseThrow())
                .contains("through " + home.resolve("start.sh"));
        assertThat(one("/bin/sh " + home.resolve("start.sh")).obstacle()).isPresent();
    }

    @Test
    void anInstanceThatIsNotEnabledIsFoundByItsProcess() throws IOException {
        write(folder, "lamp@.service", "[Service]\nExecStart=%s serve --port %%i\n".formatted(program));
        assertThat(found(install)).isEmpty();
        processes.add(978, "/user.slice/user@0.service/app.slice/app-lamp.slice/lamp@80.service", "lamp@80.service");
        assertThat(found(install)).singleElement().satisfies(unit -> {
            assertThat(unit.unit()).isEqualTo("lamp@80.service");
            assertThat(unit.arguments()).containsExactly("serve", "--port", "80");
            assertThat(unit.enabled()).isFalse();
        });
    }

    /// A terminal, cron and tmux lie in units as well, and a unit of Lamplighter's is no other one.
    @Test
    void aUnitInWhichAnotherProgramStartedTheToolDoesNotRunIt() throws IOException {
        write(folder, "cron.service", "[Service]\nExecStart=/usr/sbin/cron -f\n");
        write(folder, "code.service", "[Service]\nExecStart=/usr/bin/code\n");
        processes.add(978, "/user@0.service/app.slice/cron.service", "cron.service", "sh", "cron");
        processes.add(979, "/user@0.service/app.slice/code.service", "code.service");
        processes.terminals.put(979L, "pts/3");
        processes.add(980, "/user@0.service/app.slice/unknown.service", "unknown.service");
        assertThat(found(install)).isEmpty();
    }

    @Test
    void aGeneratedUnitNamesTheAutostartEntryThatItCameFrom() throws IOException {
        Path generated = home.resolve("run/systemd/generator.late");
        Path entry = home.resolve(".config/autostart/lamp.desktop");
        write(
                generated,
                "app-lamp@autostart.service",
                "[Unit]\nSourcePath=%s\n[Service]\nExecStart=%s serve\n".formatted(entry, program));
        assertThat(new UnitFileIndex(home, Optional.empty(), List.of(generated), List.of(), processes).of(install))
                .singleElement()
                .satisfies(unit -> {
                    assertThat(unit.autostart()).contains(entry);
                    assertThat(unit.obstacle().orElseThrow()).contains("~/.config/autostart/lamp.desktop");
                });
    }

    /// Processes that run from the environment of the tool.
    private static final class FakeProcesses implements ProcessTable {
        private final List<Running> all = new ArrayList<>();
        private final Map<Long, Origin> origins = new HashMap<>();
        private final Map<Long, String> terminals = new HashMap<>();

        void add(long pid, String controlGroup, String unit, String... ancestors) {
            all.add(new Running(pid, controlGroup, "lamp serve"));
            origins.put(pid, new Origin(List.of(ancestors), Optional.empty(), false, Optional.of(unit)));
        }

        @Override
        public List<Running> from(Path environment) {
            return all;
        }

        @Override
        public boolean hasProcess(String unit) {
            return origins.values().stream()
                    .anyMatch(origin -> origin.unit().filter(unit::equals).isPresent());
        }

        @Override
        public List<Running> marked(String name, String value) {
            return List.of();
        }

        @Override
        public Origin origin(long pid) {
            Origin known = origins.get(pid);
            return new Origin(
                    known.ancestors(), Optional.ofNullable(terminals.get(pid)), known.ignoresHangUp(), known.unit());
        }

        @Override
        public void end(long pid) {
            throw new AssertionError("the index changes nothing");
        }
    }
}
