package io.github.lamplighter.window;

import atlantafx.base.controls.CustomTextField;
import atlantafx.base.controls.ModalPane;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javafx.animation.Animation;
import javafx.animation.PauseTransition;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.StackPane;
import javafx.util.Duration;
import org.controlsfx.control.StatusBar;
import org.kordamp.ikonli.feather.Feather;

/// The frame of the window: the sidebar, a page, the status bar, and the dialogs in front.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class WindowView {

    /// The delay between a change on disk and the search for upgrades: an upgrade takes its lock before it
    /// starts its journal.
    private static final Duration UPGRADE_SEARCH_DELAY = Duration.seconds(1);

    /// Fits a small screen with a panel.
    private static final double WIDTH = 1040;

    private static final double HEIGHT = 680;

    private final WindowServices windowServices;
    private final Runnable close;
    private final ToolsViewModel tools;
    private final ToolViewModel tool;
    private final SettingsViewModel settings;

    @FXML
    private CustomTextField search;

    @FXML
    private ListView<SidebarItem> list;

    @FXML
    private StackPane page;

    @FXML
    private StatusBar status;

    @FXML
    private ModalPane front;

    private final Parent root;
    private final DialogHost dialogHost;
    private final OverviewView overviewView;
    private final ToolView toolView;
    private final SettingsView settingsView;
    private Optional<String> requestedPage = Optional.empty();
    private Optional<WindowLaunch.Ask> requestedAsk = Optional.empty();
    private boolean following;
    private boolean searched;

    /// By tool: the upgrades in progress, and those whose result was not shown yet.
    private final Map<String, UpgradeViewModel> upgrades = new LinkedHashMap<>();

    private final PauseTransition upgradeSearch = new PauseTransition(UPGRADE_SEARCH_DELAY);

    WindowView(WindowServices windowServices, Runnable close) {
        this.windowServices = windowServices;
        this.close = close;
        this.tools = new ToolsViewModel(windowServices);
        this.tool = new ToolViewModel(windowServices, tools::reread);
        this.settings = new SettingsViewModel(windowServices.cliClient(), windowServices.taskExecutor());
        this.root = Fxml.load(this);
        this.dialogHost = new DialogHost(front);
        tool.questionProperty()
                .subscribe(asked -> asked.ifPresent(question ->
                        dialogHost.ask(question.action(), question.text(), () -> tool.run(question.action()))));
        this.overviewView = new OverviewView(tools, this::open, this::act, this::openUpgrade);
        this.toolView = new ToolView(tool, dialogHost, windowServices, this::act, this::openUpgrade);
        this.settingsView = new SettingsView(settings);
        arrange();
    }

    Parent root() {
        return root;
    }

    /// The scene with the styles and the keys of the window.
    Scene scene() {
        Scene scene = new Scene(root, WIDTH, HEIGHT);
        scene.getStylesheets()
                .add(Objects.requireNonNull(WindowView.class.getResource("lamplighter.css"))
                        .toExternalForm());
        scene.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
        return scene;
    }

    /// Loads the tools, then shows a page.
    void load(WindowLaunch.Request request) {
        requestedPage = request.page();
        requestedAsk = request.ask();
        list.requestFocus();
        tools.reload();
    }

    /// A report or an upgrade changed on disk.
    void refresh() {
        tools.reread();
        // A worker writes many times a second; searching once a second is enough.
        if (upgradeSearch.getStatus() != Animation.Status.RUNNING) {
            upgradeSearch.playFromStart();
        }
    }

    /// A tool was added or removed.
    void reload() {
        tools.reload();
    }

    /// Shows what a second start of the window asked for.
    void show(WindowLaunch.Request request) {
        String name = request.page().orElse("overview");
        if (request.ask().isPresent()
                && request.page().isPresent()
                && tools.tool(name).isEmpty()) {
            load(request);
            return;
        }
        show(name);
        request.ask().ifPresent(ask -> tools.tool(name).ifPresent(row -> ask(row, ask)));
    }

    /// Shows a page by name: a tool's id, `settings`, or the overview.
    void show(String name) {
        if (name.equals("settings")) {
            showSettings();
        } else if (tools.tool(name).isPresent()) {
            tools.tool(name).ifPresent(this::open);
        } else if (name.equals("overview")) {
            showOverview();
        } else {
            load(new WindowLaunch.Request(Optional.of(name), Optional.empty()));
        }
    }

    /// Shows a tab of a tool's page.
    void show(String id, int tab) {
        show(id);
        toolView.select(tab);
    }

    @FXML
    void showSettings() {
        following = true;
        list.getSelectionModel().clearSelection();
        following = false;
        show(settingsView.root());
        settings.load();
    }

    private void arrange() {
        search.setLeft(StatusIcons.icon(Feather.SEARCH, "info"));
        tools.filterProperty().bind(search.textProperty());
        list.setItems(tools.items());
        list.setCellFactory(_ -> new ToolCell());
        list.setPlaceholder(nothing());
        list.getSelectionModel().selectedItemProperty().subscribe(this::selected);
        tools.tools().addListener((javafx.collections.ListChangeListener<ToolRow>) _ -> rowsChanged());
        Button open = new Button("Settings", StatusIcons.icon(Feather.SETTINGS, "info"));
        open.getStyleClass().addAll("flat", "small");
        open.setId("settings");
        open.setOnAction(_ -> showSettings());
        status.setText("");
        Label meta = new Label();
        meta.getStyleClass().add("meta");
        meta.textProperty().bind(tools.metaProperty());
        status.getLeftItems().add(meta);
        status.getRightItems().add(open);
        upgradeSearch.setOnFinished(_ -> findUpgrades());
        showOverview();
    }

    private Label nothing() {
        Label label = StatusIcons.wrapped("", "meta");
        label.textProperty()
                .bind(search.textProperty()
                        .map(text -> text.isBlank() ? "" : "No tool matches \"%s\"".formatted(text.strip())));
        return label;
    }

    /// Updates the page after the rows were read again, and opens the page that was requested before.
    private void rowsChanged() {
        requestedPage.flatMap(tools::tool).ifPresent(row -> {
            requestedPage = Optional.empty();
            open(row);
            requestedAsk.ifPresent(ask -> {
                requestedAsk = Optional.empty();
                ask(row, ask);
            });
        });
        tool.toolProperty().get().flatMap(shown -> tools.tool(shown.id())).ifPresent(row -> {
            if (page.getChildren().contains(toolView.root())) {
                tool.show(row);
            }
        });
        if (!searched && !tools.tools().isEmpty()) {
            searched = true;
            findUpgrades();
        }
        showUpgrades();
        javafx.application.Platform.runLater(this::selectShown);
    }

    private void selectShown() {
        following = true;
        if (page.getChildren().contains(toolView.root())) {
            String id = tool.toolProperty().get().map(ToolRow::id).orElse("");
            tools.items().stream()
                    .filter(item -> item instanceof SidebarItem.Tool(ToolRow row)
                            && row.id().equals(id))
                    .findFirst()
                    .ifPresent(list.getSelectionModel()::select);
        } else if (page.getChildren().contains(overviewView.root())) {
            tools.items().stream()
                    .filter(SidebarItem.Overview.class::isInstance)
                    .findFirst()
                    .ifPresent(list.getSelectionModel()::select);
        }
        following = false;
    }

    private void selected(@org.jspecify.annotations.Nullable SidebarItem item) {
        if (following || item == null) {
            return;
        }
        switch (item) {
            case SidebarItem.Overview _ -> show(overviewView.root());
            case SidebarItem.Tool(ToolRow row) -> {
                tool.show(row);
                showUpgrades();
                show(toolView.root());
            }
            case SidebarItem.Heading _ -> {}
        }
    }

    private void open(ToolRow row) {
        tool.show(row);
        showUpgrades();
        show(toolView.root());
        selectShown();
    }

    private void showOverview() {
        show(overviewView.root());
        selectShown();
    }

    private void show(Node node) {
        if (!page.getChildren().contains(node)) {
            page.getChildren().setAll(node);
        }
    }

    /// Handles every click that changes something.
    private void act(ToolRow row, Action action) {
        switch (action.kind()) {
            case UPGRADE -> openUpgrade(row, action.option("--to"));
            case LOG -> {
                open(row);
                toolView.showLog();
            }
            case COMMAND -> {
                if (action.asks()) {
                    dialogHost.ask(action, consequence(row, action), () -> run(row, action));
                } else {
                    run(row, action);
                }
            }
        }
    }

    /// Opens what the tray icon or a command line asked for.
    private void ask(ToolRow row, WindowLaunch.Ask ask) {
        switch (ask) {
            case UPGRADE -> openUpgrade(row);
            case RESTART -> act(row, Action.of("Restart " + row.name(), "restart", row.id()));
            case STOP -> act(row, Action.of("Stop " + row.name(), "stop", row.id()));
            case ROLLBACK -> act(row, Action.of("Roll back " + row.name(), "rollback", row.id()));
            case LOG -> act(row, Action.of("Show log", "logs", row.id()));
            case UPGRADE_ALL -> {}
        }
    }

    private void run(ToolRow row, Action action) {
        open(row);
        tool.run(action);
    }

    private static String consequence(ToolRow row, Action action) {
        return switch (action.arguments().getFirst()) {
            case "restart" -> row.name() + " will be unavailable for a moment. Work in progress is interrupted.";
            case "stop" -> row.name() + " stops until you start it or log in again.";
            case "rollback" ->
                action.option("--delete")
                        .map(version -> "You can't roll back to %s any more. Its backup of the data is deleted, too."
                                .formatted(version))
                        .orElse(
                                row.name().equals("lamplighter")
                                        ? "Restores the previous version. The tray icon restarts; reopen this window"
                                                + " afterwards."
                                        : "Restores the previous version. " + row.name() + " is stopped for a moment.");
            case "service" ->
                action.arguments().get(1).equals("install")
                        ? "Creates a service file. Starts %s now and at login.".formatted(row.name())
                        : "Runs: lamplighter " + String.join(" ", action.arguments());
            default -> "Runs: lamplighter " + String.join(" ", action.arguments());
        };
    }

    /// Opens the upgrade dialog. An upgrade in progress is shown again, never started twice.
    private void openUpgrade(ToolRow row) {
        openUpgrade(row, Optional.empty());
    }

    /// @param version the wanted one; empty is the newest
    private void openUpgrade(ToolRow row, Optional<String> version) {
        UpgradeViewModel model = upgrades.computeIfAbsent(row.id(), _ -> {
            UpgradeViewModel fresh = new UpgradeViewModel(windowServices, row, version, () -> upgraded(row));
            fresh.makePlan();
            return fresh;
        });
        UpgradeView dialog = new UpgradeView(
                model,
                windowServices.humanFormat(),
                dialogHost::close,
                shown -> {
                    open(shown);
                    toolView.showLog();
                },
                windowServices.browse(),
                () -> {
                    tools.reread();
                    tool.skipped(model.to().orElse("This version"));
                },
                this::act);
        dialogHost.show(dialog.root(), () -> closed(row.id(), model));
    }

    private void closed(String id, UpgradeViewModel model) {
        if (!model.isRunning()) {
            upgrades.remove(id, model);
        }
        showUpgrades();
    }

    /// Finds the upgrades that were started elsewhere, and shows them like those from this window.
    private void findUpgrades() {
        windowServices.taskExecutor().run(windowServices.upgrades()::running, found -> {
            for (UpgradeFeed.Running running : found) {
                boolean known = Optional.ofNullable(upgrades.get(running.tool()))
                        .filter(UpgradeViewModel::isRunning)
                        .isPresent();
                tools.tool(running.tool()).filter(_ -> !known).ifPresent(row -> {
                    UpgradeViewModel model = new UpgradeViewModel(windowServices, row, () -> upgraded(row));
                    upgrades.put(row.id(), model);
                    model.follow(running);
                });
            }
            showUpgrades();
        });
    }

    private void showUpgrades() {
        tool.showUpgrade(tool.toolProperty()
                .get()
                .flatMap(row -> Optional.ofNullable(upgrades.get(row.id())))
                .filter(model ->
                        model.isRunning() || model.resultProperty().get().isPresent()));
        overviewView.showUpgrades(
                upgrades.values().stream().filter(UpgradeViewModel::isRunning).toList());
    }

    private void upgraded(ToolRow row) {
        tools.reload();
        showUpgrades();
        if (tool.toolProperty()
                .get()
                .filter(shown -> shown.id().equals(row.id()))
                .isPresent()) {
            tool.service().load();
        }
    }

    private void key(KeyEvent event) {
        if (pressed(event, KeyCode.F5)) {
            tools.reload();
            if (page.getChildren().contains(toolView.root())) {
                tool.check();
            }
        } else if (pressed(event, KeyCode.F5, KeyCombination.SHIFT_DOWN)) {
            tools.checkAll();
        } else if (pressed(event, KeyCode.F, KeyCombination.SHORTCUT_DOWN)) {
            search.requestFocus();
            search.selectAll();
        } else if (pressed(event, KeyCode.U, KeyCombination.SHORTCUT_DOWN)) {
            if (page.getChildren().contains(toolView.root()) && !dialogHost.isOpen()) {
                toolView.upgrade();
            }
        } else if (pressed(event, KeyCode.L, KeyCombination.SHORTCUT_DOWN)) {
            if (page.getChildren().contains(toolView.root())) {
                toolView.showLog();
            }
        } else if (pressed(event, KeyCode.COMMA, KeyCombination.SHORTCUT_DOWN)) {
            showSettings();
        } else if (pressed(event, KeyCode.W, KeyCombination.SHORTCUT_DOWN)
                || pressed(event, KeyCode.Q, KeyCombination.SHORTCUT_DOWN)) {
            close.run();
        } else if (pressed(event, KeyCode.ESCAPE)) {
            escape(event);
            return;
        } else if (!tab(event)) {
            return;
        }
        event.consume();
    }

    private boolean tab(KeyEvent event) {
        KeyCode[] digits = {KeyCode.DIGIT1, KeyCode.DIGIT2, KeyCode.DIGIT3, KeyCode.DIGIT4};
        for (int at = 0; at < digits.length; at++) {
            if (pressed(event, digits[at], KeyCombination.ALT_DOWN)) {
                toolView.select(at);
                return true;
            }
        }
        return false;
    }

    private void escape(KeyEvent event) {
        if (dialogHost.isOpen()) {
            dialogHost.close();
            event.consume();
        } else if (page.getChildren().contains(toolView.root()) && tool.health().stop()) {
            event.consume();
        } else if (!search.getText().isEmpty()) {
            search.clear();
            event.consume();
        } else if (!page.getChildren().contains(overviewView.root())) {
            showOverview();
            list.requestFocus();
            event.consume();
        }
    }

    private static boolean pressed(KeyEvent event, KeyCode code, KeyCombination.Modifier... modifiers) {
        return new KeyCodeCombination(code, modifiers).match(event);
    }
}
