package io.github.lamplighter.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressInArgumentsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // the same option with another port
                "http://127.0.0.1:8080/|-p 8080 -a 127.0.0.1|-p 9000 -a 127.0.0.1|http://127.0.0.1:9000/",
                "http://127.0.0.1:8080/|-p 8080|-c-1 -p 9000|http://127.0.0.1:9000/",
                "http://127.0.0.1:3000/|-l tcp://127.0.0.1:3000|-n -l tcp://127.0.0.1:4000|http://127.0.0.1:4000/",
                "http://127.0.0.1:8888/x|--port=8888|lab --port=9 --quiet|http://127.0.0.1:9/x",
                // what the base sets and the arguments do not is not known
                "http://127.0.0.1:8080/|-p 8080|--verbose|",
                "http://127.0.0.1:8080/|-p 8080|-q 9000|",
                "http://127.0.0.1:3000/|-l tcp://127.0.0.1:3000|-l tcp://0.0.0.0:4000|",
                "http://127.0.0.1:8080/|-p 8080 -a 127.0.0.1|-p 9000 -a 192.0.2.7|",
                // the tool's own default
                "http://127.0.0.1:8088/|serve|serve --verbose|http://127.0.0.1:8088/",
                "http://127.0.0.1:8088/|serve|serve --port 9000|",
                "http://127.0.0.1:8088/|serve|serve --config=x|",
                "unix:/run/x|serve|serve -v|"
            })
    void isTakenOnlyIfTheArgumentsTell(String url, String base, String given, String expected) {
        assertThat(AddressInArguments.of(url, words(base), words(given))).isEqualTo(Optional.ofNullable(expected));
    }

    private static List<String> words(String line) {
        return List.of(line.split(" "));
    }
}
