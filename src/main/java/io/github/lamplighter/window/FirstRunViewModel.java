package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.client.Envelope;
import io.github.lamplighter.tool.Tool;
import io.github.lamplighter.window.WindowData.FoundTool;
import io.github.lamplighter.window.WindowData.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javafx.beans.Observable;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.IntegerBinding;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// The view model of the first run: the tools that were found, and which of them to manage.
final class FirstRunViewModel {

    /// @param chosen whether it will be managed
    record Choice(FoundTool found, BooleanProperty chosen) {

        String id() {
            return found.tool().id();
        }

        Use use() {
            return found.use();
        }

        /// `npm · process 4242, port 8080`
        String detail() {
            String installer = found.tool()
                    .provenance()
                    .map(install -> install.installer().word())
                    .orElse("");
            return found.how().map(how -> installer + " · " + how).orElse(installer);
        }
    }

    private final CliClient cliClient;
    private final WindowData data;
    private final TaskExecutor taskExecutor;
    private final Runnable changed;
    private final ObservableList<Choice> choices =
            FXCollections.observableArrayList(choice -> new Observable[] {choice.chosen()});
    private final BooleanProperty startAtLogin = new SimpleBooleanProperty(true);
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(false);
    private final ReadOnlyStringWrapper progress = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
    private List<Tool> shown = List.of();

    /// @param changed called when tools were added
    FirstRunViewModel(WindowServices windowServices, Runnable changed) {
        this.cliClient = windowServices.cliClient();
        this.data = windowServices.data();
        this.taskExecutor = windowServices.taskExecutor();
        this.changed = changed;
    }

    ObservableList<Choice> choices() {
        return choices;
    }

    BooleanProperty startAtLoginProperty() {
        return startAtLogin;
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }

    /// What is being done; empty before and after.
    ReadOnlyStringProperty progressProperty() {
        return progress.getReadOnlyProperty();
    }

    /// Why something could not be done, as sentences.
    ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    IntegerBinding chosenCount() {
        return Bindings.createIntegerBinding(
                () -> (int)
                        choices.stream().filter(choice -> choice.chosen().get()).count(),
                choices);
    }

    // Commands

    /// Keeps the ticks of the tools that are still there.
    void show(List<Tool> tools) {
        if (tools.equals(shown)) {
            return;
        }
        shown = List.copyOf(tools);
        Set<String> unticked = choices.stream()
                .filter(choice -> !choice.chosen().get())
                .map(Choice::id)
                .collect(Collectors.toSet());
        taskExecutor.run(
                () -> data.found(tools),
                found -> choices.setAll(found.stream()
                        .map(tool -> new Choice(
                                tool,
                                new SimpleBooleanProperty(
                                        !unticked.contains(tool.tool().id()))))
                        .toList()));
    }

    void tickAll(boolean ticked) {
        choices.forEach(choice -> choice.chosen().set(ticked));
    }

    /// Starts managing the chosen tools, one after the other, and checks them.
    void manage() {
        List<Choice> chosen =
                choices.stream().filter(choice -> choice.chosen().get()).toList();
        boolean atLogin = startAtLogin.get();
        busy.set(true);
        problem.set("");
        taskExecutor.run(
                () -> {
                    List<String> problems = new ArrayList<>();
                    for (int at = 0; at < chosen.size(); at++) {
                        Choice choice = chosen.get(at);
                        say("Adding %s (%d of %d)"
                                .formatted(choice.found().tool().name(), at + 1, chosen.size()));
                        failed(List.of("add", choice.id(), "--yes"))
                                .ifPresent(why ->
                                        problems.add(choice.found().tool().name() + ": " + why));
                    }
                    if (atLogin) {
                        say("Starting Lamplighter at login");
                        failed(List.of("autostart", "on")).ifPresent(problems::add);
                    }
                    say("Checking the tools");
                    Envelope _ = cliClient.run(List.of("doctor"));
                    return problems;
                },
                problems -> {
                    busy.set(false);
                    progress.set("");
                    problem.set(String.join("\n", problems));
                    shown = List.of();
                    changed.run();
                });
    }

    private Optional<String> failed(List<String> arguments) {
        Envelope envelope = cliClient.run(arguments);
        return envelope.succeeded()
                ? Optional.empty()
                : Optional.of(envelope.reason().orElse("no reason given"));
    }

    private void say(String text) {
        taskExecutor.ui().execute(() -> progress.set(text));
    }

    /// Makes the demo, in a home and a window of its own.
    void tryDemo() {
        busy.set(true);
        problem.set("");
        progress.set("Installing the demo");
        taskExecutor.run(() -> failed(List.of("demo")), why -> {
            busy.set(false);
            progress.set("");
            problem.set(why.orElse(""));
        });
    }
}
