package io.github.lamplighter.installer.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PythonToolInstallerTest {

    @Test
    void theMainProgramIsTheOneThatIsNamedLikeTheTool() {
        assertThat(main("supervisor", "echo_supervisord_conf", "pidproxy", "supervisorctl", "supervisord"))
                .isEqualTo("supervisord");
        assertThat(main("jupyterlab", "jlpm", "jupyter-lab", "jupyter-labextension"))
                .isEqualTo("jupyter-lab");
        assertThat(main("httpie", "http", "httpie", "https")).isEqualTo("httpie");
        assertThat(main("pypiserver", "pypi-server")).isEqualTo("pypi-server");
        assertThat(main("home-assistant", "hass", "other")).as("the first").isEqualTo("hass");
        assertThat(PythonToolInstaller.mainProgram("ansible", List.of("ansible-community"), List.of("ansible")))
                .as("a dependency's, which the user asked for")
                .contains("ansible");
        assertThat(PythonToolInstaller.mainProgram("plugins", List.of(), List.of("plug")))
                .contains("plug");
    }

    private static String main(String name, String... programs) {
        return PythonToolInstaller.mainProgram(name, List.of(programs), List.of())
                .orElseThrow();
    }
}
