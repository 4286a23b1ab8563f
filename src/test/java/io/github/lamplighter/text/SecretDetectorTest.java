package io.github.lamplighter.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is a secret goes nowhere; what only sounds like one must not keep a service from being set up.
class SecretDetectorTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        --password hunter2            | --password
        serve --token=abc             | --token
        --NotebookApp.token=abc       | --NotebookApp.token
        --api-key a1b2c3d4e5          | --api-key
        --db postgres://u:pw@h/d      | --db
        run postgres://u:pw@h/d       | argument 2
        --mode ghp_aaaaaaaaaaaaaaaaaaaaaaaa | --mode
        --password                    | -
        --token=                      | -
        --password --port 80          | -
        --key ~/key.pem --cert c.pem  | -
        --ssl-key server.key          | -
        --password-file secret        | -
        --password $PASSWORD          | -
        --max-tokens 4096             | -
        --no-password x               | -
        --sort-key name               | -
        --port 8080                   | -
        """)
    void argumentsAreReadWithTheirOptions(String line, String option) {
        assertThat(SecretDetector.inArguments(List.of(line.strip().split(" "))).orElse(null))
                .isEqualTo(option);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MUX_TOKEN", "DB_PASSWORD", "API_KEY", "AWS_SECRET_ACCESS_KEY", "KEY", "API_TOKENS"})
    void theseAreSecretsByName(String name) {
        assertThat(SecretDetector.isSecret(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TOKEN_FILE", "KEYBOARD", "MODE", "MAX_TOKENS", "TOKEN_TTL", "OAUTH_TOKEN_URL"})
    void theseAreNone(String name) {
        assertThat(SecretDetector.isSecret(name)).isFalse();
    }
}
