package io.github.lamplighter.installer.pipx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.python.Distribution;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class PipxMetadataTest {

    /// The keys that pipx 1.16 writes.
    private static final String NEWEST = """
        {
            "backend": "pip",
            "environment": "clock",
            "exposure_enabled": true,
            "injected_packages": {
                "lamp-plugin": { "package": "lamp-plugin", "package_or_url": "lamp-plugin>=2", "pip_args": [] }
            },
            "main_package": {
                "app_paths": [ { "__Path__": "/h/venvs/clock/bin/clock", "__type__": "Path" } ],
                "app_paths_of_dependencies": {},
                "apps": ["clock", "clockctl"],
                "apps_of_dependencies": ["gear"],
                "cooldown_days": null,
                "include_apps": true,
                "include_dependencies": true,
                "package": "Lamp_Clock",
                "package_or_url": "lamp-clock[tls]>=1,<2",
                "package_version": "1.0.0",
                "pinned": true,
                "pip_args": ["--extra-index-url", "https://ada:geheim@two/simple", "--index-url=https://one/simple"],
                "suffix": "@old"
            },
            "pipx_metadata_version": "0.12",
            "python_version": "Python 3.13.1",
            "source_interpreter": { "__Path__": "/usr/bin/python3.13", "__type__": "Path" },
            "venv_args": ["--system-site-packages"]
        }\
        """;

    /// What pipx 0.15 wrote: no suffix, nothing pinned, no interpreter.
    private static final String OLDEST = """
        { "injected_packages": {},
          "main_package": { "app_paths": [], "apps": ["clock"], "include_apps": true, "include_dependencies": false,
                            "package": "lamp-clock", "package_or_url": "lamp-clock", "pip_args": [] },
          "pipx_metadata_version": "0.1", "python_version": "Python 3.7.3", "venv_args": [] }\
        """;

    @TempDir
    Path folder;

    @Test
    void theNewestFormIsReadWhole() throws IOException {
        PipxMetadata read = well(NEWEST);
        assertThat(read)
                .isEqualTo(new PipxMetadata(
                        "0.12",
                        Optional.of("Lamp_Clock"),
                        "lamp-clock[tls]>=1,<2",
                        List.of("--extra-index-url", "https://ada:geheim@two/simple", "--index-url=https://one/simple"),
                        List.of("--system-site-packages"),
                        true,
                        List.of("clock", "clockctl"),
                        List.of("gear"),
                        "@old",
                        true,
                        "pip",
                        Optional.empty(),
                        Map.of("lamp-plugin", "lamp-plugin>=2")));
        assertThat(read.search().defaultIndex()).contains("https://one/simple");
        assertThat(read.search().indexes()).containsExactly("https://two/simple");
    }

    @Test
    void theOldestFormLacksKeysAndIsReadToo() throws IOException {
        PipxMetadata read = well(OLDEST);
        assertThat(read.name()).contains("lamp-clock");
        assertThat(read.suffix()).isEmpty();
        assertThat(read.pinned()).isFalse();
        assertThat(read.search().isPlain()).isTrue();
        assertThat(well("{\"main_package\": {\"package\": null}}").name()).isEmpty();
        assertThat(well(NEWEST.replace("\"0.12\"", "\"7.1\"")).format()).isEqualTo("7.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | not a JSON object",
                "{} | main_package is not an object",
                "{\"main_package\": 7} | main_package is not an object",
                "{\"main_package\": {\"package\": 7}} | main_package.package is not text",
                "{\"main_package\": {\"package_or_url\": {}}} | main_package.package_or_url is not text",
                "{\"main_package\": {\"apps\": \"clock\"}} | main_package.apps is not a list of texts",
                "{\"main_package\": {\"pip_args\": [7]}} | main_package.pip_args is not a list of texts",
                "{\"main_package\": {}, \"injected_packages\": []} | injected_packages is not an object",
                "{\"main_package\": {}, \"injected_packages\": {\"x\": 7}} | injected_packages.x is not an object",
                "{ | not JSON at line 1, column 2"
            })
    void damageIsNamedWithItsPlace(String text, String what) throws IOException {
        assertThat(read(text)).isEqualTo(new PipxMetadata.Found.Damaged(what));
    }

    @Test
    void noFileIsNoDamage() {
        assertThat(PipxMetadata.read(folder.resolve("nowhere"))).isEqualTo(new PipxMetadata.Found.Absent());
    }

    @Test
    void aFileThatWasCutOffAnywhereIsDamaged() throws IOException {
        for (int length = 0; length < NEWEST.length(); length++) {
            assertThat(read(NEWEST.substring(0, length)))
                    .as("%d letters of it", length)
                    .isInstanceOf(PipxMetadata.Found.Damaged.class);
        }
    }

    /// Records that pipx 1.1.0 and 1.16.7 wrote, and what has to be read in them.
    @ParameterizedTest
    @CsvFileSource(resources = "records.tsv", delimiter = '\t', emptyValue = "", numLinesToSkip = 1)
    void whatPipxItselfWroteIsReadWhole(String file, String format, String asked, String more)
            throws URISyntaxException {
        Path record =
                Path.of(PipxMetadataTest.class.getResource("records/" + file).toURI());
        PipxMetadata read = ((PipxMetadata.Found.Read) PipxMetadata.read(record)).metadata();
        assertThat(read.name().map(Distribution::normalised)).contains("demo-tool");
        assertThat(read.programs()).contains("demo-tool");
        assertThat(read.format()).isEqualTo(format);
        assertThat(read.asked()).isEqualTo(asked);
        assertThat("%s%s%s%s"
                        .formatted(
                                read.injected().isEmpty() ? "" : read.injected(),
                                read.suffix(),
                                read.pinned() ? "pinned" : "",
                                read.pipArguments().contains("--editable") ? "editable" : ""))
                .isEqualTo(more);
    }

    private PipxMetadata well(String text) throws IOException {
        return ((PipxMetadata.Found.Read) read(text)).metadata();
    }

    private PipxMetadata.Found read(String text) throws IOException {
        return PipxMetadata.read(Files.writeString(folder.resolve(PipxMetadata.FILE), text));
    }
}
