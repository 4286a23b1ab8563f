package io.github.lamplighter.window;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.stage.FileChooser;
import javafx.stage.Window;

/// Every click that changes something: it opens a dialog, asks for confirmation, or runs its command.
final class ToolActions {

    /// What the window does for an action.
    ///
    /// @param run runs a confirmed command on the tool's page
    /// @param load reads the tools again, then shows the one with this id
    /// @param owner of a file dialog
    record Page(
            Consumer<ToolRow> showLog,
            BiConsumer<ToolRow, Action> run,
            Consumer<String> load,
            Supplier<Window> owner) {}

    private final WindowServices windowServices;
    private final ToolsViewModel tools;
    private final DialogHost dialogHost;
    private final UpgradeDialogs upgradeDialogs;
    private final Page page;

    ToolActions(
            WindowServices windowServices,
            ToolsViewModel tools,
            DialogHost dialogHost,
            UpgradeDialogs upgradeDialogs,
            Page page) {
        this.windowServices = windowServices;
        this.tools = tools;
        this.dialogHost = dialogHost;
        this.upgradeDialogs = upgradeDialogs;
        this.page = page;
    }

    /// Handles every click that changes something.
    void act(ToolRow row, Action action) {
        switch (action.kind()) {
            case UPGRADE -> upgradeDialogs.open(row, action.option("--to"));
            case LOG -> page.showLog().accept(row);
            case MANAGE -> openManage(row);
            case FORGET ->
                dialogHost.ask(
                        Action.of("Stop managing " + row.name(), "forget", row.id()),
                        "Removes the manifest of %s; a backup is kept. The tool stays installed%s."
                                .formatted(row.name(), row.isService() ? ", and its service keeps running" : ""),
                        () -> forget(row, action));
            case COMMAND -> {
                if (action.asks() && !action.asksItself()) {
                    dialogHost.ask(action, consequence(row, action), () -> run(row, action));
                } else {
                    run(row, action);
                }
            }
        }
    }

    /// Opens what the tray icon or a command line asked for.
    void ask(ToolRow row, WindowLaunch.Ask ask) {
        switch (ask) {
            case UPGRADE -> upgradeDialogs.open(row);
            case RESTART -> act(row, Action.of("Restart " + row.name(), "restart", row.id()));
            case STOP -> act(row, Action.of("Stop " + row.name(), "stop", row.id()));
            case ROLLBACK -> act(row, Action.of("Roll back " + row.name(), "rollback", row.id()));
            case LOG -> act(row, Action.of("Show log", "logs", row.id()));
            case UPGRADE_ALL -> upgradeDialogs.openAll();
        }
    }

    private void run(ToolRow row, Action action) {
        page.run().accept(row, action);
    }

    private void forget(ToolRow row, Action action) {
        windowServices.taskExecutor().run(() -> windowServices.cliClient().run(action.confirmed()), envelope -> {
            if (envelope.succeeded()) {
                tools.reload();
            } else {
                dialogHost.tell(
                        "%s is still managed".formatted(row.name()),
                        envelope.reason().orElse("No reason given"));
            }
        });
    }

    private static String consequence(ToolRow row, Action action) {
        return switch (action.arguments().getFirst()) {
            case "restart" -> row.name() + " will be unavailable for a moment. Work in progress is interrupted.";
            case "stop" -> row.name() + " stops until you start it or log in again.";
            case "rollback" ->
                "You can't roll back to %s any more. Its backup of the data is deleted, too."
                        .formatted(action.option("--delete").orElse("that version"));
            case "service" ->
                action.arguments().get(1).equals("install")
                        ? "Creates a service file. Starts %s now and at login.".formatted(row.name())
                        : "Runs: lamplighter " + String.join(" ", action.arguments());
            default -> "Runs: lamplighter " + String.join(" ", action.arguments());
        };
    }

    void openManage(ToolRow row) {
        openManage(row.id(), row.name());
    }

    /// @param target a tool's id, or a path
    private void openManage(String target, String name) {
        ManageViewModel model = new ManageViewModel(windowServices, target, name);
        model.load();
        ManageView form = new ManageView(model, dialogHost::close, id -> {
            page.load().accept(id);
            windowServices
                    .taskExecutor()
                    .run(() -> windowServices.cliClient().run(List.of("doctor", id)), _ -> tools.reread());
        });
        dialogHost.show(form.root());
    }

    void addProgram() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle("Add a program");
        Optional.ofNullable(chooser.showOpenDialog(page.owner().get()))
                .ifPresent(file -> openManage(file.getPath(), file.getName()));
    }

    /// Opens the last reports in the browser, as a page with headings for screen readers.
    ///
    /// @param names the tools; all if it is empty
    void readAsText(List<String> names) {
        List<String> arguments = new ArrayList<>(List.of("report", "--open"));
        arguments.addAll(names);
        windowServices.taskExecutor().run(() -> windowServices.cliClient().lines(arguments), said -> {
            if (!said.problem().isEmpty()) {
                dialogHost.tell("Read as text: failed", said.problem());
            }
        });
    }

    /// Runs a command of a tool, if it is possible now.
    void runIfPossible(ToolRow row, String command) {
        ToolCommands.of(row).stream()
                .filter(ToolCommands.Offer::isPossible)
                .map(ToolCommands.Offer::action)
                .filter(action -> action.arguments().getFirst().equals(command))
                .findFirst()
                .ifPresent(action -> act(row, action));
    }
}
