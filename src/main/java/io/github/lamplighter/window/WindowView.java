package io.github.lamplighter.window;

import atlantafx.base.controls.ModalPane;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javafx.beans.binding.BooleanBinding;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.TraversalDirection;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.StackPane;
import org.controlsfx.control.StatusBar;

/// The frame of the window: the sidebar, a page, the status bar, and the dialogs in front. It is long because
/// it connects all of them.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class WindowView {

    /// The delay between a change on disk and the search for upgrades: an upgrade takes its lock before it
    /// starts its journal.
    private static final Duration UPGRADE_SEARCH_DELAY = Duration.ofSeconds(1);

    /// Below this width, the list is a page of its own.
    private static final double SIDE_BY_SIDE = 700;

    private static final double TEXT_STEP = 0.1;
    private static final double SMALLEST_TEXT = 0.8;
    private static final double LARGEST_TEXT = 2;
    private static final double TEXT = 14;

    private final Ends ends;
    private final ToolsViewModel tools;
    private final ToolViewModel tool;
    private final SettingsViewModel settings;
    private final FirstRunViewModel firstRun;

    @FXML
    private BorderPane frame;

    @FXML
    private StackPane page;

    @FXML
    private StatusBar status;

    @FXML
    private ModalPane front;

    private final Parent root;
    private final DialogHost dialogHost;
    private final SidebarView sidebarView;
    private final OverviewView overviewView;
    private final ToolView toolView;
    private final SettingsView settingsView;
    private Optional<String> requestedPage = Optional.empty();
    private Optional<WindowLaunch.Ask> requestedAsk = Optional.empty();
    private boolean searched;

    private final UpgradeDialogs upgradeDialogs;
    private final ToolActions toolActions;
    private final WindowFooter footer;
    private final WindowKeys keys;
    private final BooleanBinding reading;
    private double text = 1;
    private boolean listIsPage = true;

    private final FxTimer upgradeSearch;

    /// @param close closes the window
    /// @param quit ends its process, too
    record Ends(Runnable close, Runnable quit) {}

    WindowView(WindowServices windowServices, Ends ends) {
        this.ends = ends;
        this.tools = new ToolsViewModel(windowServices);
        this.tool = new ToolViewModel(windowServices, tools::reread);
        this.settings = new SettingsViewModel(windowServices, tools);
        this.firstRun = new FirstRunViewModel(windowServices, tools::reload);
        this.root = Fxml.load(this);
        this.dialogHost = new DialogHost(front);
        tool.questionProperty()
                .subscribe(asked -> asked.ifPresent(question ->
                        dialogHost.ask(question.action(), question.text(), () -> tool.run(question.action()))));
        this.upgradeDialogs = new UpgradeDialogs(
                windowServices,
                tools,
                dialogHost,
                new UpgradeDialogs.Page(this::showLog, this::skipped, this::act, this::upgraded, this::showUpgrades));
        this.upgradeSearch = FxTimer.after(UPGRADE_SEARCH_DELAY, upgradeDialogs::find);
        this.toolActions = new ToolActions(
                windowServices,
                tools,
                dialogHost,
                upgradeDialogs,
                new ToolActions.Page(
                        this::showLog,
                        (row, action) -> {
                            open(row);
                            tool.run(action);
                        },
                        id -> load(new WindowLaunch.Request(Optional.of(id), Optional.empty())),
                        () -> root.getScene().getWindow()));
        this.footer = new WindowFooter(status, windowServices, tools, this::showList, this::showSettings);
        this.sidebarView =
                new SidebarView(tools, new SidebarView.Clicks(this::openBesideList, this::enterPage, this::act));
        this.overviewView = new OverviewView(
                tools,
                firstRun,
                new FirstRunView(firstRun, id -> tools.tool(id).ifPresent(toolActions::openManage)),
                new OverviewView.Clicks(
                        this::open,
                        this::act,
                        upgradeDialogs::follow,
                        upgradeDialogs::openAll,
                        toolActions::addProgram,
                        () -> show("lamplighter"),
                        () -> toolActions.readAsText(List.of())));
        this.toolView = new ToolView(tool, dialogHost, windowServices, this::act, upgradeDialogs::follow);
        this.settingsView = new SettingsView(settings, this::text, this::setText);
        this.keys = keys();
        this.reading = front.displayProperty().or(sidebarView.pointedAtProperty());
        arrange();
    }

    Parent root() {
        return root;
    }

    /// The scene with the styles and the keys of the window.
    Scene scene() {
        WindowPlace usual = WindowPlace.unknown();
        Scene scene = new Scene(root, usual.width(), usual.height());
        scene.getStylesheets()
                .add(Objects.requireNonNull(WindowView.class.getResource("lamplighter.css"))
                        .toExternalForm());
        scene.addEventFilter(KeyEvent.KEY_PRESSED, keys::pressed);
        scene.widthProperty().subscribe(_ -> arrangeSides());
        return scene;
    }

    /// Loads the tools, then shows a page.
    void load(WindowLaunch.Request request) {
        requestedPage = request.page();
        requestedAsk = request.ask();
        sidebarView.focusList();
        if (requestedPage.filter("settings"::equals).isPresent()) {
            showSettings();
        }
        tools.reload();
    }

    /// A report or an upgrade changed on disk.
    void refresh() {
        tools.reread();
        // A worker writes many times a second; searching once a second is enough.
        if (!upgradeSearch.isRunning()) {
            upgradeSearch.start();
        }
    }

    /// The settings changed on disk.
    void settingsChanged() {
        if (page.getChildren().contains(settingsView.root())) {
            settings.load();
        }
    }

    /// Stops watching the services.
    void close() {
        tools.close();
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
        if (request.ask().filter(WindowLaunch.Ask.UPGRADE_ALL::equals).isPresent()) {
            upgradeDialogs.openAll();
            return;
        }
        request.ask().ifPresent(ask -> tools.tool(name).ifPresent(row -> toolActions.ask(row, ask)));
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
        sidebarView.showPage("settings");
        show(settingsView.root());
        settingsView.showText();
        settingsView.showIgnored();
        settings.load();
    }

    /// The desktop has no program for a file or an address that was to be opened.
    ///
    /// @param why a sentence
    void notOpened(URI target, String why) {
        dialogHost.notOpened("file".equals(target.getScheme()) ? Path.of(target).toString() : target.toString(), why);
    }

    private void arrange() {
        tools.tools().addListener((javafx.collections.ListChangeListener<ToolRow>) _ -> rowsChanged());
        reading.subscribe(tools::holdOrder);
        firstRun.problemProperty().subscribe(problem -> {
            if (!problem.isEmpty()) {
                dialogHost.tell("Not everything could be done", problem);
            }
        });
        tool.busyProperty().addListener((_, _, busy) -> {
            if (!busy) {
                footer.readKept();
            }
        });
        dialogHost.whenFocusIsLost(this::enterPage);
        showOverview();
    }

    /// Updates the page after the rows were read again, and opens the page that was requested before.
    private void rowsChanged() {
        requestedPage.flatMap(tools::tool).ifPresent(row -> {
            requestedPage = Optional.empty();
            open(row);
            requestedAsk.ifPresent(ask -> {
                requestedAsk = Optional.empty();
                toolActions.ask(row, ask);
            });
        });
        if (page.getChildren().contains(toolView.root())) {
            // A tool may be gone: uninstalled, or no longer managed.
            tool.toolProperty()
                    .get()
                    .ifPresent(shown -> tools.tool(shown.id()).ifPresentOrElse(tool::show, this::showOverview));
        }
        if (requestedAsk.filter(WindowLaunch.Ask.UPGRADE_ALL::equals).isPresent()) {
            requestedAsk = Optional.empty();
            upgradeDialogs.openAll();
        }
        settingsView.showIgnored();
        footer.read();
        if (!searched && !tools.tools().isEmpty()) {
            searched = true;
            footer.readKept();
            upgradeDialogs.find();
        }
        showUpgrades();
    }

    /// @param id a tool's id; empty is the overview
    private void open(String id) {
        tools.tool(id).ifPresentOrElse(this::open, this::showOverview);
    }

    private void openBesideList(String id) {
        boolean list = listIsPage;
        open(id);
        listIsPage = list;
        arrangeSides();
    }

    private void open(ToolRow row) {
        tool.show(row);
        showUpgrades();
        show(toolView.root());
        sidebarView.showPage(row.id());
    }

    private void showOverview() {
        show(overviewView.root());
        sidebarView.showPage("");
    }

    /// Moves the focus from the list to the page.
    private void enterPage() {
        listIsPage = false;
        arrangeSides();
        page.requestFocusTraversal(TraversalDirection.NEXT);
    }

    private void show(Node node) {
        listIsPage = false;
        if (!page.getChildren().contains(node)) {
            page.getChildren().setAll(node);
        }
        arrangeSides();
    }

    private void showList() {
        listIsPage = true;
        arrangeSides();
        sidebarView.focusList();
    }

    /// A narrow window shows either the list or a page.
    private void arrangeSides() {
        boolean narrow = root.getScene() != null && root.getScene().getWidth() / text < SIDE_BY_SIDE;
        boolean shows = !narrow || listIsPage;
        StatusIcons.show(sidebarView.root(), shows);
        StatusIcons.show(page, !narrow || !listIsPage);
        footer.showWayToList(narrow && !listIsPage);
        if (frame.getLeft() == null) {
            frame.setLeft(sidebarView.root());
        }
        sidebarView
                .root()
                .setStyle(
                        narrow
                                ? "-fx-pref-width: %dpx;"
                                        .formatted((int) root.getScene().getWidth())
                                : "");
    }

    private void readPageAsText() {
        toolActions.readAsText(shownTool().map(ToolRow::id).stream().toList());
    }

    private Optional<ToolRow> shownTool() {
        return page.getChildren().contains(toolView.root())
                ? tool.toolProperty().get().flatMap(row -> tools.tool(row.id()))
                : Optional.empty();
    }

    private void openPalette() {
        List<CommandPalette.Entry> entries = new ArrayList<>(List.of(
                new CommandPalette.Entry("Overview", this::showOverview),
                new CommandPalette.Entry("Check all tools", tools::checkAll),
                new CommandPalette.Entry("Upgrade all…", upgradeDialogs::openAll),
                new CommandPalette.Entry("Add a program…", toolActions::addProgram),
                new CommandPalette.Entry("Settings", this::showSettings),
                new CommandPalette.Entry("Read as text", this::readPageAsText),
                new CommandPalette.Entry("Keys", this::showKeys),
                new CommandPalette.Entry("About this program", () -> show("lamplighter"))));
        for (ToolRow row : tools.tools()) {
            entries.add(new CommandPalette.Entry(row.name() + ": Show", () -> open(row)));
            ToolCommands.of(row).stream()
                    .filter(ToolCommands.Offer::isPossible)
                    .forEach(offer -> entries.add(new CommandPalette.Entry(
                            row.name() + ": " + offer.label(), () -> act(row, offer.action()))));
        }
        dialogHost.show(new CommandPalette(entries, dialogHost::close).root());
    }

    private void showKeys() {
        dialogHost.show(keys.dialog(dialogHost::close));
    }

    /// The size of the text, as a factor.
    double text() {
        return text;
    }

    void setText(double factor) {
        text = Math.clamp(Math.round(factor * 10) / 10.0, SMALLEST_TEXT, LARGEST_TEXT);
        root.setStyle("-fx-font-size: %.1fpx;".formatted(TEXT * text));
        sidebarView.scale(text);
        arrangeSides();
    }

    private void act(ToolRow row, Action action) {
        toolActions.act(row, action);
    }

    private void showLog(ToolRow row) {
        open(row);
        toolView.showLog();
    }

    private void skipped(String version) {
        tools.reread();
        tool.skipped(version);
    }

    private void showUpgrades() {
        tool.showUpgrade(tool.toolProperty().get().flatMap(row -> upgradeDialogs.of(row.id())));
        overviewView.showUpgrades(upgradeDialogs.running());
    }

    private void upgraded(ToolRow row) {
        footer.readKept();
        tools.reload();
        showUpgrades();
        if (tool.toolProperty()
                .get()
                .filter(shown -> shown.id().equals(row.id()))
                .isPresent()) {
            tool.service().load();
        }
    }

    private WindowKeys keys() {
        WindowKeys all = new WindowKeys(dialogHost::isOpen);
        all.add("Find a tool", this::findTool, KeyCode.F, KeyCombination.SHORTCUT_DOWN)
                .add("Find a command", this::openPalette, KeyCode.K, KeyCombination.SHORTCUT_DOWN)
                .add("Check this tool", this::checkShown, KeyCode.F5)
                .add("Check all tools", tools::checkAll, KeyCode.F5, KeyCombination.SHIFT_DOWN)
                .add("Upgrade this tool…", () -> onShown(toolView::upgrade), KeyCode.U, KeyCombination.SHORTCUT_DOWN)
                .add("Show its log", () -> onShown(toolView::showLog), KeyCode.L, KeyCombination.SHORTCUT_DOWN)
                .add("Open it in the browser", () -> runOnShown("open"), KeyCode.O, KeyCombination.SHORTCUT_DOWN)
                .add(
                        "Restart it…",
                        () -> runOnShown("restart"),
                        KeyCode.R,
                        KeyCombination.SHORTCUT_DOWN,
                        KeyCombination.SHIFT_DOWN);
        KeyCode[] digits = {KeyCode.DIGIT1, KeyCode.DIGIT2, KeyCode.DIGIT3, KeyCode.DIGIT4};
        for (int at = 0; at < digits.length; at++) {
            int tab = at;
            all.add(
                    List.of("Health", "Service", "Log", "History").get(at),
                    () -> toolView.select(tab),
                    digits[at],
                    KeyCombination.ALT_DOWN);
        }
        return all.add("Settings", this::showSettings, KeyCode.COMMA, KeyCombination.SHORTCUT_DOWN)
                .add("Read this page as text", this::readPageAsText, KeyCode.T, KeyCombination.SHORTCUT_DOWN)
                .always("Larger text", () -> setText(text + TEXT_STEP), KeyCode.PLUS, KeyCombination.SHORTCUT_DOWN)
                // The key of the plus on an English keyboard, with Shift or without; and those of the number pad.
                .always(
                        "",
                        () -> setText(text + TEXT_STEP),
                        KeyCode.EQUALS,
                        KeyCombination.SHORTCUT_DOWN,
                        KeyCombination.SHIFT_ANY)
                .always("", () -> setText(text + TEXT_STEP), KeyCode.ADD, KeyCombination.SHORTCUT_DOWN)
                .always("Smaller text", () -> setText(text - TEXT_STEP), KeyCode.MINUS, KeyCombination.SHORTCUT_DOWN)
                .always("", () -> setText(text - TEXT_STEP), KeyCode.SUBTRACT, KeyCombination.SHORTCUT_DOWN)
                .always("Normal text", () -> setText(1), KeyCode.DIGIT0, KeyCombination.SHORTCUT_DOWN)
                .add(
                        "Copy its report",
                        () -> onShown(toolView::copyReport),
                        KeyCode.C,
                        KeyCombination.SHORTCUT_DOWN,
                        KeyCombination.SHIFT_DOWN)
                .add("Explain a finding, or list the keys", this::explain, KeyCode.F1)
                .always("Close the window", ends.close(), KeyCode.W, KeyCombination.SHORTCUT_DOWN)
                .always("Quit the window", ends.quit(), KeyCode.Q, KeyCombination.SHORTCUT_DOWN)
                .addIf("Back", this::escape, KeyCode.ESCAPE);
    }

    private void explain() {
        Optional<ToolDetails.Finding> problem = overviewView.focusedProblem();
        problem.ifPresent(found -> dialogHost.tell(found.title(), HealthViewModel.explanation(found)));
        if (problem.isEmpty() && (shownTool().isEmpty() || !toolView.explainFocused())) {
            showKeys();
        }
    }

    private void findTool() {
        listIsPage = true;
        arrangeSides();
        sidebarView.focusSearch();
    }

    private void checkShown() {
        tools.reload();
        onShown(tool::check);
    }

    private void runOnShown(String command) {
        shownTool().ifPresent(row -> toolActions.runIfPossible(row, command));
    }

    private void onShown(Runnable run) {
        if (shownTool().isPresent()) {
            run.run();
        }
    }

    private boolean escape() {
        if (dialogHost.isOpen()) {
            dialogHost.close();
        } else if (page.getChildren().contains(toolView.root()) && tool.health().stop()) {
            return true;
        } else if (!sidebarView.clearSearch()) {
            if (page.getChildren().contains(overviewView.root())) {
                return false;
            }
            showOverview();
            sidebarView.focusList();
        }
        return true;
    }
}
