package io.github.lamplighter.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.window.WindowData.Use;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The first run and its form without a toolkit: everything runs in this thread.
class FirstRunTest {

    private final FakeCliClient cli = new FakeCliClient();
    private final AtomicInteger changed = new AtomicInteger();

    @TempDir
    Path home;

    private FakeWindowData data;
    private WindowServices windowServices;
    private FirstRunViewModel model;

    @BeforeEach
    void find() {
        data = new FakeWindowData(Examples.store(home), Examples.foundTools());
        data.uses.put("muxplex", Use.RUNS_NOW);
        data.how.put("muxplex", "its own service muxplex.service");
        windowServices = Examples.windowServices(cli, data, home, new FakeUpgradeFeed(), TaskExecutor.direct());
        model = new FirstRunViewModel(windowServices, changed::incrementAndGet);
        model.show(data.tools());
    }

    @Test
    void everythingIsTickedAndNothingIsChanged() {
        assertThat(model.choices())
                .hasSize(7)
                .allMatch(choice -> choice.chosen().get());
        assertThat(model.choices().getFirst().detail()).isEqualTo("uv · its own service muxplex.service");
        assertThat(cli.called).isEmpty();
    }

    @Test
    void theChosenToolsAreManagedAndChecked() {
        model.tickAll(false);
        model.choices().get(1).chosen().set(true);
        model.choices().get(2).chosen().set(true);
        cli.answer("add http-server --yes", "{\"added\":true}");
        cli.answer("add node-red --yes", 3, "{}", "Its arguments are not known.");
        cli.answer("autostart on", "{\"on\":true}");
        model.manage();
        assertThat(cli.called).containsExactly("add http-server --yes", "add node-red --yes", "autostart on", "doctor");
        assertThat(model.problemProperty().get()).isEqualTo("node-red: Its arguments are not known.");
        assertThat(model.busyProperty().get()).isFalse();
        assertThat(changed).hasValue(1);
    }

    @Test
    void aRefreshKeepsTheTicks() {
        model.choices().getFirst().chosen().set(false);
        data.tools.removeLast();
        model.show(data.tools());
        assertThat(model.choices()).hasSize(6);
        assertThat(model.choices().getFirst().chosen().get()).isFalse();
        assertThat(model.choices().get(1).chosen().get()).isTrue();
    }

    @Test
    void startingAtLoginIsAChoice() {
        model.startAtLoginProperty().set(false);
        model.manage();
        assertThat(cli.called).doesNotContain("autostart on").contains("doctor");
    }

    @Test
    void theFormBeginsWithWhatWasDetectedAndPassesItOn() {
        cli.answer("add http-server --dry-run", """
            {"manifest":{"service":{"arguments":["--port","8080","my site"],"workingDirectory":"~/site"},
             "endpoint":{"url":"http://127.0.0.1:8080/"}}}\
            """);
        ManageViewModel form = new ManageViewModel(windowServices, "http-server", "http-server");
        form.load();
        assertThat(form.argumentsProperty().get()).isEqualTo("--port 8080 \"my site\"");
        assertThat(form.folderProperty().get()).isEqualTo("~/site");
        form.nameProperty().set("site");
        form.addressProperty().set("http://127.0.0.1:9090/");
        cli.answer("add http-server --yes", "{\"added\":true}");
        List<String> managed = new ArrayList<>();
        form.save(managed::add);
        assertThat(managed).containsExactly("site");
        assertThat(cli.called)
                .contains("add http-server --yes --as site --argument=--port --argument=8080 --argument=my site"
                        + " --directory ~/site --url http://127.0.0.1:9090/");
    }

    @Test
    void theFormShowsEachWarningBeforeItSaves() {
        String port = "Port 8080 is also the port of site. Only one of them can run at a time.";
        String secret = "The value of --token looks like a secret.";
        cli.answer(
                "add http-server --dry-run",
                "{\"warnings\":[{\"id\":\"same-port\",\"message\":\"%s\"}]}".formatted(port));
        cli.answer("add http-server --dry-run --argument=--token=x", """
            {"warnings":[{"id":"same-port","message":"%s"},{"id":"secret-in-description","message":"%s"}]}\
            """.formatted(port, secret));
        cli.answer("add http-server --yes", "{\"added\":true}");
        ManageViewModel form = new ManageViewModel(windowServices, "http-server", "http-server");
        List<String> managed = new ArrayList<>();

        form.load();
        assertThat(form.warningsProperty().get()).containsExactly(port);
        form.argumentsProperty().set("--token=x");
        form.save(managed::add);
        assertThat(form.warningsProperty().get()).containsExactly(port, secret);
        assertThat(managed).isEmpty();
        assertThat(form.busyProperty().get()).isFalse();

        form.save(managed::add);
        assertThat(managed).containsExactly("http-server");
    }

    @Test
    void theFormRefusesWhatTheCommandWouldRefuse() {
        assertThat(ManageViewModel.isName("Http Server")).isFalse();
        assertThat(ManageViewModel.isName("http-server")).isTrue();
        assertThat(ManageViewModel.isAddress("localhost")).isFalse();
        assertThat(ManageViewModel.isAddress("unix:/run/x.sock")).isTrue();
        assertThat(ManageViewModel.isFolder("site")).isFalse();
        assertThat(ManageViewModel.isCommandLine("--title \"a b")).isFalse();
    }

    @Test
    void theWindowsPlaceIsRememberedAndADamagedFileIsNot() throws Exception {
        Path file = home.resolve("window.json");
        WindowPlace place = new WindowPlace(OptionalDouble.of(12), OptionalDouble.of(34), 900, 700, false, 1.3);
        place.write(file);
        assertThat(WindowPlace.read(file)).isEqualTo(place);
        Files.writeString(file, "{ \"width\": ");
        assertThat(WindowPlace.read(file)).isEqualTo(WindowPlace.unknown());
    }
}
