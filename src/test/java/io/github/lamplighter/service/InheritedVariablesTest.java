package io.github.lamplighter.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.TestManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InheritedVariablesTest {

    @TempDir
    Path home;

    @Test
    void proxiesCertificatesAndWhatTheDescriptionNamesGoWithTheServiceAndNothingElse() throws IOException {
        String authority = Files.writeString(home.resolve("ca.pem"), "x").toString();
        Map<String, String> shell = Map.of(
                "http_proxy", "http://proxy:3128",
                "HTTPS_PROXY", "http://proxy:3128",
                "no_proxy", "localhost,.example.org",
                "NODE_EXTRA_CA_CERTS", authority,
                "MODE", "quiet",
                "EDITOR", "vi",
                "PYTHONPATH", "/x");
        InheritedVariables inheritedVariables = InheritedVariables.of(manifest("MODE"), shell);
        assertThat(inheritedVariables.variables())
                .containsOnlyKeys("http_proxy", "HTTPS_PROXY", "no_proxy", "NODE_EXTRA_CA_CERTS", "MODE");
        assertThat(inheritedVariables.notes()).isEmpty();
    }

    @Test
    void aProxyWithAPasswordAndACertificateThatIsGoneAreLeftOutAndSaid() {
        InheritedVariables inheritedVariables = InheritedVariables.of(
                manifest(),
                Map.of("https_proxy", "http://ada:hush@proxy:3128", "SSL_CERT_FILE", "/gone/ca.pem", "http_proxy", ""));
        assertThat(inheritedVariables.variables()).isEmpty();
        assertThat(inheritedVariables.notes())
                .hasSize(2)
                .anySatisfy(note -> assertThat(note)
                        .startsWith("https_proxy was not copied")
                        .contains("environmentFile"))
                .anySatisfy(note -> assertThat(note)
                        .isEqualTo("SSL_CERT_FILE was not copied, because /gone/ca.pem does not exist."));
        assertThat(String.join(" ", inheritedVariables.notes())).doesNotContain("hush");
    }

    private Manifest manifest(String... inherit) {
        return new TestManifest(InstallerKind.VENV, "lamp", home, home.resolve("lamp"))
                .service(List.of())
                .inherit(List.of(inherit))
                .build();
    }
}
