package io.github.lamplighter.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.TestManifest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamePortTest {

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8080/, http://127.0.0.1:8080/health, true",
        "http://127.0.0.1:8080/, https://localhost:8080/, true",
        "http://127.0.0.1:8080/, tcp:127.0.0.1:8080, true",
        "http://127.0.0.1/, http://localhost:80/, true",
        "http://127.0.0.1:8080/, http://127.0.0.1:8081/, false",
        "http://127.0.0.1:8080/, http://[::1]:8080/, false",
        "http://192.0.2.1:8080/, http://192.0.2.1:8080/, false",
        "unix:/run/a, unix:/run/a, false"
    })
    void toolsOnOneAddressOfThisComputerShareAPort(String one, String other, boolean expected) {
        Manifest first = server("first", one);
        Manifest second = server("second", other);
        assertThat(SamePort.of(first, List.of(first, second)).map(SamePort::names))
                .isEqualTo(expected ? Optional.of("second") : Optional.empty());
    }

    @Test
    void theSentenceNamesAllOfThem() {
        Manifest first = server("first", "http://127.0.0.1:8080/");
        assertThat(SamePort.of(
                                first,
                                List.of(
                                        server("second", "http://127.0.0.1:8080/"),
                                        first,
                                        server("third", "http://localhost:8080/")))
                        .orElseThrow()
                        .sentence())
                .isEqualTo("Port 8080 is also the port of second, third. Only one of them can run at a time.");
    }

    private static Manifest server(String name, String url) {
        Path environment = Path.of("/apps", name);
        return new TestManifest(
                        InstallerKind.VENV,
                        name,
                        environment,
                        environment.resolve("bin").resolve(name))
                .service(List.of())
                .url(url, 10)
                .build();
    }
}
