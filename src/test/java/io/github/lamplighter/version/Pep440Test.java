package io.github.lamplighter.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The table is in words of its own: a kind, then one or two versions (or a range and a version) on each line.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Pep440Test {

    private final List<List<String>> table = table();

    @Test
    void ordersTheWholeChain() {
        List<Pep440> chain =
                rows("ascending").stream().map(row -> version(row.get(1))).toList();
        for (int i = 0; i < chain.size(); i++) {
            for (int j = 0; j < chain.size(); j++) {
                assertThat(Integer.signum(chain.get(i).compareTo(chain.get(j))))
                        .as("%s against %s", chain.get(i), chain.get(j))
                        .isEqualTo(Integer.compare(i, j));
            }
        }
    }

    @Test
    void readsNothingIntoWhatIsNoVersion() {
        rows("invalid")
                .forEach(row ->
                        assertThat(Pep440.parse(row.get(1))).as(row.get(1)).isEmpty());
        assertThat(Version.parse(Version.Scheme.PEP440, "nightly")).isEqualTo(new OpaqueVersion("nightly"));
    }

    @Test
    void theSameVersionIsEqualHoweverItIsWritten() {
        rows("equal").forEach(row -> assertThat(version(row.get(1))).isEqualByComparingTo(version(row.get(2))));
        rows("normal").forEach(row -> assertThat(version(row.get(1))).isEqualByComparingTo(version(row.get(2))));
        rows("equal")
                .forEach(row -> assertThat(version(row.get(1)).isSameAs(version(row.get(2))))
                        .isTrue());
        assertThat(version("2.0.0-rc1").isSameAs(version("2.0.0rc1"))).isTrue();
        assertThat(version("2.0.0").isSameAs(version("2.0.0+local"))).isFalse();
        assertThat(version("2.0.0").isSameAs(new OpaqueVersion("2.0.0"))).isFalse();
        rows("less").forEach(row -> assertThat(version(row.get(1))).isLessThan(version(row.get(2))));
    }

    @Test
    void preReleasesAndDevelopmentVersionsAreNotFinal() {
        rows("final")
                .forEach(row ->
                        assertThat(version(row.get(1)).isFinal()).as(row.get(1)).isTrue());
        rows("prerelease")
                .forEach(row ->
                        assertThat(version(row.get(1)).isFinal()).as(row.get(1)).isFalse());
    }

    @Test
    void rangesHoldWhatTheSpecificationSays() {
        rows("in").forEach(row -> assertThat(contains(row)).as("%s", row).isTrue());
        rows("out").forEach(row -> assertThat(contains(row)).as("%s", row).isFalse());
    }

    @Test
    void numbersHaveNoLimit() {
        assertThat(version("1.99999999999999999999998")).isLessThan(version("1.99999999999999999999999"));
    }

    private static boolean contains(List<String> row) {
        return VersionRange.pep440(row.get(1)).orElseThrow().accepts(version(row.get(2)));
    }

    private static Pep440 version(String text) {
        return Pep440.parse(text).orElseThrow(() -> new AssertionError("not read: " + text));
    }

    private List<List<String>> rows(String kind) {
        List<List<String>> rows =
                table.stream().filter(row -> row.getFirst().equals(kind)).toList();
        assertThat(rows).isNotEmpty();
        return rows;
    }

    private static List<List<String>> table() {
        try (InputStream in = Pep440Test.class.getResourceAsStream("pep440.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> List.of(line.split("\t", -1)).stream()
                            .map(cell -> cell.replace("\\n", "\n").replace("\\t", "\t"))
                            .toList())
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
