package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.doctor.DiagnoseTool.Scope;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.ListeningSockets.Listener;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.readiness.SessionCounter;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnoseToolTest {

    @TempDir
    Path home;

    @Test
    void theHomeIsATildeInEveryProof() {
        Case tool = new Case(home).with(c -> {
            c.phase = Phase.NOT_INSTALLED;
            c.identityResult = new IdentityResult.No(
                    "pid 977 listens on 8088: node %s/bin/muxplex --dir=%s/data".formatted(home, home));
            c.processes = List.of(
                    new ProcessTable.Running(978, "/user.slice", "python %s/bin/muxplex %s".formatted(home, home)));
            c.listeners = List.of(new Listener(
                    "127.0.0.1", 8088, Optional.of(977L), 1000, Optional.empty(), Optional.of(home + "/x serve")));
        });

        Report report = tool.report();

        assertThat(report.findings())
                .flatMap(Finding::evidence)
                .contains(
                        new Evidence("pid 978", "python ~/bin/muxplex ~; started by tmux"),
                        new Evidence(
                                "http://127.0.0.1:8088/", "pid 977 listens on 8088: node ~/bin/muxplex --dir=~/data"));
        assertThat(Stream.concat(
                        report.findings().stream().flatMap(finding -> finding.evidence().stream()),
                        Stream.of(
                                        report.facts().running(),
                                        report.facts().mine(),
                                        report.facts().installed())
                                .flatMap(fact -> fact.evidence().stream())))
                .noneMatch(evidence -> (evidence.source() + evidence.detail()).contains(home.toString()));
    }

    @Test
    void whatIsInterruptedStandsBesideWhatInterruptsIt() {
        Case silent = new Case(home).silent().with(c -> c.sessions = new SessionCounter.Count.Open(2, "tmux ls"));
        assertThat(interrupts(silent, "answering")).containsExactly("2 open sessions", "");
        silent.sessions = new SessionCounter.Count.NotCounted("tmux ls", "It did not end within 5 s.");
        assertThat(interrupts(silent, "answering"))
                .as("a restart; the log interrupts nothing")
                .containsExactly("open sessions could not be counted", "");

        Case changed = new Case(home).with(c -> {
            c.file = Optional.of("[Service]\nExecStart=muxplex\nKillMode=none\n[Install]\nWantedBy=default.target\n");
            c.sessions = new SessionCounter.Count.Open(1, "tmux ls");
        });
        assertThat(interrupts(changed, "service-file"))
                .as("to show it and to keep it interrupts nothing")
                .containsExactly("", "", "restarts muxplex; 1 open session");
        changed.phase = Phase.STOPPED;
        assertThat(interrupts(changed, "service-file")).containsOnly("");
        assertThat(interrupts(changed, "process")).as("a start").containsExactly("");
    }

    private static List<String> interrupts(Case tool, String id) {
        return tool.finding(id).orElseThrow().remedies().stream()
                .map(remedy -> ((Remedy.Action) remedy).interrupts().orElse(""))
                .toList();
    }

    @Test
    void aToolThatIsWellAsksForNobody() {
        assertThat(new Case(home).report().findings())
                .allSatisfy(finding ->
                        assertThat(finding.severity()).as(finding.id()).isEqualTo(Severity.OK));
    }

    @Test
    void findingsStandInTheOrderOfTheCatalogue() {
        List<Integer> places = new Case(home)
                .report().findings().stream()
                        .map(finding -> CheckCatalog.position(finding.id()))
                        .toList();
        assertThat(places).isSorted();
    }

    @Test
    void aCommandHasNothingRunning() {
        Report report =
                new Case(home).command().with(c -> c.phase = Phase.FAILED).report();
        assertThat(report.findings())
                .noneMatch(finding -> finding.group() == Group.RUNNING || finding.group() == Group.AT_LOGIN);
        assertThat(report.facts().running().value()).isEmpty();
    }

    @Test
    void whatAnotherFindingExplainsIsNotSaidTwice() throws IOException {
        Case gone = new Case(home);
        Files.delete(gone.manifest().install().program());
        assertThat(gone.report().findings())
                .filteredOn(finding -> finding.severity() == Severity.FAILURE)
                .extracting(Finding::id)
                .contains("launcher");
        assertThat(gone.with(c -> c.installed = false).report().findings())
                .filteredOn(finding -> finding.severity() == Severity.FAILURE)
                .extracting(Finding::id)
                .contains("installed-version")
                .doesNotContain("launcher");
    }

    @Test
    void aCheckThatBreaksIsAFindingAndLosesNoOther() {
        Report report = new Case(home)
                .with(c -> c.broken =
                        Optional.of(new IllegalStateException("parsing 0 bytes", new IOException("no file"))))
                .report();
        Finding broken = report.findings().stream()
                .filter(finding -> finding.severity() == Severity.CRASHED)
                .findFirst()
                .orElseThrow();
        assertThat(broken.id()).isEqualTo("running-version");
        assertThat(broken.title()).isEqualTo("This check crashed (a bug in Lamplighter)");
        assertThat(broken.evidence().getFirst().detail())
                .contains("parsing 0 bytes", "caused by java.io.IOException: no file");
        assertThat(report.findings()).extracting(Finding::id).contains("process", "answering", "update", "runtime");
    }

    @Test
    void offlineAsksNoNetworkAndSaysSo() {
        Case tool = new Case(home).outdated("0.9.4");
        var diagnosis = tool.doctor().examine(tool.manifest(), Scope.OFFLINE);
        assertThat(diagnosis.leftOut()).containsExactlyInAnyOrder("update", "held", "why-not-newer");
        assertThat(diagnosis.report().verdict()).isEmpty();
        assertThat(diagnosis.report().findings()).extracting(Finding::id).doesNotContain("update");
    }

    @Test
    void anUpgradeThatBeginsWhileTheChecksRunLeavesNothingOfTheServiceInBetween() {
        Case tool = new Case(home).with(c -> c.phase = Phase.STOPPED);
        tool.upgrade = Optional.empty();
        tool.whenAskedAgain = Optional.of(new UnfinishedUpgrade.InProgress("an upgrade is at \"Stopping\""));
        var diagnosis = tool.doctor().examine(tool.manifest(), Scope.FULL);
        assertThat(diagnosis.report().findings())
                .extracting(Finding::id)
                .contains("being-upgraded", "installed-version")
                .doesNotContain("process", "answering", "service-file");
        assertThat(diagnosis.leftOut()).contains("process", "answering", "service-file");
    }

    @Test
    void theGatesAreTheOnesThatUndoAnUpgrade() {
        assertThat(DiagnoseTool.gates())
                .containsExactly(
                        "process",
                        "answering",
                        "is-this-copy",
                        "launcher",
                        "installed-version",
                        "parts",
                        "running-version",
                        "runtime",
                        "program",
                        "service-path",
                        "service-file");
        assertThat(DiagnoseTool.isGate("program-tmux")).isTrue();
        assertThat(DiagnoseTool.isGate("update")).isFalse();
    }

    @Test
    void secretsAndControlCharactersOfOthersAreTakenOut() {
        assertThat(UntrustedText.masked("https://ada:pw@x.example \u001B[31mtoken=abc\u202E"))
                .isEqualTo("https://x.example [31mtoken=…");
        assertThat(UntrustedText.masked("https://ada:p@w@x.example/y")).isEqualTo("https://x.example/y");
        assertThat(UntrustedText.masked("Authorization: Bearer abc, next")).isEqualTo("Authorization: Bearer …, next");
        assertThat(UntrustedText.masked("Authorization: abc")).isEqualTo("Authorization: …");
        assertThat(UntrustedText.masked("Authorization: token abc")).isEqualTo("Authorization: token …");
        assertThat(UntrustedText.masked("{\"access_token\": \"abc\", \"n\": 1}"))
                .isEqualTo("{\"access_token\": \"…\", \"n\": 1}");
        assertThat(UntrustedText.masked("curl --password abc -H \"X-Api-Key: abc\""))
                .isEqualTo("curl --password … -H \"X-Api-Key: …\"");
        assertThat(UntrustedText.masked("the token is read from ~/token")).isEqualTo("the token is read from ~/token");
    }
}
