package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The view models without a toolkit: everything runs in this thread.
class ViewModelsTest {

    private final FakeVerbs verbs = Examples.verbs();
    private final InstantSource clock = InstantSource.fixed(Examples.NOW);
    private final Words words = new Words(ZoneOffset.UTC, "/home/ada");

    @TempDir
    Path reports;

    private ToolsViewModel tools;

    @BeforeEach
    void read() throws Exception {
        Examples.writeReports(reports);
        tools = new ToolsViewModel(
                verbs, new SavedReports(reports, _ -> java.util.Set.of()), Background.none(), clock, words);
        tools.reload();
    }

    @Test
    void theListSaysWhatNeedsSomebody() {
        assertThat(tools.summaryProperty().get()).isEqualTo("3 of 8 tools need you");
        assertThat(tools.needYou()).extracting(ToolRow::id).containsExactly("greeter", "code-server", "broken");
        assertThat(tools.tool("broken").orElseThrow().headline())
                .isEqualTo("Its description cannot be read "
                        + "(~/.config/lamplighter/tools/broken.json:4:3, a comma is missing)");
        assertThat(tools.updates()).extracting(ToolRow::id).containsExactly("greeter", "http-server");
        assertThat(tools.tool("greeter").orElseThrow().spoken())
                .isEqualTo("failure: greeter 1.0.0, Not answering, though it is running");
    }

    @Test
    void whatWasNotCheckedIsNeverWell() {
        assertThat(tools.tool("mkdocs").orElseThrow().mark()).isEqualTo(ToolRow.Mark.UNKNOWN);
        ToolReport nothing = new ToolReport(
                "x", "", Optional.empty(), Optional.empty(), java.util.Map.of(), List.of(), Optional.empty());
        ToolRow row = new ToolRow("x", "x", "1", "npm", true, true, Optional.of(nothing), Optional.empty());
        assertThat(row.mark()).isEqualTo(ToolRow.Mark.UNKNOWN);
    }

    @Test
    void theSearchNarrowsTheList() {
        tools.filterProperty().set("HTTP");
        assertThat(tools.items().stream()
                        .filter(ListItem.Tool.class::isInstance)
                        .map(item -> ((ListItem.Tool) item).row().id()))
                .containsExactly("http-server", "httpie");
    }

    @Test
    void aVerbThatDidNotWorkSaysWhy() {
        ToolViewModel tool = new ToolViewModel(verbs, Background.none(), clock, words, tools::take);
        tool.show(tools.tool("greeter").orElseThrow());
        verbs.answer("stop greeter", 3, "{}", "2 tmux sessions would end");
        tool.run(Action.of("Stop greeter…", "stop", "greeter"));
        assertThat(tool.bannerProperty().get())
                .hasValue(new ToolViewModel.Banner(
                        ToolRow.Mark.WARNING, "Stop greeter: not done", "2 tmux sessions would end"));
        assertThat(verbs.called).contains("stop greeter", "doctor greeter");
    }

    @Test
    void anUpgradeIsPlannedShownAndTakenBack() {
        List<Consumer<UpgradeSteps.Entry>> journal = new ArrayList<>();
        UpgradeViewModel upgrade = new UpgradeViewModel(
                verbs,
                (_, _, entry) -> {
                    journal.add(entry);
                    return () -> {};
                },
                Background.none(),
                clock,
                tools.tool("greeter").orElseThrow(),
                () -> {});
        upgrade.makePlan();
        assertThat(verbs.called).doesNotContain("upgrade greeter --yes");
        assertThat(upgrade.planProperty().get().title()).isEqualTo("Upgrade greeter 1.0.0 → 1.1.0");
        verbs.during("upgrade greeter --yes", () -> {
            journal.getFirst()
                    .accept(new UpgradeSteps.Entry(
                            "stop", "Stopping", Optional.empty(), Examples.NOW, Optional.empty()));
            assertThat(upgrade.steps()).extracting(UpgradeViewModel.Step::text).containsExactly("Stopping");
            journal.getFirst()
                    .accept(new UpgradeSteps.Entry(
                            "stop", "Stopped", Optional.of("done"), Examples.NOW, Optional.of(Duration.ofSeconds(1))));
        });
        upgrade.start();
        assertThat(upgrade.steps())
                .containsExactly(new UpgradeViewModel.Step(
                        "stop", "Stopped", UpgradeViewModel.StepState.DONE, Optional.of(Duration.ofSeconds(1))));
        assertThat(upgrade.resultSentence())
                .isEqualTo("1.1.0 was taken back. 1.0.0 runs and answers again (down 41 s).");
        assertThat(upgrade.whyProperty().get()).hasValue("1.1.0 ended at once: cannot import name app");
    }

    @Test
    void startAtLoginIsAskedAgainAfterItWasChanged() {
        SettingsViewModel settings = new SettingsViewModel(verbs, Background.none());
        settings.load();
        assertThat(settings.autostartProperty().get()).hasValue(true);
        verbs.answer("autostart status", "{\"on\":false}");
        settings.startAtLogin(false);
        assertThat(verbs.called).containsExactly("list", "autostart status", "autostart off", "autostart status");
        assertThat(settings.autostartProperty().get()).hasValue(false);
    }
}
