package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.service.LogLine;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.window.ServiceViewModel.PathFolder;
import io.github.lamplighter.window.ServiceViewModel.Switch;
import io.github.lamplighter.window.ServiceViewModel.SwitchState;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The view models of a tool's page without a toolkit: everything runs in this thread.
class ToolPageTest {

    private final FakeCliClient cli = Examples.cliClient();

    @TempDir
    Path home;

    private FakeWindowData data;
    private ToolsViewModel tools;
    private ToolViewModel tool;

    @BeforeEach
    void open() {
        Examples.writeReports(home);
        data = Examples.data(home);
        WindowServices windowServices =
                Examples.windowServices(cli, data, home, new FakeUpgradeFeed(), TaskExecutor.direct());
        tools = new ToolsViewModel(windowServices);
        tools.reload();
        tool = new ToolViewModel(windowServices, tools::reread);
        tool.show(row("greeter"));
    }

    private ToolRow row(String id) {
        return tools.tool(id).orElseThrow();
    }

    @Test
    void aLogIsFollowedUntilItIsPausedOrAnotherToolIsShown() {
        tool.log().load();
        tool.log().follow();
        assertThat(tool.log().followsProperty().get()).isTrue();
        data.followed.accept(line("one"));
        data.followed.accept(line("two"));
        assertThat(tool.log().lines()).extracting(LogLine::text).containsExactly("one", "two");
        tool.log().stopFollowing();
        data.followed.accept(line("three"));
        assertThat(tool.log().lines()).extracting(LogLine::text).containsExactly("one", "two");
        tool.log().follow();
        tool.show(row("http-server"));
        assertThat(tool.log().followsProperty().get()).isFalse();
        assertThat(data.called).filteredOn("end of following greeter"::equals).hasSize(2);
    }

    private static LogLine line(String text) {
        return new LogLine(0, 6, text);
    }

    @Test
    void theLogSinceTheStartIsRequestedByItsTime() {
        tool.log().show(LogViewModel.Span.SINCE_START);
        assertThat(data.called).contains("log greeter 2000 since 2026-11-23T09:12:00Z");
    }

    @Test
    void aLogIsNarrowedByLevelAndText() {
        tool.log().load();
        assertThat(tool.log().messageProperty().get()).isEqualTo("60 lines");
        tool.log().show(LogViewModel.Level.ERRORS);
        assertThat(tool.log().lines()).allMatch(line -> line.priority() <= 3);
        assertThat(tool.log().messageProperty().get()).isEqualTo("4 of 60 lines");
        tool.log().show(LogViewModel.Level.ALL);
        tool.log().find("200 IN 30 ms");
        assertThat(tool.log().lines()).extracting(LogLine::text).containsExactly("127.0.0.1 GET / 200 in 30 ms");
        tool.log().find("nothing of this");
        assertThat(tool.log().messageProperty().get()).isEqualTo("No line matches \"nothing of this\"");
    }

    /// A stop by another program is a signal, after which the rows are read again.
    @Test
    void aServiceThatWasStoppedElsewhereIsStoppedOnItsPage() {
        assertThat(tool.service().state(Switch.RUN)).isEqualTo(new SwitchState(true, false, Optional.empty()));
        data.services.put("greeter", Examples.service("greeter", Phase.STOPPED, true));
        tool.show(row("greeter"));
        assertThat(tool.service().state(Switch.RUN)).isEqualTo(new SwitchState(false, false, Optional.empty()));
    }

    @Test
    void aSwitchTurnsUntilItsCommandHasEndedAndThenShowsTheTruth() {
        cli.answer("service stop greeter", 1, "{}", "It did not stop within 90 s.");
        cli.during("service stop greeter", () -> {
            assertThat(tool.service().state(Switch.RUN).turning()).isTrue();
            assertThat(tool.service().state(Switch.LOGIN).disabledBecause()).hasValue("Another command is running");
        });
        tool.service().flip(Switch.RUN, false);
        assertThat(tool.service().state(Switch.RUN))
                .as("it did not stop, so it goes back")
                .isEqualTo(new SwitchState(true, false, Optional.empty()));
        assertThat(tool.bannerProperty().get())
                .hasValue(new PageBanner(ToolRow.Mark.WARNING, "Stop greeter: failed", "It did not stop within 90 s."));
    }

    @Test
    void lingeringIsSwitchedForAllServices() {
        cli.answer("service disable greeter --linger", "{}");
        cli.answer("service enable greeter --linger", "{}");
        tool.service().flip(Switch.LOGOUT, false);
        tool.service().flip(Switch.LOGOUT, true);
        assertThat(cli.called).contains("service disable greeter --linger", "service enable greeter --linger");
    }

    @Test
    void switchesAreDisabledWithTheReason() {
        tool.show(row("node-red"));
        assertThat(tool.service().state(Switch.LOGIN).disabledBecause())
                .hasValue("The service manager is not available");
        tool.show(row("http-server"));
        assertThat(tool.service().state(Switch.RUN).disabledBecause()).hasValue("No service is set up");
    }

    @Test
    void foldersThatOnlyTheShellSearchesAreKnown() {
        tool.service().loadSetup();
        assertThat(tool.service().searchPaths())
                .contains(new PathFolder("/opt/tools/bin", true, false), new PathFolder("/usr/bin", true, true));
    }
}
