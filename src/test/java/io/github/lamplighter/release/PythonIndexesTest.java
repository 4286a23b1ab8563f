package io.github.lamplighter.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallRequest;
import io.github.lamplighter.installer.SearchOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where pip and uv would look, read from the files and variables that they read.
class PythonIndexesTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path home;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void keepThisMachineOut() {
        environment.put("XDG_CONFIG_DIRS", "/nowhere");
    }

    @Test
    void withoutAWordFromTheUserItIsThePublicIndex() {
        assertThat(uv(InstallRequest.PLAIN).indexes()).containsExactly(URI.create(PythonIndexes.STANDARD));
        environment.put("PIP_CONFIG_FILE", "/dev/null");
        assertThat(pip(InstallRequest.PLAIN).indexes()).containsExactly(URI.create(PythonIndexes.STANDARD));
    }

    @Test
    void pipsFilesCountFromTheUsersToTheEnvironmentsAndVariablesOverAll() throws IOException {
        write(".pip/pip.conf", "[global]\nindex-url = https://legacy.example/simple\npre = yes\n");
        write(".config/pip/pip.conf", """
            # a comment
            [global]
            index_url: https://user.example/simple
            extra-index-url =
                https://one.example/simple
                https://two.example/simple
            [install]
            cert = /etc/ca.pem
            """);
        assertThat(pip(InstallRequest.PLAIN).indexes())
                .containsExactly(
                        URI.create("https://user.example/simple"),
                        URI.create("https://one.example/simple"),
                        URI.create("https://two.example/simple"));
        assertThat(pip(InstallRequest.PLAIN).preReleases()).isTrue();
        assertThat(pip(InstallRequest.PLAIN).networkSettings().authorities()).contains(Path.of("/etc/ca.pem"));
        write("venv/pip.conf", "[install]\nindex-url = https://venv.example/simple\n");
        assertThat(pip(InstallRequest.PLAIN).indexes().getFirst()).isEqualTo(URI.create("https://venv.example/simple"));
        write("other.conf", "[global]\nindex-url = https://named.example/simple\n");
        environment.put("PIP_CONFIG_FILE", home.resolve("other.conf").toString());
        assertThat(pip(InstallRequest.PLAIN).indexes().getFirst())
                .isEqualTo(URI.create("https://named.example/simple"));
        environment.put("PIP_INDEX_URL", "https://variable.example/simple");
        assertThat(pip(InstallRequest.PLAIN).indexes().getFirst())
                .isEqualTo(URI.create("https://variable.example/simple"));
    }

    @Test
    void whatWasRecordedWinsAndTheStandardIndexIsNotToldTheName() {
        environment.put("PIP_INDEX_URL", "https://ada:pw@own.example/simple/");
        assertThat(pip(named("https://own.example/simple/")).indexes())
                .containsExactly(URI.create("https://ada:pw@own.example/simple/"));
        assertThat(pip(named("https://recorded.example/simple")).indexes())
                .containsExactly(URI.create("https://recorded.example/simple"));
    }

    @Test
    void uvAsksFurtherIndexesBeforeTheDefaultAndPassesOverExplicitOnes() throws IOException {
        write(".config/uv/uv.toml", """
            exclude-newer = "2026-01-31"
            prerelease = "allow"
            [[index]]
            name = "only-when-named"
            url = "https://explicit.example/simple"
            explicit = true
            [[index]]
            url = "https://default.example/simple"
            default = true
            [[index]]
            url = "https://more.example/simple"
            """);
        PythonIndexes pythonIndexes = uv(InstallRequest.PLAIN);
        assertThat(pythonIndexes.indexes())
                .containsExactly(
                        URI.create("https://more.example/simple"), URI.create("https://default.example/simple"));
        assertThat(pythonIndexes.strategy()).isEqualTo(PythonIndexes.Strategy.FIRST_INDEX);
        assertThat(pythonIndexes.preReleases()).isTrue();
        assertThat(pythonIndexes.cutOff()).contains(Instant.parse("2026-02-01T00:00:00Z"));
        environment.put("UV_DEFAULT_INDEX", "https://variable.example/simple");
        environment.put("UV_INDEX", "corp=https://corp.example/simple");
        environment.put("UV_EXCLUDE_NEWER", "2025-05-05T00:00:00Z");
        environment.put("UV_INDEX_STRATEGY", "unsafe-best-match");
        pythonIndexes = uv(InstallRequest.PLAIN);
        assertThat(pythonIndexes.indexes())
                .containsExactly(
                        URI.create("https://corp.example/simple"),
                        URI.create("https://more.example/simple"),
                        URI.create("https://variable.example/simple"));
        assertThat(pythonIndexes.cutOff()).contains(Instant.parse("2025-05-05T00:00:00Z"));
        assertThat(pythonIndexes.strategy()).isEqualTo(PythonIndexes.Strategy.ALL);
        environment.put("UV_NO_CONFIG", "1");
        assertThat(uv(InstallRequest.PLAIN).preReleases()).isFalse();
    }

    @Test
    void whatCannotBeFollowedIsSaid() throws IOException {
        environment.put("PIP_NO_INDEX", "1");
        assertThat(unclear(pipTold(InstallRequest.PLAIN))).isEqualTo("pip uses no index (`no-index` is set).");
        environment.remove("PIP_NO_INDEX");
        assertThat(unclear(pipTold(named("ftp://ada:s3cret@x.example/"))))
                .isEqualTo("The index URL of pip is invalid (ftp://x.example/).");
        environment.put("UV_EXCLUDE_NEWER", "the day before yesterday");
        assertThat(unclear(uvTold())).contains("cutoff time of uv is invalid");
        environment.remove("UV_EXCLUDE_NEWER");
        write(".config/uv/uv.toml", "[[index]]\nurl =\n");
        assertThat(unclear(uvTold())).isEqualTo("~/.config/uv/uv.toml is not valid TOML (line 2).");
        write(".config/uv/uv.toml", "offline = true\n");
        assertThat(unclear(uvTold())).isEqualTo("uv is set to `offline`.");
    }

    @ParameterizedTest
    @CsvSource({
        "2024-04-10T00:00:00Z, 2024-04-10T00:00:00Z",
        "2024-04-10T02:00:00+02:00, 2024-04-10T00:00:00Z",
        "2024-04-10, 2024-04-11T00:00:00Z",
        "P3W, 2026-11-03T12:00:00Z",
        "PT36H, 2026-11-23T00:00:00Z",
        "7 days, 2026-11-17T12:00:00Z",
        "1 week, 2026-11-17T12:00:00Z",
        "24 hours, 2026-11-23T12:00:00Z",
        "30 days ago, 2026-10-25T12:00:00Z",
        "'1w, 2 days', 2026-11-15T12:00:00Z",
        "1.5h, 2026-11-24T10:30:00Z",
        "P1DT12H, 2026-11-23T00:00:00Z",
        "-P1W, 2026-11-17T12:00:00Z",
        "90 mins, 2026-11-24T10:30:00Z",
        "2024-04-10T05:00:00, 2024-04-11T00:00:00Z"
    })
    void aCutOffIsReadInAllItsForms(String text, String moment) {
        assertThat(PythonIndexes.moment(Optional.of(text), CLOCK)).contains(Optional.of(Instant.parse(moment)));
    }

    @Test
    void uvsWordForNoCutOffIsKnownAndWhatItRefusesIsNotGuessed() {
        assertThat(PythonIndexes.moment(Optional.of("false"), CLOCK)).contains(Optional.empty());
        for (String refused : List.of("true", "yesterday", "1 fortnight", "30", "weeks")) {
            assertThat(PythonIndexes.moment(Optional.of(refused), CLOCK))
                    .as(refused)
                    .isEmpty();
        }
    }

    /// As uv 0.13.9 behaves: variables, then the receipt, then `uv.toml`; a cutoff of the package wins.
    @Test
    void theCutOffOfAPackageWinsAndAVariableBeforeTheReceipt() throws IOException {
        write(
                ".config/uv/uv.toml",
                "exclude-newer = \"2021-01-01\"\nexclude-newer-package = { Marimo = \"2025-01-15T00:00:00Z\" }\n");
        environment.put("UV_EXCLUDE_NEWER", "2023-01-01T00:00:00Z");
        assertThat(uv(InstallRequest.PLAIN).cutOff()).contains(Instant.parse("2025-01-15T00:00:00Z"));
        write(".config/uv/uv.toml", "exclude-newer = \"2021-01-01\"\nexclude-newer-package = { marimo = false }\n");
        assertThat(uv(InstallRequest.PLAIN).cutOff()).isEmpty();
        write(".config/uv/uv.toml", "exclude-newer = \"2021-01-01\"\n");
        InstallRequest receipt = InstallRequest.PLAIN.with(new SearchOptions(
                List.of(),
                Optional.empty(),
                List.of(),
                false,
                Optional.empty(),
                Optional.of("2022-01-01T00:00:00Z"),
                Optional.empty(),
                false));
        assertThat(uv(receipt).cutOff()).contains(Instant.parse("2023-01-01T00:00:00Z"));
        environment.remove("UV_EXCLUDE_NEWER");
        assertThat(uv(receipt).cutOff()).contains(Instant.parse("2022-01-01T00:00:00Z"));
        assertThat(uv(InstallRequest.PLAIN).cutOff()).contains(Instant.parse("2021-01-02T00:00:00Z"));
    }

    @Test
    void anIndexOfTheReceiptIsOneMoreUnlessItIsTheDefault() throws IOException {
        write(".config/uv/uv.toml", "find-links = [\"/srv/toml\"]\n[[index]]\nurl = \"https://toml.example/simple\"\n");
        environment.put("UV_INDEX", "https://variable.example/simple");
        environment.put("UV_FIND_LINKS", "/srv/variable,https://page.example/files/");
        InstallRequest receipt = InstallRequest.PLAIN.with(new SearchOptions(
                List.of("https://receipt.example/simple"),
                Optional.empty(),
                List.of("file:///srv/receipt"),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false));
        PythonIndexes pythonIndexes = uv(receipt);
        assertThat(pythonIndexes.indexes())
                .containsExactly(
                        URI.create("https://variable.example/simple"),
                        URI.create("https://receipt.example/simple"),
                        URI.create("https://toml.example/simple"),
                        URI.create(PythonIndexes.STANDARD));
        assertThat(pythonIndexes.findLinks())
                .map(place -> place.toString().replaceFirst("^file:/+", "/").replaceFirst("/$", ""))
                .containsExactly("/srv/variable", "https://page.example/files", "/srv/receipt", "/srv/toml");
        environment.put("PIP_CONFIG_FILE", "/dev/null");
        environment.put("PIP_EXTRA_INDEX_URL", "https://variable.example/simple");
        assertThat(pip(receipt).indexes())
                .containsExactly(
                        URI.create(PythonIndexes.STANDARD),
                        URI.create("https://variable.example/simple"),
                        URI.create("https://receipt.example/simple"));
        environment.put("PIP_NO_INDEX", "1");
        assertThat(pip(receipt).indexes()).isEmpty();
    }

    @Test
    void aVersionOfUvThatIsRequiredAndNotThereIsSaid() throws IOException {
        write(".config/uv/uv.toml", "required-version = \">=99\"\n");
        assertThat(unclear(uvTold())).isEqualTo("uv is set to require version >=99, but 0.13.9 is installed.");
        write(".config/uv/uv.toml", "required-version = \"~=0.13\"\n");
        assertThat(uvTold()).isInstanceOf(PythonIndexes.Resolution.Found.class);
    }

    @ParameterizedTest
    @CsvSource({"Pacific/Kiritimati, 2024-04-10T10:00:00Z", "America/Los_Angeles, 2024-04-11T07:00:00Z"})
    void aDayEndsAtTheUsersMidnight(String zone, String moment) {
        assertThat(PythonIndexes.moment(Optional.of("2024-04-10"), CLOCK.withZone(ZoneId.of(zone))))
                .contains(Optional.of(Instant.parse(moment)));
    }

    private static InstallRequest named(String... indexes) {
        return new InstallRequest("", List.of(), List.of(), Asking.searched(indexes), false, Optional.empty());
    }

    private PythonIndexes pip(InstallRequest installRequest) {
        return ((PythonIndexes.Resolution.Found) pipTold(installRequest)).pythonIndexes();
    }

    private PythonIndexes.Resolution pipTold(InstallRequest installRequest) {
        return new PipConfiguration(directories(), CLOCK).feeds(environment, home.resolve("venv"), installRequest);
    }

    private PythonIndexes uv(InstallRequest installRequest) {
        return ((PythonIndexes.Resolution.Found) new UvConfiguration(directories(), CLOCK)
                        .feeds(environment, installRequest, "marimo", Optional::empty))
                .pythonIndexes();
    }

    private PythonIndexes.Resolution uvTold() {
        return new UvConfiguration(directories(), CLOCK)
                .feeds(environment, InstallRequest.PLAIN, "marimo", () -> Optional.of("0.13.9"));
    }

    private static String unclear(PythonIndexes.Resolution resolution) {
        return ((PythonIndexes.Resolution.Ambiguous) resolution).why();
    }

    private AppDirectories directories() {
        return AppDirectories.linux(Map.of(), home);
    }

    private void write(String file, String text) throws IOException {
        Path path = home.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
