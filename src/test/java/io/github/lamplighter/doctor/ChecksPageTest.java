package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The page of the manual on the checks names every check in its tables, and its reference says of each what `explain`
/// says and how its findings are titled, in the order of the doctor.
class ChecksPageTest {

    private static final Path PAGE = Path.of("docs/checks.md");
    private static final Path BUNDLE = Path.of("src/main/resources/io/github/lamplighter/doctor/messages.properties");

    @Test
    void everyCheckStandsInATableAndInTheReference() throws IOException {
        String page = Files.readString(PAGE);
        List<String> texts = Files.readAllLines(BUNDLE);
        int place = page.indexOf("## Reference");
        for (String id : DiagnoseTool.ids()) {
            String row = "\n| `%s`%s |"
                    .formatted(
                            id,
                            CheckCatalog.find(id)
                                    .map(checkDefinition -> checkDefinition.isGate()
                                            ? " R"
                                            : checkDefinition.needsNetwork() ? " N" : "")
                                    .orElseThrow());
            assertThat(page.indexOf(row)).as(row).isBetween(0, place);
            String entry = "### %s\n\n%s\n%s\n"
                    .formatted(id, DiagnoseTool.explanation(id).orElseThrow(), titles(texts, id));
            assertThat(page.indexOf(entry, place)).as(entry).isGreaterThan(0);
            place = page.indexOf(entry, place);
        }
    }

    /// As a list; a title that is nothing but what its source says stands in none.
    private static String titles(List<String> texts, String id) {
        return texts.stream()
                .filter(line -> line.startsWith(id + ".") && line.contains(".title="))
                .map(line -> line.substring(line.indexOf('=') + 1).replaceAll("\\{\\d}", "…"))
                .filter(title -> !title.equals("…"))
                .distinct()
                .map("\n* %s"::formatted)
                .collect(Collectors.joining());
    }
}
