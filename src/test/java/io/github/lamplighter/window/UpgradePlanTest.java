package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.release.CommitList;
import io.github.lamplighter.status.UpgradeHistory;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.Tool;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the user reads before an upgrade, and the way back after it.
class UpgradePlanTest {

    private final FakeCliClient cli = Examples.cliClient();

    @TempDir
    Path home;

    private FakeWindowData data;

    @BeforeEach
    void read() {
        Examples.writeReports(home);
        data = Examples.data(home);
    }

    @Test
    void aPlanListsABackupOnlyForAToolWithData() {
        assertThat(planned().steps()).noneMatch(step -> step.text().startsWith("Back up"));

        data.tools.replaceAll(tool -> tool.id().equals("greeter") ? withData(tool) : tool);

        assertThat(planned().steps())
                .filteredOn(step -> step.text().equals("Back up the data"))
                .singleElement()
                .extracting(PlannedUpgrade.Step::details)
                .isEqualTo(List.of("~/.config/greeter"));
    }

    @Test
    void theExpectedDowntimeSaysWhenItWasMeasured() {
        assertThat(planned().sentences()).contains("Expected downtime: about 1 s, as in the last upgrade");

        cli.answer("upgrade greeter --dry-run", Examples.tools(Examples.planned("greeter", "1.0.0", "1.1.0", false)));

        assertThat(planned().sentences()).contains("Expected downtime: about 1 s");
    }

    @Test
    void aPlanSaysWhatItNeedsAndInterrupts() {
        assertThat(planned().sentences()).contains("Needs 64 MB of disk space");
        assertThat(planned().warnings()).containsExactly("Closes 2 tmux sessions.", "Its data is not backed up.");
        assertThat(planned().steps().getFirst().details()).hasSize(1);
    }

    @Test
    void aPlanForAllToolsOffersThemAll() {
        UpgradeAllViewModel all =
                new UpgradeAllViewModel(windowServices(), List.of(row("greeter"), row("http-server")), () -> {});
        all.makePlan();
        assertThat(all.candidates()).allMatch(UpgradeAllViewModel.Candidate::isPossible);
        assertThat(all.candidates().getFirst().detail())
                .isEqualTo("Down for about 1 s · Its data is not backed up · Closes 2 tmux sessions");
    }

    @Test
    void theReleasePageOfATagIsPreferredToTheLinksOfThePackage() {
        data.news = news(Optional.of(URI.create("https://example.org/changelog")));

        assertThat(model("greeter").link())
                .contains(link("Release notes", "https://github.com/example/greeter/releases/tag/v1.1.0"));
        assertThat(model("http-server").link()).contains(link("Release notes", "https://example.org/changelog"));
    }

    @Test
    void withoutReleaseNotesTheProjectPageIsNotCalledReleaseNotes() {
        data.news = news(Optional.empty());

        assertThat(model("http-server").link()).contains(link("Project page", "https://example.org"));
    }

    @Test
    void theNumberOfChangesIsOnlyToldIfAllAreKnown() {
        data.news = new WindowData.News(
                Optional.empty(), Optional.empty(), new CommitList(List.of("Fix the clock", "Add a lamp"), true));
        assertThat(model("greeter").commitsTitle()).isEqualTo("New since 1.0.0: 2 commits");

        data.news =
                new WindowData.News(Optional.empty(), Optional.empty(), new CommitList(List.of("One", "Two"), false));
        assertThat(model("greeter").commitsTitle()).isEqualTo("New since 1.0.0: the last 2 commits");
    }

    /// The commits lead to the newest version, not to the one that was chosen.
    @Test
    void anUpgradeToAChosenVersionDoesNotAskForTheNewestChanges() {
        UpgradeViewModel chosen =
                new UpgradeViewModel(windowServices(), row("greeter"), Optional.of("1.0.5"), () -> {});

        chosen.makePlan();

        assertThat(data.called).doesNotContain("news greeter");
    }

    @Test
    void aNewVersionIsOnProbationForADayWithAWayBack() {
        ToolsViewModel tools = tools();
        assertThat(tools.onProbation()).extracting(ToolRow::id).containsExactly("node-red");
        ToolRow row = tools.tool("node-red").orElseThrow();
        assertThat(tools.upgradedSentence(row)).isEqualTo("Upgraded from 4.0.8 to 4.0.9 at 11:40");
        assertThat(row.rollback()).map(Action::label).contains("Roll back to 4.0.8…");

        data.upgraded.put("node-red", upgraded(Duration.ofHours(25), true));
        assertThat(tools().onProbation()).isEmpty();

        data.upgraded.put("node-red", upgraded(Duration.ofHours(1), false));
        assertThat(tools().onProbation()).as("nothing to go back to").isEmpty();
    }

    /// The user installed another version since.
    @Test
    void aVersionThatLamplighterDidNotInstallIsNotOnProbation() {
        data.upgraded.put("node-red", new UpgradeHistory.Upgraded("3.9.0", "4.0.0", Examples.NOW, true));

        assertThat(tools().onProbation()).isEmpty();
    }

    private static UpgradeHistory.Upgraded upgraded(Duration before, boolean isKept) {
        return new UpgradeHistory.Upgraded("4.0.8", "4.0.9", Examples.NOW.minus(before), isKept);
    }

    private static WindowData.News news(Optional<URI> page) {
        return new WindowData.News(page, Optional.of(URI.create("https://example.org")), CommitList.NONE);
    }

    private static ToolDetails.Link link(String label, String page) {
        return new ToolDetails.Link(label, URI.create(page));
    }

    private static Tool withData(Tool tool) {
        Manifest plain = tool.manifest().orElseThrow();
        Manifest manifest = new Manifest(
                plain.name(),
                plain.expected(),
                plain.install(),
                plain.command(),
                Optional.empty(),
                Optional.empty(),
                plain.requires(),
                List.of(),
                List.of(Path.of("/home/ada/.config/greeter")),
                List.of());
        return new Tool(
                tool.id(),
                tool.name(),
                Optional.of(new ManifestEntry.Readable(manifest, Path.of("/home/ada/greeter.json"))),
                tool.provenance(),
                true,
                tool.expected(),
                "recipe");
    }

    private PlannedUpgrade planned() {
        return model("greeter").planProperty().get();
    }

    private UpgradeViewModel model(String tool) {
        cli.answer(
                "upgrade http-server --dry-run",
                Examples.tools(Examples.planned("http-server", "14.1.0", "14.1.1", true)));
        UpgradeViewModel model = new UpgradeViewModel(windowServices(), row(tool), () -> {});
        model.makePlan();
        return model;
    }

    private ToolRow row(String tool) {
        return tools().tool(tool).orElseThrow();
    }

    private ToolsViewModel tools() {
        ToolsViewModel tools = new ToolsViewModel(windowServices());
        tools.reload();
        return tools;
    }

    private WindowServices windowServices() {
        return Examples.windowServices(cli, data, home, new FakeUpgradeFeed(), TaskExecutor.direct());
    }
}
