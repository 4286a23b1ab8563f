package io.github.lamplighter.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Hostile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceDefinitionTest {

    @Test
    void whatCannotReachAProgramAsItIsIsRefusedWithItsPlace() {
        for (String value : Hostile.REFUSED) {
            assertThat(definition(List.of("/bin/x", "fine", value), Map.of()).problem())
                    .as(value)
                    .get()
                    .asString()
                    .startsWith("Argument 2 ")
                    .doesNotContain(value);
            assertThat(definition(List.of("/bin/x"), Map.of("A", value)).problem())
                    .as(value)
                    .get()
                    .asString()
                    .startsWith("The value of A ");
        }
        assertThat(definition(List.of("x"), Map.of()).problem()).isPresent();
        assertThat(definition(List.of("/bin/x"), Map.of("A-B", "1")).problem()).isPresent();
        assertThat(definition(List.of("/bin/x"), Map.of("A\nB", "1")).problem()).isPresent();
    }

    @Test
    void everythingElseIsTaken() {
        List<String> argv = new ArrayList<>(List.of("/bin/x"));
        argv.addAll(Hostile.VALUES);
        assertThat(definition(argv, Map.of("A", "tab\there")).problem()).isEmpty();
        assertThat(definition(List.of("/bin/x", "x".repeat(128 * 1024 - 1)), Map.of())
                        .problem())
                .isEmpty();
    }

    @Test
    void whatIsTooLongTogetherIsRefused() {
        List<String> argv = new ArrayList<>(List.of("/bin/x"));
        argv.addAll(Collections.nCopies(10, "x".repeat(120_000)));
        assertThat(definition(argv, Map.of()).problem()).get().asString().contains("too long together", "1171 KiB");
    }

    private static ServiceDefinition definition(List<String> argv, Map<String, String> environment) {
        return new ServiceDefinition(
                "x", "x", argv, environment, "/usr/bin", Path.of("/w"), Optional.empty(), Optional.empty(), 17);
    }
}
