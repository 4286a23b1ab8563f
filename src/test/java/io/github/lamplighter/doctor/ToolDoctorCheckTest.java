package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.lamplighter.doctor.ToolDoctorCheck.Line;
import io.github.lamplighter.tool.Manifest.Format;
import io.github.lamplighter.tool.Manifest.ToolDoctor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a tool's own doctor prints becomes findings, and nothing of it is taken for a command.
class ToolDoctorCheckTest {

    @TempDir
    Path home;

    @Test
    void marksAreReadWithAndWithoutColours() {
        String plain = """
            muxplex doctor

              ✓ Python 3.12.3
              ✗ tmux not found
                  install it with: sudo apt install tmux
              ! Certificate expires in 6 days
                (28 Nov)
            done
            """;
        String coloured = plain.replace("✓", "\u001b[32m✓\u001b[0m")
                .replace("✗", "\u001b[1;31m✗\u001b[0m")
                .replace("!", "\u001b]8;;https://x.example\u0007!\u001b]8;;\u0007");
        List<Line> expected = List.of(
                new Line(Severity.OK, "Python 3.12.3", List.of()),
                new Line(Severity.FAILURE, "tmux not found", List.of("install it with: sudo apt install tmux")),
                new Line(Severity.WARNING, "Certificate expires in 6 days", List.of("(28 Nov)")));
        assertThat(ToolDoctorCheck.marks(plain)).isEqualTo(expected);
        assertThat(ToolDoctorCheck.marks(coloured)).isEqualTo(expected);
    }

    @Test
    void otherMarksThatPeopleUseAreKnown() {
        assertThat(ToolDoctorCheck.marks("✔ a\n✘ b\n✖ c\n⚠️  d\n"))
                .map(Line::severity)
                .containsExactly(Severity.OK, Severity.FAILURE, Severity.FAILURE, Severity.WARNING);
    }

    @Test
    void anExclamationWithinALineIsNoMark() {
        assertThat(ToolDoctorCheck.marks("All well!\n!important\nwow !\n")).isEmpty();
    }

    @Test
    void jsonFindingsAreReadByTheContract() {
        assertThat(ToolDoctorCheck.json("""
            {"findings": [{"severity": "ok", "title": "Node 22"},
                          {"severity": "failure", "title": "No disk", "detail": "0 bytes free"},
                          {"severity": "terrible", "title": "?"}, {"title": "no severity"}, 3]}
            """))
                .startsWith(
                        new Line(Severity.OK, "Node 22", List.of()),
                        new Line(Severity.FAILURE, "No disk", List.of("0 bytes free")));
        assertThat(ToolDoctorCheck.json("not json")).isEmpty();
    }

    @Test
    void whatIsNotUnderstoodIsNotTakenForWell() {
        assertThat(ToolDoctorCheck.json("""
            {"findings": [{"severity": "error", "title": "No disk"}, {"title": "no severity"}, 3]}
            """))
                .extracting(Line::severity)
                .containsExactly(Severity.UNKNOWN, Severity.UNKNOWN, Severity.UNKNOWN);
    }

    @Test
    void theLastOfVeryManyLinesIsNotLostWhenItIsTheOneThatMatters() {
        List<Line> lines = ToolDoctorCheck.marks("✓ fine\n".repeat(300) + "✗ no disk\n");
        assertThat(lines).hasSize(100).last().isEqualTo(new Line(Severity.FAILURE, "no disk", List.of()));
    }

    @Test
    void anyOutputIsReadWithoutBreaking() {
        Random random = new Random(4711);
        String alphabet = "✓✗!  \n\u001b[]0m;a\u0007\\:\u202e{}\"\t";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(60); k > 0; k--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            for (Line line : ToolDoctorCheck.marks(text.toString())) {
                assertThat(line.title()).doesNotContain("\u001b", "\u202e", "\n");
            }
            ToolDoctorCheck.json(text.toString());
        }
    }

    @Test
    void eachLineIsAFindingOfItsGroup() {
        Case tool = new Case(home).with(c -> {
            c.toolDoctor = Optional.of(new ToolDoctor(List.of("/bin/muxplex", "doctor"), Format.MARKS));
            c.said = "✓ Python 3.12\n✗ tmux: not found\n✗ tmux: too old\n";
            c.status = 1;
        });
        List<Finding> own = tool.report().findings().stream()
                .filter(finding -> finding.group() == Group.OWN_DOCTOR)
                .toList();
        assertThat(own).map(Finding::id).containsExactly("own-doctor", "own-python", "own-tmux", "own-tmux-2");
        assertThat(own)
                .map(Finding::severity)
                .containsExactly(Severity.OK, Severity.OK, Severity.FAILURE, Severity.FAILURE);
        assertThat(own.get(2).remedies())
                .containsExactly(new Remedy.CopyCommand("/bin/muxplex doctor", "Run its own doctor"));
    }

    @Test
    void anExitCodeThatNoLineExplainsIsNotPassedOver() {
        assertThat(new Case(home)
                        .with(c -> {
                            c.toolDoctor = Optional.of(new ToolDoctor(List.of("/bin/muxplex", "doctor"), Format.MARKS));
                            c.said = "✓ Python 3.12\n";
                            c.status = 3;
                        })
                        .finding("own-doctor"))
                .hasValueSatisfying(finding -> assertThat(finding.severity()).isEqualTo(Severity.WARNING));
    }

    @Test
    void whatStandsOnTheOtherStreamIsReadAsWell() {
        assertThat(asked(c -> {
                    c.said = "✓ Python 3.12\n";
                    c.saidAside = "✗ no disk\n";
                }))
                .extracting(Finding::title, Finding::severity)
                .contains(tuple("no disk", Severity.FAILURE));
    }

    @Test
    void whatStandsBehindTheLimitIsNotTakenForWell() {
        assertThat(asked(c -> c.said = "✓ Python 3.12\n" + "…".repeat(256 * 1024 / 3)))
                .filteredOn(finding -> finding.id().equals("own-doctor"))
                .extracting(Finding::title, Finding::severity)
                .containsExactly(tuple("The output of its own doctor was too long to read", Severity.UNKNOWN));
    }

    private List<Finding> asked(Consumer<Case> change) {
        return new Case(home)
                        .with(c -> {
                            c.toolDoctor = Optional.of(new ToolDoctor(List.of("/bin/muxplex", "doctor"), Format.MARKS));
                            change.accept(c);
                        })
                        .report()
                        .findings()
                        .stream()
                        .filter(finding -> finding.group() == Group.OWN_DOCTOR)
                        .toList();
    }

    @Test
    void whatCannotBeReadIsNotCalledWell() {
        assertThat(new Case(home)
                        .with(c -> {
                            c.toolDoctor = Optional.of(new ToolDoctor(List.of("/bin/muxplex", "doctor"), Format.MARKS));
                            c.said = "Traceback (most recent call last):\n";
                            c.status = 1;
                        })
                        .finding("own-doctor"))
                .hasValueSatisfying(finding -> assertThat(finding.severity()).isEqualTo(Severity.UNKNOWN));
    }
}
