package io.github.lamplighter.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.tool.Manifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceDefinitionFactoryTest {

    @TempDir
    private Path home;

    @Test
    void aSecretIsRefusedAndAFileThatHoldsItIsNot() throws Exception {
        assertThat(of(Map.of("API_TOKEN", "x"), Optional.empty()))
                .isInstanceOf(ServiceDefinitionFactory.Result.Refused.class);
        assertThat(of(Map.of("MY_KEY", "x"), Optional.empty()))
                .isInstanceOf(ServiceDefinitionFactory.Result.Refused.class);
        assertThat(of(Map.of("db_password", "x"), Optional.empty()))
                .isInstanceOf(ServiceDefinitionFactory.Result.Refused.class);
        assertThat(of(Map.of("TLS_KEY_FILE", "x"), Optional.empty()))
                .isInstanceOf(ServiceDefinitionFactory.Result.Made.class);
        assertThat(of(Map.of("KEYBOARD", "x", "MONKEY", "y"), Optional.empty()))
                .isInstanceOf(ServiceDefinitionFactory.Result.Made.class);
    }

    @Test
    void aPasswordInAnAddressIsASecretToo() throws Exception {
        assertThat(of(Map.of("DATABASE_URL", "postgres://ada:hunter2@db/x"), Optional.empty()))
                .isInstanceOfSatisfying(
                        ServiceDefinitionFactory.Result.Refused.class,
                        refused -> assertThat(refused.why())
                                .contains("DATABASE_URL", "environmentFile", "chmod 600")
                                .doesNotContain("hunter2"));
        assertThat(of(Map.of("DATABASE_URL", "postgres://ada@db/x"), Optional.empty()))
                .isInstanceOf(ServiceDefinitionFactory.Result.Made.class);
    }

    @Test
    void aTokenIsASecretWhateverItsVariableIsCalled() throws Exception {
        String token = "ghp_" + "a1B2".repeat(9);
        assertThat(of(Map.of("MODE", token), Optional.empty()))
                .isInstanceOfSatisfying(
                        ServiceDefinitionFactory.Result.Refused.class,
                        refused -> assertThat(refused.why())
                                .contains("The value of MODE looks like a token", "environmentFile", "chmod 600")
                                .doesNotContain(token));
    }

    @Test
    void aSecretAmongTheArgumentsIsRefusedAndAPlaceIsNot() throws Exception {
        assertThat(started("serve", "--password", "hunter2"))
                .isInstanceOfSatisfying(
                        ServiceDefinitionFactory.Result.Refused.class,
                        refused -> assertThat(refused.why())
                                .contains("--password", "environmentFile")
                                .doesNotContain("hunter2"));
        assertThat(started("serve", "--ssl-key", "/home/x/key.pem"))
                .isInstanceOf(ServiceDefinitionFactory.Result.Made.class);
    }

    private ServiceDefinitionFactory.Result started(String... arguments) throws Exception {
        Manifest manifest = ServiceControlTest.manifest(
                "tool", program(), List.of(arguments), Map.of(), List.of(), Optional.empty(), Optional.empty());
        return new ServiceDefinitionFactory(AppDirectories.linux(Map.of(), home)).of(manifest, "/usr/bin", Map.of());
    }

    @Test
    void aSecretIsNotTakenFromTheShellEither() throws Exception {
        Manifest manifest = ServiceControlTest.manifest(
                "tool",
                program(),
                List.of(),
                Map.of(),
                List.of("LANG", "GITHUB_TOKEN"),
                Optional.empty(),
                Optional.empty());
        assertThat(new ServiceDefinitionFactory(AppDirectories.linux(Map.of(), home))
                        .of(manifest, "/usr/bin", Map.of()))
                .as("whether the shell has it today or not")
                .isInstanceOfSatisfying(
                        ServiceDefinitionFactory.Result.Refused.class,
                        refused -> assertThat(refused.why()).contains("GITHUB_TOKEN", "environmentFile"));
    }

    /// Where Node lies among other programs, its folder in front of the shell's would hide what the shell finds.
    @Test
    void aNodeThatTheShellDoesNotFindIsNamedAndThePathStaysTheShells() throws Exception {
        Path system = Files.createDirectories(home.resolve("usr/bin"));
        Path nvm = Files.createDirectories(home.resolve(".nvm/versions/node/v22.1.0/bin"));
        for (Path file : List.of(system.resolve("node"), nvm.resolve("node"), system.resolve("lamp"))) {
            Files.writeString(file, "#!/usr/bin/env node\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        Manifest manifest = ServiceControlTest.manifest(
                new Manifest.Install(
                        InstallerKind.NPM,
                        "lamp",
                        home.resolve("usr/lib/node_modules/lamp"),
                        system.resolve("lamp"),
                        Optional.empty(),
                        Map.of()),
                List.of("serve"),
                Map.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
        ServiceDefinitionFactory factory = new ServiceDefinitionFactory(AppDirectories.linux(Map.of(), home));
        String shell = nvm + ":/opt/x:" + system;
        ServiceDefinition named =
                ((ServiceDefinitionFactory.Result.Made) factory.of(manifest, shell, Map.of())).definition();
        assertThat(named.argv())
                .containsExactly(
                        system.resolve("node").toString(),
                        system.resolve("lamp").toString(),
                        "serve");
        assertThat(named.path()).isEqualTo(shell);

        String without = "/opt/x:" + system;
        ServiceDefinition found =
                ((ServiceDefinitionFactory.Result.Made) factory.of(manifest, without, Map.of())).definition();
        assertThat(found.argv()).containsExactly(system.resolve("lamp").toString(), "serve");
        assertThat(found.path()).isEqualTo(without);
        assertThat(((ServiceDefinitionFactory.Result.Made) factory.of(manifest, shell, without, Map.of()))
                        .definition()
                        .argv())
                .as("a new default of the shell changes nothing of a service that finds its Node")
                .isEqualTo(found.argv());
    }

    @Test
    void aPathOfTheDescriptionsOwnStandsThereOnce() throws Exception {
        assertThat(of(Map.of("PATH", "/opt/x/bin:/usr/bin"), Optional.empty()))
                .isInstanceOfSatisfying(ServiceDefinitionFactory.Result.Made.class, made -> {
                    assertThat(made.definition().path()).isEqualTo("/opt/x/bin:/usr/bin");
                    assertThat(made.definition().environment()).isEmpty();
                });
    }

    @Test
    void whatNoServiceFileCanSayIsRefusedBeforeOneIsWritten() throws Exception {
        assertThat(of(Map.of("GREETING", "one\ntwo"), Optional.empty()))
                .isInstanceOfSatisfying(
                        ServiceDefinitionFactory.Result.Refused.class,
                        refused -> assertThat(refused.why()).contains("GREETING", "line break"));
    }

    @Test
    void aFileOfSecretsMustBeClosed() throws Exception {
        Path file = Files.writeString(home.resolve("env"), "A=b\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(of(Map.of(), Optional.of(file))).isInstanceOf(ServiceDefinitionFactory.Result.Refused.class);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(of(Map.of(), Optional.of(file))).isInstanceOf(ServiceDefinitionFactory.Result.Made.class);
        assertThat(of(Map.of(), Optional.of(home.resolve("none"))))
                .isInstanceOf(ServiceDefinitionFactory.Result.Refused.class);
    }

    @Test
    void aPathKeepsOnlyWhatLasts() throws Exception {
        Path good = Files.createDirectories(home.resolve("good bin"));
        Path open = Files.createDirectories(home.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path environment = Files.createDirectories(home.resolve("env/bin"));
        Files.writeString(home.resolve("env/pyvenv.cfg"), "");
        String raw = String.join(
                ":",
                "",
                ".",
                "~/x",
                good.toString(),
                good + "/",
                open.toString(),
                environment.toString(),
                home.resolve("gone").toString(),
                "/tmp",
                "/mnt/c/Windows",
                "/usr/bin");
        SearchPath path = SearchPath.cleaned(raw, home, Optional.empty());
        assertThat(path.value().split(":"))
                .startsWith(good.toString(), "/usr/bin")
                .doesNotHaveDuplicates();
        assertThat(path.value()).doesNotContain("open", "env/bin", "gone", "/tmp:", "/mnt", "~");
        assertThat(path.warnings()).singleElement().asString().contains(open.toString());
    }

    private Path program() throws Exception {
        Path program = home.resolve("tool");
        if (!Files.exists(program)) {
            Files.createFile(
                    program, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return program;
    }

    private ServiceDefinitionFactory.Result of(Map<String, String> environment, Optional<Path> file) throws Exception {
        Manifest manifest = ServiceControlTest.manifest(
                "tool", program(), List.of("serve"), environment, List.of(), file, Optional.empty());
        return new ServiceDefinitionFactory(AppDirectories.linux(Map.of(), home))
                .of(manifest, "/usr/bin:/bin", Map.of());
    }
}
