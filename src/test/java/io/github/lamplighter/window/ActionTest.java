package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.JsonFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActionTest {

    @Test
    void aCataloguedVerbForThisToolBecomesAButton() {
        var action = Action.of(
                        JsonFile.MAPPER.readTree(Examples.action("Restart greeter…", "restart", "greeter")), "greeter")
                .orElseThrow();
        assertThat(action.arguments()).containsExactly("restart", "greeter");
        assertThat(action.asks()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\":\"action\",\"argv\":[\"rm\",\"-rf\",\"greeter\"],\"text\":\"Remove\"}",
                "{\"kind\":\"action\",\"argv\":[\"lamplighter\",\"forget\",\"greeter\"],\"text\":\"Forget\"}",
                "{\"kind\":\"action\",\"argv\":[\"lamplighter\",\"restart\",\"another\"],\"text\":\"Restart\"}",
                "{\"kind\":\"action\",\"argv\":[\"lamplighter\",\"upgrade\",\"greeter\",\"--to\",\"9\"],\"text\":\"Up\"}",
                "{\"kind\":\"action\",\"argv\":[\"lamplighter\",\"service\",\"logs\"],\"text\":\"Log\"}",
                "{\"kind\":\"command\",\"argv\":[\"lamplighter\",\"restart\",\"greeter\"],\"text\":\"Restart\"}",
                "{\"kind\":\"action\",\"argv\":[\"lamplighter\"],\"text\":\"Nothing\"}"
            })
    void whatTheCatalogueDoesNotHaveBecomesNone(String remedy) {
        assertThat(Action.of(JsonFile.MAPPER.readTree(remedy), "greeter")).isEmpty();
    }
}
