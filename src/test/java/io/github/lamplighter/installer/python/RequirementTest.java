package io.github.lamplighter.installer.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequirementTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "clock | clock | | |",
                "Lamp_Clock.x | lamp-clock-x | | |",
                "clock==1.0.0 | clock | | ==1.0.0 |",
                "clock >=3,<4 | clock | | >=3,<4 |",
                "clock (>=3) | clock | | >=3 |",
                "clock[tls, s3]~=1.4 | clock | tls,s3 | ~=1.4 |",
                "clock; python_version < '3.12' | clock | | |",
                "clock===1.0+local | clock | | ===1.0+local |",
                "clock @ git+https://h/c.git@v1 | clock | | | git+https://h/c.git@v1",
                "clock[tls]@ git+https://h/c.git | clock | tls | | git+https://h/c.git",
                "git+https://h/c.git@v1 | | | | git+https://h/c.git@v1",
                "git+https://h/c.git#egg=Clock[tls] | clock | tls | | git+https://h/c.git#egg=Clock[tls]",
                "/home/ada/clock | | | | /home/ada/clock",
                "/home/ada/clock[tls] | | tls | | /home/ada/clock",
                "./clock-1.0-py3-none-any.whl | | | | ./clock-1.0-py3-none-any.whl",
                "clock<>1 | | | | clock<>1"
            })
    void isReadAsPipReadsIt(String text, String name, String extras, String specifier, String address) {
        assertThat(Requirement.parse(text))
                .isEqualTo(new Requirement(
                        Optional.ofNullable(name),
                        extras == null ? List.of() : List.of(extras.split(",")),
                        specifier == null ? "" : specifier,
                        Optional.ofNullable(address)));
    }

    @Test
    void anyTextIsReadAndASpecifierIsNeverMadeUp() {
        String letters = "ab1.-_[](),<>=!~@ ;#&/:%\"'$\n";
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            Requirement read = Requirement.parse(text.toString());
            assertThat(text.toString()).contains(read.specifier());
            assertThat(read.name().isPresent() || read.address().isPresent()).isTrue();
        }
    }

    @Test
    void namesAreComparedAsPep503Says() {
        assertThat(List.of("Demo_Tool", "demo.tool", "DEMO--tool", "demo-_.tool"))
                .allSatisfy(name -> assertThat(Distribution.normalised(name)).isEqualTo("demo-tool"));
    }
}
