package io.github.lamplighter.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoHomeTest {

    @TempDir
    Path home;

    private DemoHome demo;

    @BeforeEach
    void aDemo() {
        demo = DemoHome.of(home.resolve(".local/share"), home);
    }

    @Test
    void everythingOfTheDemoIsInOneFolder() {
        assertThat(demo.folder()).isEqualTo(home.resolve(".local/share/lamplighter/demo"));
        for (Path path : new Path[] {
            demo.home(),
            demo.repository(),
            demo.environment(),
            demo.settings(),
            demo.data(),
            demo.manifests(),
            demo.complete()
        }) {
            assertThat(path).startsWithRaw(demo.folder());
        }
    }

    /// Each of these leads a program of the demo to files of the user's.
    @Test
    void theUsersOwnVariablesStayOutside() {
        Map<String, String> outside = new LinkedHashMap<>();
        for (String name : new String[] {
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "XDG_STATE_HOME",
            "XDG_CACHE_HOME",
            "PIPX_HOME",
            "UV_TOOL_DIR",
            "PIP_INDEX_URL",
            "npm_config_prefix",
            "NVM_DIR",
            "GIT_DIR",
            "PYTHONPATH",
            "VIRTUAL_ENV",
            "https_proxy"
        }) {
            outside.put(name, "/home/ada/x");
        }
        outside.put("LANG", "de_DE.UTF-8");
        outside.put("LC_TIME", "C");
        outside.put("XDG_RUNTIME_DIR", "/run/user/1000");
        outside.put("DISPLAY", ":0");

        Map<String, String> inside = demo.variables(outside);

        assertThat(inside)
                .containsOnlyKeys(
                        "LANG", "LC_TIME", "XDG_RUNTIME_DIR", "DISPLAY", "HOME", "SHELL", "PATH", "LAMPLIGHTER_DEMO")
                .containsEntry("HOME", demo.home().toString())
                .containsEntry("LAMPLIGHTER_DEMO", demo.folder().toString());
        assertThat(demo.changes(outside))
                .containsEntry("PIPX_HOME", Optional.empty())
                .containsEntry("LANG", Optional.of("de_DE.UTF-8"));
    }

    @Test
    void programsOfTheUsersHomeAreNotFound() {
        String outside = home.resolve(".local/bin") + ":bin::/opt/tools:" + home.resolve(".nvm/bin") + ":/usr/bin";
        assertThat(demo.variables(Map.of("PATH", outside)).get("PATH")).isEqualTo("/opt/tools:/usr/bin");
        assertThat(demo.variables(Map.of()).get("PATH")).isEqualTo("/usr/local/bin:/usr/bin:/bin");
    }

    /// Without it a window could not connect to the display: X looks for the file in `$HOME`.
    @Test
    void theDisplaysSecretIsFoundFromTheOtherHome() throws Exception {
        Files.writeString(home.resolve(".Xauthority"), "");
        assertThat(demo.variables(Map.of("DISPLAY", ":0")))
                .containsEntry("XAUTHORITY", home.resolve(".Xauthority").toString());
        assertThat(demo.variables(Map.of("DISPLAY", ":0", "XAUTHORITY", "/run/x")))
                .containsEntry("XAUTHORITY", "/run/x");
        assertThat(demo.variables(Map.of())).doesNotContainKey("XAUTHORITY");
    }

    @Test
    void aProcessKnowsThatItIsInside() {
        Map<String, String> inside = demo.variables(Map.of());
        assertThat(DemoHome.isInside(inside, demo.home())).isTrue();
        assertThat(DemoHome.isInside(inside, home)).as("another home").isFalse();
        assertThat(DemoHome.isInside(Map.of(), demo.home())).isFalse();
    }
}
