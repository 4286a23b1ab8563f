package io.github.lamplighter.installer.npm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.Installer;
import io.github.lamplighter.installer.MissingParts;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.Tool;
import io.github.lamplighter.tool.ToolCatalog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Prefixes of npm as Node's version managers lay them out; no npm and no Node is started.
class NpmInstallerTest {

    @TempDir
    Path home;

    private final Map<String, String> environment = new LinkedHashMap<>(Map.of("PATH", "/nowhere"));

    @BeforeEach
    void real() throws IOException {
        home = home.toRealPath();
    }

    @ParameterizedTest
    @CsvSource({
        ".nvm/versions/node/v22.11.0, '', ''",
        "other/versions/node/v22.11.0, NVM_DIR, other",
        ".local/share/fnm/node-versions/v22.11.0/installation, '', ''",
        "Library/Application Support/fnm/node-versions/v22.11.0/installation, '', ''",
        "fnm/node-versions/v22.11.0/installation, FNM_DIR, fnm",
        ".local/share/mise/installs/node/22.11.0, '', ''",
        "mise/installs/node/22.11.0, MISE_DATA_DIR, mise",
        ".asdf/installs/nodejs/22.11.0, '', ''",
        ".config/nvm/versions/node/v22.11.0, '', ''",
        "settings/nvm/versions/node/v22.11.0, XDG_CONFIG_HOME, settings",
        "data/fnm/node-versions/v22.11.0/installation, XDG_DATA_HOME, data",
        "data/mise/installs/node/22.11.0, XDG_DATA_HOME, data",
        ".nodenv/versions/22.11.0, '', ''"
    })
    void aNodeThatIsNotInUseHasItsToolsInTheList(String prefix, String variable, String folder) throws IOException {
        if (!variable.isEmpty()) {
            environment.put(variable, home.resolve(folder).toString());
        }
        node(prefix, "22.11.0");
        aPackage(prefix, "clock", "1.0.0", "");
        assertThat(npm().installed()).singleElement().satisfies(found -> {
            assertThat(found.packageName()).isEqualTo("clock");
            assertThat(found.program()).isEqualTo(home.resolve(prefix).resolve("bin/clock"));
            assertThat(found.runtime().version()).isEqualTo("22.11.0");
            assertThat(found.origin()).isEqualTo(new Origin.Index());
        });
    }

    @ParameterizedTest
    @CsvSource({"clock", "@ada/clock"})
    void voltaHasAPrefixForEachPackageAndSaysWhichNodeItIsFor(String name) throws IOException {
        String prefix = ".volta/tools/image/packages/" + name;
        aPackage(prefix, name, "1.0.0", "");
        node(".volta/tools/image/node/20.9.0", "20.9.0");
        Path record = home.resolve(".volta/tools/user/packages/%s.json".formatted(name));
        Files.createDirectories(record.getParent());
        Files.writeString(record, "{\"name\":\"%s\",\"platform\":{\"node\":\"20.9.0\"}}".formatted(name));
        assertThat(npm().installed()).singleElement().satisfies(found -> {
            assertThat(found.packageName()).isEqualTo(name);
            assertThat(found.runtime().program()).isEqualTo(home.resolve(".volta/tools/image/node/20.9.0/bin/node"));
            assertThat(found.runtime().version()).isEqualTo("20.9.0");
        });
    }

