package io.github.lamplighter.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.GitRepository;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.Provided;
import io.github.lamplighter.harness.RegistryPackages;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.Uv;
import io.github.lamplighter.harness.WithHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// Small tools from PyPI, installed by the real uv, pipx and pip in the ways that people install them: listed,
/// checked, upgraded and rolled back by the built program. Afterwards each command of the package manager still works
/// on them, and its record is what it was.
@WithHome
@Tag("slow")
class PackageManagersIT {

    private static final TomlMapper TOML = new TomlMapper();
    private static final String PYTHON = "/usr/bin/python3";

    private final Map<String, String> environment = new LinkedHashMap<>();

    @Provided
    private ThrowAwayHome home;

    private Uv uv;
    private Installed lamplighter;

    @BeforeEach
    void aHomeWithPackageManagers() throws IOException {
        environment.putAll(home.environment());
        environment.put("PIPX_DEFAULT_PYTHON", PYTHON);
        environment.put("PIP_DISABLE_PIP_VERSION_CHECK", "1");
        uv = Uv.in(home, environment);
        environment.put(
                "UV_CACHE_DIR",
                Installed.CHECKOUT.resolve("target/harness/uv-cache").toString());
        Files.createSymbolicLink(
                home.resolve(".local/bin/pipx"),
                RegistryPackages.python("uv", "pipx").resolve("bin/pipx"));
        lamplighter = new Installed(environment);
        well("settings", "set", "network.limit", "1min");
    }

    @Test
    void aToolOfUvKeepsWhatItWasInstalledWith() throws IOException {
        uv("cowsay==6.0", "--with", "pycowsay==0.0.0.1");
        unpin("cowsay", "==6.0", "");
        journey("uv", "cowsay", "6.0", "6.1", List.of());
    }

    @Test
    @Tag("long")
    void aToolOfPipxWithUvKeepsItsBackend() throws IOException {
        pipx("install", "--backend", "uv", "cowsay==6.0");
        unpin("cowsay", "cowsay==6.0", "cowsay");
        journey("pipx", "cowsay", "6.0", "6.1", List.of());
    }

    /// What uv is given, the versions before and after, and options of the upgrade.
    record Case(
            List<String> words, String specifier, String range, String from, String to, Map<String, String> variables) {
        Case(String specifier, String range, String from, String to, String... words) {
            this(List.of(words), specifier, range, from, to, Map.of());
        }

        @Override
        public String toString() {
            return String.join(" ", words) + " " + range + " " + variables;
        }
    }

    static Stream<Case> ofUv() {
        return Stream.of(
                new Case("==6.0", "", "6.0", "6.1", "cowsay==6.0"),
                new Case("==5.0", ">=5,<6.1", "5.0", "6.0", "cowsay==5.0"),
                new Case("==6.0", "", "6.0", "6.1", "cowsay==6.0", "--python", PYTHON),
                new Case("==6.0", "", "6.0", "6.1", "cowsay==6.0", "--index", "https://pypi.org/simple"),
                new Case("==6.0", "", "6.0", "6.1", "cowsay==6.0", "--default-index", "https://pypi.org/simple"),
                new Case("==5.0", "", "5.0", "6.0", "cowsay==5.0", "--constraints", "constraints.txt"),
                new Case("==6.0", "", "6.0", "6.1", "cowsay==6.0", "--with-executables-from", "pycowsay"),
                new Case("==2.2.0", "", "2.2.0", "*", "pypiserver[passlib]==2.2.0"),
                new Case(
                        List.of("cowsay==6.0"),
                        "==6.0",
                        "",
                        "6.0",
                        "6.1",
                        Map.of("UV_TOOL_DIR", "HOME/my tools", "UV_TOOL_BIN_DIR", "HOME/my bin")));
    }

