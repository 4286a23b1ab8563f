package io.github.lamplighter.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.installer.python.Distribution;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectLinksTest {

    @ParameterizedTest
    @ValueSource(strings = {"Changelog", "changes", "What's new", "Release Notes", "release-notes", "History"})
    void aPythonPackageNamesItsReleaseNotesUnderManyLabels(String label) {
        assertThat(ProjectLinks.python(Map.of(label, "https://example.org/new")).releasePage())
                .contains(URI.create("https://example.org/new"));
    }

    /// The forms that npm's documentation names, and what forges show.
    @ParameterizedTest
    @CsvSource({
        "git+https://github.com/http-party/http-server.git, https://github.com/http-party/http-server/releases",
        "git://github.com/http-party/http-server.git, https://github.com/http-party/http-server/releases",
        "git+ssh://git@github.com/a/b.git, https://github.com/a/b/releases",
        "github:a/b, https://github.com/a/b/releases",
        "a/b, https://github.com/a/b/releases",
        "https://gitlab.com/a/b, https://gitlab.com/a/b/-/releases",
        "https://codeberg.org/a/b/, https://codeberg.org/a/b/releases",
        "https://github.com/a/b/tree/main/packages/c, https://github.com/a/b/releases"
    })
    void anNpmPackageNamesItsRepository(String repository, String releases) {
        assertThat(ProjectLinks.npm(repository, "").releasePage()).contains(URI.create(releases));
    }

    @Test
    void aHostWhoseAddressesAreNotKnownHasNoReleases() {
        ProjectLinks links = ProjectLinks.npm("https://git.example.org/a/b.git", "https://example.org");

        assertThat(links.releasePage()).isEmpty();
        assertThat(links.homepage()).contains(URI.create("https://example.org"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "file:///etc/passwd",
                "https://user:secret@example.org/",
                "https:///nowhere",
                "not an address",
                ""
            })
    void onlyAnAddressForABrowserBecomesALink(String text) {
        assertThat(ProjectLinks.python(Map.of("Changelog", text)).releasePage()).isEmpty();
        assertThat(ProjectLinks.npm(text, text)).isEqualTo(ProjectLinks.NONE);
    }

    @Test
    void theMetadataOfAnInstalledPackageHasTheLinks(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("METADATA"), """
            Metadata-Version: 2.4
            Name: datasette
            Version: 1.0
            Home-page: https://old.example.org
            Project-URL: Homepage, https://datasette.io/
            Project-URL: Changelog, https://docs.datasette.io/en/stable/changelog.html
            Project-URL: Source code, https://github.com/simonw/datasette

            Project-URL: Changelog, https://example.org/from/the/description
            """);

        ProjectLinks links = new Distribution(folder).links();

        assertThat(links.releasePage()).contains(URI.create("https://docs.datasette.io/en/stable/changelog.html"));
        assertThat(links.repository()).contains(URI.create("https://github.com/simonw/datasette"));
        assertThat(links.homepage()).contains(URI.create("https://old.example.org"));
    }
}