    @Test
    void onePackageUnderTwoNodesIsTwoToolsWithTwoIds() throws IOException {
        for (String version : List.of("20.9.0", "22.11.0")) {
            node(".nvm/versions/node/v" + version, version);
            aPackage(".nvm/versions/node/v" + version, "clock", "1.0.0", "");
        }
        List<Tool> tools = new ToolCatalog(new ManifestStore(directories()), List.of(npm())).tools();
        assertThat(tools).hasSize(2);
        assertThat(tools).map(Tool::name).containsOnly("clock");
        assertThat(tools).map(Tool::id).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "https://registry.example/clock/-/clock-1.0.0.tgz, index",
        "https://example.org/clock.tgz, archive",
        "file:clock.tgz, archive",
        "git+https://ada:geheim@example.org/clock.git#0123456789abcdef0123456789abcdef01234567, unknown",
        "git+ssh://git@example.org/clock.git#0123456789abcdef0123456789abcdef01234567, unknown"
    })
    void whatSomeNpmsRecordIsTaken(String resolved, String kind) throws IOException {
        aPackage("six", "clock", "1.0.0", ", \"_resolved\": \"%s\"".formatted(resolved));
        aPackage("lock", "clock", "1.0.0", "");
        Files.writeString(home.resolve("lock/lib/node_modules/.package-lock.json"), """
            {"lockfileVersion":3,"packages":{"node_modules/clock":{"version":"1.0.0","resolved":"%s"}}}
            """.formatted(resolved));
        for (String prefix : List.of("six", "lock")) {
            Origin origin = npm().owner(home.resolve(prefix).resolve("bin/clock"))
                    .orElseThrow()
                    .origin();
            assertThat(origin.toString()).doesNotContain("geheim");
            switch (kind) {
                case "index" -> assertThat(origin).isEqualTo(new Origin.Index());
                case "archive" -> assertThat(origin).isEqualTo(new Origin.Archive(resolved));
                default ->
                    assertThat(origin)
                            .isInstanceOfSatisfying(
                                    Origin.Unknown.class,
                                    unknown -> assertThat(unknown.why()).contains("example.org/clock.git", "0123456"));
            }
        }
    }

    @Test
    void aPackageUnderAnotherNameStaysInTheListAndIsNotTakenForThePackageOfThatName() throws IOException {
        aPackage("p", "mine", "1.0.0", "");
        Path file = home.resolve("p/lib/node_modules/mine/package.json");
        Files.writeString(file, Files.readString(file).replace("\"mine\"", "\"clock\""));
        environment.put("npm_config_prefix", home.resolve("p").toString());
        assertThat(npm().installed()).singleElement().satisfies(found -> {
            assertThat(found.version()).isEqualTo("1.0.0");
            assertThat(found.program()).isEqualTo(home.resolve("p/bin/clock"));
            assertThat(found.origin())
                    .isInstanceOfSatisfying(
                            Origin.Unknown.class,
                            unknown -> assertThat(unknown.why())
                                    .contains("~/p/lib/node_modules/mine/package.json is the package clock"));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ \"name\": \"clock\", | not JSON at line 1",
                "[] | contains no package",
                "{ \"version\": \"1.0.0\" } | contains no package",
                "{ \"name\": \"clock\", \"version\": 1 } | contains no version"
            })
    void aDamagedPackageStaysInTheListWithWhatIsWrongAndALibraryDoesNotComeIn(String text, String what)
            throws IOException {
        aPackage("p", "clock", "1.0.0", "");
        Files.writeString(home.resolve("p/lib/node_modules/clock/package.json"), text);
        Files.writeString(
                Files.createDirectories(home.resolve("p/lib/node_modules/library"))
                        .resolve("package.json"),
                text);
        environment.put("npm_config_prefix", home.resolve("p").toString());
        assertThat(npm().installed()).singleElement().satisfies(found -> {
            assertThat(found.packageName()).isEqualTo("clock");
            assertThat(found.program()).isEqualTo(home.resolve("p/bin/clock"));
            assertThat(found.origin())
                    .isInstanceOfSatisfying(
                            Origin.Unknown.class,
                            unknown -> assertThat(unknown.why())
                                    .contains("Could not read ~/p/lib/node_modules/clock/package.json: " + what));
        });
    }

    /// As npm reads it: written on Windows, with a byte order mark and an author in Latin-1.
    @Test
    void aPackageThatNpmReadsIsRead() throws IOException {
        aPackage("p", "clock", "1.0.0", "");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("\uFEFF".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(
                "{\r\n \"name\": \"clock\", \"version\": \"1.0.1\",\r\n \"bin\": \"x.js\", \"author\": \"Andr\u00e9\" }\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
        Files.write(home.resolve("p/lib/node_modules/clock/package.json"), bytes.toByteArray());
        environment.put("npm_config_prefix", home.resolve("p").toString());
        assertThat(npm().installed())
                .singleElement()
                .satisfies(found -> assertThat(found.version()).isEqualTo("1.0.1"));
    }

    @Test
    void whatAPackageSaysOfItselfDoesNotReachTheTerminalAsAnOrder() throws IOException {
        aPackage("p", "clock", "1.0.0\\u001b[31m\\u202e\\n2", "");
        environment.put("npm_config_prefix", home.resolve("p").toString());
        assertThat(npm().installed())
                .singleElement()
                .extracting(Provenance::version)
                .isEqualTo("1.0.0[31m 2");
    }

    @Test
    void aPackageThatItNeedsInAnyCaseIsMissedWhereNodeLooksForIt() throws IOException {
        aPackage(
                "p",
                "clock",
                "1.0.0",
                ",\"dependencies\":{\"@x/own\":\"1\",\"beside\":\"1\",\"gone\":\"1\",\"may\":\"1\"},\"optionalDependencies\":{\"may\":\"1\"}");
        Path modules = home.resolve("p/lib/node_modules");
        Files.createDirectories(modules.resolve("clock/node_modules/@x/own"));
        Files.createDirectories(modules.resolve("beside"));
        Provenance clock = npm().owner(home.resolve("p/bin/clock")).orElseThrow();
        assertThat(npm().missingParts(clock).packages())
                .extracting(Evidence::detail)
                .containsExactly("requires gone, which is not installed");
        Files.createFile(home.resolve(".pnp.cjs"));
        assertThat(npm().missingParts(clock)).isEqualTo(MissingParts.NOTHING);
    }

    @Test
    void aLinkIsTold() throws IOException {
        aPackage("p", "clock", "1.0.0", "");
        Path checkout = home.resolve("checkout");
        Files.move(home.resolve("p/lib/node_modules/clock"), checkout);
        Files.createSymbolicLink(home.resolve("p/lib/node_modules/clock"), checkout);
        assertThat(npm().owner(home.resolve("p/bin/clock")).orElseThrow())
                .extracting(Provenance::origin)
                .isEqualTo(new Origin.Linked(checkout));
    }

    private void node(String prefix, String version) throws IOException {
        Path bin = Files.createDirectories(home.resolve(prefix).resolve("bin"));
        Files.writeString(bin.resolve("node"), "#!/bin/false\n");
        Files.setPosixFilePermissions(bin.resolve("node"), PosixFilePermissions.fromString("rwxr-xr-x"));
        String[] parts = version.split("\\.");
        Files.writeString(
                Files.createDirectories(home.resolve(prefix).resolve("include/node"))
                        .resolve("node_version.h"),
                "#define NODE_MAJOR_VERSION %s\n#define NODE_MINOR_VERSION %s\n#define NODE_PATCH_VERSION %s\n"
                        .formatted((Object[]) parts));
    }

    private void aPackage(String prefix, String name, String version, String more) throws IOException {
        Path root = home.resolve(prefix);
        Path folder = Files.createDirectories(root.resolve("lib/node_modules").resolve(name));
        Files.writeString(
                folder.resolve("package.json"),
                "{\"name\":\"%s\",\"version\":\"%s\",\"bin\":{\"clock\":\"cli.js\"}%s}".formatted(name, version, more));
        Files.writeString(folder.resolve("cli.js"), "#!/usr/bin/env node\n");
        Files.createDirectories(root.resolve("bin"));
        Files.createSymbolicLink(
                root.resolve("bin/clock"),
                Path.of("../lib/node_modules").resolve(name).resolve("cli.js"));
    }

    private Installer npm() {
        return new NpmInstaller(directories(), environment, new LocalProcessRunner(environment));
    }

    private AppDirectories directories() {
        return AppDirectories.linux(environment, home);
    }
}