    @ParameterizedTest
    @MethodSource("ofUv")
    @Tag("long")
    void whateverUvWasTold(Case told) throws IOException {
        Files.writeString(home.resolve("constraints.txt"), "cowsay<6.1\n");
        told.variables()
                .forEach((name, value) ->
                        environment.put(name, value.replace("HOME", home.path().toString())));
        environment.computeIfPresent("UV_TOOL_BIN_DIR", (_, bin) -> {
            environment.merge("PATH", bin, (path, first) -> first + ":" + path);
            return bin;
        });
        lamplighter = new Installed(environment);
        List<String> words = told.words().stream()
                .map(word -> word.equals("constraints.txt") ? home.resolve(word).toString() : word)
                .toList();
        uv(words.toArray(String[]::new));
        String name = words.getFirst().replaceFirst("[\\[=].*", "");
        unpin(name, told.specifier(), told.range());
        List<String> again = new ArrayList<>(words);
        again.set(0, words.getFirst().replace(told.specifier(), told.range()));
        journey("uv", name, told.from(), told.to(), again);
    }

    @Test
    @Tag("long")
    void aTagOfARepository() throws IOException {
        GitRepository repository = GitRepository.lampClock(home);
        uv("lamp-clock", "--from", repository.requirement("v1.0.0"));
        String before = Files.readString(record("uv", "lamp-clock"));
        well("add", "lamp-clock", "--yes");
        well("upgrade", "lamp-clock", "--to", "1.1.0", "--yes");
        assertThat(uv.tool("list").out()).contains("lamp-clock v1.1.0");
        assertThat(Files.readString(record("uv", "lamp-clock")))
                .contains("v1.1.0")
                .doesNotContain(".lamplighter");
        well("rollback", "lamp-clock", "--yes");
        assertThat(Files.readString(record("uv", "lamp-clock"))).isEqualTo(before);
        everyCommandOfUvWorks("lamp-clock", "1.0.0", List.of("lamp-clock", "--from", repository.requirement("v1.0.0")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"folder", "editable", "wheel"})
    @Tag("long")
    void whatHasNoReleasesIsRefusedAndStays(String kind) throws IOException {
        GitRepository repository = GitRepository.lampClock(home);
        String source = kind.equals("wheel")
                ? repository
                        .wheel("v1.0.0", Files.createDirectory(home.resolve("wheels")))
                        .toString()
                : repository.folder().toString();
        List<String> words = kind.equals("editable") ? List.of("--editable", source) : List.of(source);
        uv(words.toArray(String[]::new));
        String before = Files.readString(record("uv", "lamp-clock"));
        well("add", "lamp-clock", "--yes");
        assertThat(verdict("lamp-clock").path("kind").asString("")).isIn("pinned", "not-checkable");
        assertThat(lamplighter.run("upgrade", "lamp-clock", "--yes").exitCode()).isNotEqualTo(1);
        assertThat(Files.readString(record("uv", "lamp-clock"))).isEqualTo(before);
        String version = kind.equals("wheel") ? "1.0.0" : "2.0.0";
        everyCommandOfUvWorks("lamp-clock", version, words);
    }

    /// uv says which version it would install; a cutoff that moves with the clock moves for both.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "exclude-newer = false",
                "exclude-newer = \"30 days ago\"",
                "exclude-newer = \"2 weeks\"",
                "exclude-newer = \"1w 2d\"",
                "exclude-newer = \"P3W\"",
                "exclude-newer = \"2024-12-01\"",
                "exclude-newer = \"2024-12-01T00:00:00Z\"",
                "exclude-newer = \"2024-12-01T00:00:00+02:00\"",
                "exclude-newer = \"2020-01-01\"\nexclude-newer-package = { PypiServer = \"2025-02-01T00:00:00Z\" }",
                "exclude-newer = \"2020-01-01\"\nexclude-newer-package = { pypiserver = false }",
                "exclude-newer-package = { pypiserver = \"30 days\" }",
                "required-version = \">=0.5\"",
                "required-version = \">=99\"",
                "[[index]]\nurl = \"https://pypi.org/simple\"\ndefault = true",
                "ENV 2024-12-01T00:00:00Z",
                "RECEIPT exclude-newer = \"2024-12-01T00:00:00Z\"",
                "RECEIPT exclude-newer = \"2020-01-01T00:00:00Z\"\nexclude-newer-span = \"P1W\"",
                "RECEIPT exclude-newer-package = { pypiserver = { timestamp = \"2020-01-01T00:00:00Z\", span = \"P1W\""
                        + " } }"
            })
    @Tag("long")
    void uvAgreesAboutTheNewestVersion(String setting) throws IOException {
        uv("pypiserver==2.1.1");
        unpin("pypiserver", "==2.1.1", "");
        if (setting.startsWith("ENV ")) {
            environment.put("UV_EXCLUDE_NEWER", setting.substring(4));
            lamplighter = new Installed(environment);
        } else if (setting.startsWith("RECEIPT ")) {
            Path receipt = record("uv", "pypiserver");
            Files.writeString(receipt, Files.readString(receipt) + "\n[tool.options]\n" + setting.substring(8) + "\n");
        } else {
            Path file = home.resolve(".config/uv/uv.toml");
            Files.createDirectories(file.getParent());
            Files.writeString(file, setting + "\n");
        }
        well("add", "pypiserver", "--yes");
        Child.Ended theirs = child(Uv.program().toString(), "tool", "list", "--outdated");
        JsonNode ours = verdict("pypiserver");
        if (theirs.exitCode() != 0) {
            assertThat(ours.path("kind").asString("")).as(theirs.toString()).isEqualTo("not-checkable");
            return;
        }
        String latest = theirs.out()
                .lines()
                .filter(line -> line.startsWith("pypiserver "))
                .map(line -> line.replaceFirst(".*latest: (.*)]", "$1"))
                .findFirst()
                .orElse("");
        assertThat(ours.path("to").asString("")).as(ours.toString()).isEqualTo(latest);
    }

    static Stream<List<String>> ofPipx() {
        return Stream.of(
                List.of("--backend", "pip"),
                List.of("--backend", "uv"),
                List.of("--backend", "pip", "--suffix=@old"),
                List.of("--backend", "pip", "--pip-args=--no-cache-dir"));
    }

    @ParameterizedTest
    @MethodSource("ofPipx")
    @Tag("long")
    void whateverPipxWasTold(List<String> words) throws IOException {
        String name = words.contains("--suffix=@old") ? "cowsay@old" : "cowsay";
        pipx(Stream.concat(Stream.of("install", "cowsay==6.0"), words.stream()).toArray(String[]::new));
        pipx("inject", name, "pycowsay==0.0.0.1");
        unpin(name, "cowsay==6.0", "cowsay");
        journey("pipx", name, "6.0", "6.1", words);
    }

    @Test
    @Tag("long")
    void whatPipxPinnedStays() throws IOException {
        pipx("install", "--backend", "pip", "cowsay==6.0");
        unpin("cowsay", "cowsay==6.0", "cowsay");
        pipx("pin", "cowsay");
        well("add", "cowsay", "--yes");
        assertThat(verdict("cowsay").path("kind").asString("")).isEqualTo("pinned");
        well("upgrade", "cowsay", "--to", "6.1", "--yes");
        assertThat(pipx("list", "--json").out()).contains("\"pinned\": true");
        well("rollback", "cowsay", "--yes");
        pipx("unpin", "cowsay");
        everyCommandOfPipxWorks("cowsay", "6.0");
    }

    /// pipx itself drops a range when it upgrades.
    @Test
    @Tag("long")
    void whatPipxWouldDoWithARangeIsSaid() throws IOException {
        pipx("install", "--backend", "pip", "cowsay==6.0");
        well("add", "cowsay", "--yes");
        JsonNode verdict = verdict("cowsay");
        assertThat(verdict.path("kind").asString("")).isEqualTo("pinned");
        assertThat(verdict.path("reason").asString(""))
                .contains("It was installed as ==6.0", "`pipx upgrade` ignores that");
        pipx("upgrade", "cowsay");
        assertThat(version("cowsay")).isEqualTo("6.1");
        assertThat(Files.readString(record("pipx", "cowsay"))).contains("\"package_or_url\": \"cowsay\"");
    }

    /// `uv venv` makes environments without pip.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("long")
    void aVirtualEnvironment(boolean byUv) {
        Path venv = home.resolve("apps/cow");
        if (byUv) {
            uv.run("venv", "-q", "--python", PYTHON, venv.toString());
            uv.run(
                    "pip",
                    "install",
                    "-q",
                    "--python",
                    venv.resolve("bin/python").toString(),
                    "cowsay==6.0");
        } else {
            child(PYTHON, "-m", "venv", venv.toString()).well();
            child(venv.resolve("bin/pip").toString(), "install", "-q", "cowsay==6.0")
                    .well();
        }
        well("add", venv.resolve("bin/cowsay").toString(), "--yes");
        well("doctor", "cowsay", "--offline");
        well("upgrade", "cowsay", "--yes");
        assertThat(version("cowsay")).isEqualTo("6.1");
        child(venv.resolve("bin/cowsay").toString(), "-t", "moo").well();
        well("rollback", "cowsay", "--yes");
        assertThat(version("cowsay")).isEqualTo("6.0");
        if (byUv) {
            uv.run("pip", "install", "--python", venv.resolve("bin/python").toString(), "-U", "cowsay");
            uv.run("pip", "uninstall", "--python", venv.resolve("bin/python").toString(), "cowsay");
        } else {
            child(venv.resolve("bin/pip").toString(), "install", "-q", "-U", "cowsay")
                    .well();
            child(venv.resolve("bin/pip").toString(), "uninstall", "-q", "-y", "cowsay")
                    .well();
        }
        assertThat(venv.resolve("bin/cowsay")).doesNotExist();
    }

    /// @param to `*` for whatever is the newest
    /// @param again the words of the package manager's own installation
    private void journey(String manager, String name, String from, String to, List<String> again) throws IOException {
        assertThat(version(name)).isEqualTo(from);
        JsonNode before = said(manager, name);
        String text = Files.readString(record(manager, name));
        well("add", name, "--yes");
        // pipx's suffix belongs to the command, not to the package.
        String tool = name.replaceFirst("@.*", "");
        well("doctor", tool, "--offline");
        JsonNode verdict = verdict(name);
        String newest = verdict.path("to").asString("");
        assertThat(newest).as(verdict.toString()).matches(to.equals("*") ? "[0-9].*" : to.replace(".", "\\."));

        well("upgrade", tool, "--yes");
        assertThat(version(name)).isEqualTo(newest);
        assertThat(said(manager, name)).isEqualTo(before);
        assertThat(Files.readString(record(manager, name))).doesNotContain(".lamplighter");
        well("rollback", tool, "--yes");
        assertThat(version(name)).isEqualTo(from);
        assertThat(Files.readString(record(manager, name))).isEqualTo(text);
        if (manager.equals("uv")) {
            everyCommandOfUvWorks(name, from, again.isEmpty() ? List.of(name) : again);
        } else {
            everyCommandOfPipxWorks(name, from);
        }
    }

    private void everyCommandOfUvWorks(String name, String version, List<String> words) throws IOException {
        assertThat(uv.tool("list").out()).contains(name + " v" + version);
        uv.tool("upgrade", name);
        uv(Stream.concat(Stream.of("--force"), words.stream()).toArray(String[]::new));
        uv.tool("uninstall", name);
        assertThat(programs()).doesNotContain(name, name.equals("pypiserver") ? "pypi-server" : name);
    }

    private void everyCommandOfPipxWorks(String name, String version) throws IOException {
        assertThat(pipx("list").out()).contains("package cowsay " + version);
        pipx("runpip", name, "list");
        pipx("upgrade", name);
        pipx("reinstall", name);
        pipx("uninstall", name);
        assertThat(programs()).doesNotContain(name);
    }

    private List<String> programs() throws IOException {
        Path bin = Path.of(environment.getOrDefault(
                "UV_TOOL_BIN_DIR", home.resolve(".local/bin").toString()));
        try (Stream<Path> links = Files.list(bin)) {
            return links.map(link -> String.valueOf(link.getFileName())).toList();
        }
    }

    /// What the record says about the request, without the places of links and the installed version.
    private JsonNode said(String manager, String name) throws IOException {
        String text = Files.readString(record(manager, name));
        if (manager.equals("uv")) {
            JsonNode tool = TOML.readTree(text).path("tool");
            return JsonFile.MAPPER
                    .createArrayNode()
                    .add(tool.path("requirements"))
                    .add(tool.path("options"))
                    .add(tool.path("python"))
                    .add(tool.path("constraints"));
        }
        JsonNode metadata = JsonFile.MAPPER.readTree(text);
        JsonNode main = metadata.path("main_package");
        return JsonFile.MAPPER
                .createArrayNode()
                .add(main.path("package_or_url"))
                .add(main.path("pip_args"))
                .add(main.path("suffix"))
                .add(main.path("pinned"))
                .add(metadata.path("backend"))
                .add(String.join(",", metadata.path("injected_packages").propertyNames()));
    }

    private Path record(String manager, String name) {
        return manager.equals("uv")
                ? Path.of(environment.getOrDefault(
                                "UV_TOOL_DIR",
                                home.resolve(".local/share/uv/tools").toString()))
                        .resolve(name)
                        .resolve("uv-receipt.toml")
                : Path.of(pipx("environment", "--value", "PIPX_LOCAL_VENVS")
                                .out()
                                .strip())
                        .resolve(name)
                        .resolve("pipx_metadata.json");
    }

    /// As if it had been installed without the exact version when that was the newest.
    private void unpin(String name, String exact, String instead) throws IOException {
        String manager = exact.startsWith("=") ? "uv" : "pipx";
        Path file = record(manager, name);
        String text = Files.readString(file);
        String changed = manager.equals("uv")
                ? text.replace(
                        ", specifier = \"" + exact + "\"", instead.isEmpty() ? "" : ", specifier = \"" + instead + "\"")
                : text.replace("\"" + exact + "\"", "\"" + instead + "\"");
        assertThat(changed).isNotEqualTo(text);
        Files.writeString(file, changed);
    }

    private String version(String name) {
        return tool("list", name).path("version").asString("");
    }

    private JsonNode verdict(String name) {
        return tool("outdated", name).path("verdict");
    }

    /// What `list` or `outdated` says about it.
    private JsonNode tool(String command, String name) {
        JsonNode tools = JsonFile.MAPPER
                .readTree(well(command, "--json").out())
                .path("data")
                .path("tools");
        return tools.valueStream()
                .filter(tool -> tool.path("name").asString("").equals(name.replace("@", "-"))
                        || tool.path("name").asString("").equals(name)
                        || name.startsWith(tool.path("name").asString("-")))
                .findFirst()
                .orElseThrow(() -> new AssertionError(tools.toPrettyString()));
    }

    private Child.Ended well(String... words) {
        Child.Ended ended = lamplighter.run(Duration.ofMinutes(5), words);
        assertThat(ended.exitCode()).as(ended.toString()).isZero();
        return ended;
    }

    private void uv(String... words) {
        uv.tool(Stream.concat(Stream.of("install"), Stream.of(words)).toArray(String[]::new));
    }

    private Child.Ended pipx(String... words) {
        return child(Stream.concat(Stream.of(home.resolve(".local/bin/pipx").toString()), Stream.of(words))
                        .toArray(String[]::new))
                .well();
    }

    private Child.Ended child(String... argv) {
        return Child.run(environment, Duration.ofMinutes(4), argv);
    }
}
