package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.Remedy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActionTest {

    @Test
    void aCommandOfTheCatalogBecomesAButton() {
        var action = Action.of(remedy("lamplighter", "restart", "greeter"), "greeter")
                .orElseThrow();
        assertThat(action.arguments()).containsExactly("restart", "greeter");
        assertThat(action.asks()).isTrue();
        assertThat(action.text()).isEqualTo("Restart greeter");
        assertThat(action.label()).isEqualTo("Restart greeter…");
    }

    @ParameterizedTest
    @CsvSource({
        "restart greeter,              true",
        "stop greeter,                 true",
        "start greeter,                false",
        "rollback greeter,             true",
        "logs greeter,                 false",
        "service enable greeter,       false",
        "service install greeter,      true",
        "service enable greeter --linger, true"
    })
    void aCommandThatInterruptsOrWritesAsksForConfirmation(String line, boolean asks) {
        assertThat(Action.of("x", line.split(" ")).asks()).isEqualTo(asks);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rm -rf greeter",
                "lamplighter forget greeter",
                "lamplighter restart another",
                "lamplighter upgrade greeter --to 9",
                "lamplighter service logs",
                "lamplighter"
            })
    void aCommandThatIsNotInTheCatalogGetsNoButton(String line) {
        assertThat(Action.of(remedy(line.split(" ")), "greeter")).isEmpty();
    }

    private static Remedy.Action remedy(String... argv) {
        return new Remedy.Action("x", List.of(argv), "Restart greeter…");
    }
}
