package io.github.lamplighter.window;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.util.Subscription;
import org.kordamp.ikonli.feather.Feather;

/// A tool's page: its status, the five facts, and the tabs Health, Service, Log and History.
/// Each tab has a view, a view model and an FXML file of its own.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class ToolView {

    private final ToolViewModel model;
    private final BiConsumer<ToolRow, Action> act;
    private final Consumer<ToolRow> follow;

    @FXML
    private Label name;

    @FXML
    private Label version;

    @FXML
    private HBox sentenceLine;

    @FXML
    private StackPane sentenceIcon;

    @FXML
    private Label sentence;

    @FXML
    private Label source;

    @FXML
    private FlowPane facts;

    @FXML
    private HBox updateLine;

    @FXML
    private StackPane updateIcon;

    @FXML
    private Label updateText;

    @FXML
    private Button upgrade;

    @FXML
    private HBox running;

    @FXML
    private StackPane runningIcon;

    @FXML
    private Label runningText;

    @FXML
    private Label runningDetail;

    @FXML
    private Button followButton;

    @FXML
    private HBox banner;

    @FXML
    private StackPane bannerIcon;

    @FXML
    private Label bannerText;

    @FXML
    private Label bannerDetail;

    @FXML
    private Button dismissButton;

    @FXML
    private Button open;

    @FXML
    private Button restart;

    @FXML
    private Button stop;

    @FXML
    private Button start;

    @FXML
    private MenuButton more;

    @FXML
    private MenuItem forget;

    @FXML
    private TabPane tabs;

    @FXML
    private Tab healthTab;

    @FXML
    private Tab serviceTab;

    @FXML
    private Tab logTab;

    @FXML
    private Tab historyTab;

    @FXML
    private Label usage;

    @FXML
    private HBox tried;

    @FXML
    private StackPane triedIcon;

    @FXML
    private Label triedText;

    @FXML
    private Button tryAgain;

    @FXML
    private HBox probation;

    @FXML
    private StackPane probationIcon;

    @FXML
    private Label probationText;

    @FXML
    private Button goBack;

    private final Parent root;
    private final DialogHost dialogHost;
    private final HealthView health;
    private final ServiceView service;
    private final LogView log;
    private final HistoryView history;
    private FactChips factChips;
    /// The processor time between two measurements is shown; nothing is measured while the page is not.
    private final FxTimer measuring = FxTimer.every(Duration.ofSeconds(5), this::measure);

    private Subscription watching = Subscription.EMPTY;

    /// @param follow shows the upgrade of a tool that is in progress or has just ended
    ToolView(
            ToolViewModel model,
            DialogHost dialogHost,
            WindowServices windowServices,
            BiConsumer<ToolRow, Action> act,
            Consumer<ToolRow> follow) {
        this.model = model;
        this.act = act;
        this.follow = follow;
        this.dialogHost = dialogHost;
        this.health = new HealthView(model.health(), windowServices, dialogHost, act);
        this.service = new ServiceView(model.service(), windowServices, act);
        this.log = new LogView(model.log());
        this.history = new HistoryView(model.history(), windowServices, act);
        this.root = Fxml.load(this);
    }

    Parent root() {
        return root;
    }

    @FXML
    void initialize() {
        factChips = new FactChips(facts);
        triedIcon.getChildren().setAll(StatusIcons.icon(ToolRow.Mark.WARNING));
        probationIcon.getChildren().setAll(StatusIcons.icon(ToolRow.Mark.INFO));
        usage.textProperty().bind(model.usageProperty());
        name.sceneProperty().subscribe(scene -> {
            if (scene == null) {
                measuring.stop();
            } else {
                measure();
                measuring.start();
            }
        });
        model.history().upgrades().addListener((ListChangeListener<UpgradeRecord>) _ -> fillButtons());
        updateIcon.getChildren().setAll(StatusIcons.icon(ToolRow.Mark.UPDATE));
        model.toolProperty().subscribe((before, now) -> {
            fill();
            if (!before.map(ToolRow::id).equals(now.map(ToolRow::id))) {
                tabShown(tabs.getSelectionModel().getSelectedItem());
            }
        });
        model.busyProperty().subscribe(_ -> fillButtons());
        model.upgradeProperty().subscribe(this::watchUpgrade);
        dismissButton.setGraphic(StatusIcons.icon(Feather.X, "info"));
        model.bannerProperty().subscribe(this::fillBanner);
        model.service().detailsProperty().subscribe(_ -> fillButtons());
        healthTab.setContent(health.root());
        serviceTab.setContent(service.root());
        logTab.setContent(log.root());
        historyTab.setContent(history.root());
        tabs.getSelectionModel().selectedItemProperty().subscribe(this::tabShown);
    }

    /// Explains the finding that has the focus.
    ///
    /// @return whether there was one
    boolean explainFocused() {
        return health.explainFocused();
    }

    void select(int tab) {
        tabs.getSelectionModel().select(tab);
    }

    void showLog() {
        tabs.getSelectionModel().select(logTab);
    }

    void upgrade() {
        model.toolProperty()
                .get()
                .filter(row -> row.update().isPresent())
                .ifPresent(row -> upgradeAction(row).ifPresent(action -> act.accept(row, action)));
    }

    private static Optional<Action> upgradeAction(ToolRow row) {
        return row.update().map(update -> Action.of("Upgrade to " + update.to(), "upgrade", row.id()));
    }

    @FXML
    void upgradeClicked() {
        upgrade();
    }

    /// Nobody sees it in a window that is closed and waits for its next use.
    private void measure() {
        if (name.getScene().getWindow() != null && name.getScene().getWindow().isShowing()) {
            model.measure();
        }
    }

    @FXML
    void dismiss() {
        model.dismissBanner();
        tabs.requestFocus();
    }

    @FXML
    void open() {
        with(row -> act.accept(row, Action.of("Open", "open", row.id())));
    }

    @FXML
    void restart() {
        with(row -> act.accept(row, Action.of("Restart " + row.name(), "restart", row.id())));
    }

    @FXML
    void stop() {
        with(row -> act.accept(row, Action.of("Stop " + row.name(), "stop", row.id())));
    }

    @FXML
    void start() {
        with(row -> act.accept(row, Action.of("Start " + row.name(), "start", row.id())));
    }

    @FXML
    void why() {
        model.history()
                .tried()
                .ifPresent(past ->
                        dialogHost.tell(model.triedSentence(), past.reason().orElse("No reason was recorded.")));
    }

    @FXML
    void tryAgain() {
        with(row -> model.history()
                .tried()
                .flatMap(UpgradeRecord::to)
                .ifPresent(version ->
                        act.accept(row, Action.of("Upgrade to " + version, "upgrade", row.id(), "--to", version))));
    }

    @FXML
    void goBack() {
        with(row -> row.rollback().ifPresent(action -> act.accept(row, action)));
    }

    /// Opens the report as a page with headings, for screen readers.
    @FXML
    void readAsText() {
        model.readAsText();
    }

    @FXML
    void copyReport() {
        with(row -> DialogHost.copy(row.spoken() + "\n"
                + row.report()
                        .map(report -> String.join(
                                "\n",
                                report.findings().stream()
                                        .map(ToolDetails.Finding::asText)
                                        .toList()))
                        .orElse("")));
    }

    @FXML
    void forget() {
        with(row -> act.accept(row, ToolCommands.forget(row).action()));
    }

    private void with(Consumer<ToolRow> then) {
        model.toolProperty().get().ifPresent(then);
    }

    private void tabShown(Tab tab) {
        model.log().stopFollowing();
        if (tab == logTab) {
            model.log().load();
        } else if (tab == historyTab) {
            model.history().loadKept();
        } else if (tab == serviceTab) {
            model.service().loadSetup();
        }
    }

    private void fill() {
        Optional<ToolRow> shown = model.toolProperty().get();
        if (shown.isEmpty()) {
            return;
        }
        ToolRow row = shown.get();
        if (!name.getText().equals(row.name())) {
            select(0);
        }
        name.setText(row.name());
        version.setText(row.version());
        sentence.setText(model.sentence());
        sentenceIcon.getChildren().setAll(StatusIcons.icon(row.withoutUpdate().mark()));
        sentenceLine.setAccessibleText(row.spoken());
        String from = row.report().map(ToolDetails::source).orElse("");
        source.setText(from);
        StatusIcons.show(source, !from.isEmpty());
        factChips.show(row);
        updateText.setText(model.updateSentence());
        upgrade.setText(upgradeAction(row).map(Action::label).orElse(""));
        boolean known = row.managed() && row.broken().isEmpty();
        for (Tab tab : List.of(serviceTab, logTab, historyTab)) {
            tab.setDisable(!known);
        }
        fillButtons();
    }

    private void watchUpgrade(Optional<UpgradeViewModel> upgrade) {
        watching.unsubscribe();
        watching = upgrade.map(running -> running.currentStepProperty()
                        .subscribe(() -> fillUpgrade(running))
                        .and(running.stateProperty().subscribe(() -> fillUpgrade(running))))
                .orElse(Subscription.EMPTY);
        upgrade.ifPresentOrElse(this::fillUpgrade, this::fillButtons);
    }

    private void fillUpgrade(UpgradeViewModel upgrade) {
        boolean over = upgrade.resultProperty().get().isPresent();
        if (over) {
            ToolRow.Mark mark = upgrade.resultMark();
            running.getStyleClass().setAll("banner", mark.style());
            runningIcon.getChildren().setAll(StatusIcons.icon(mark));
            runningText.setText(upgrade.resultSentence());
            runningDetail.setText(
                    upgrade.whyProperty().get().map(why -> "Reason: " + why).orElse(""));
        } else {
            running.getStyleClass().setAll("banner");
            runningIcon.getChildren().setAll(StatusIcons.spinner());
            runningText.setText(upgrade.runningSentence());
            runningDetail.setText(upgrade.currentStepProperty().get());
        }
        StatusIcons.show(runningDetail, !runningDetail.getText().isEmpty());
        followButton.setText(over ? "Show" : "Follow");
        fillButtons();
    }

    @FXML
    void follow() {
        model.toolProperty().get().ifPresent(follow);
    }

    private void fillButtons() {
        Optional<ToolRow> row = model.toolProperty().get();
        Optional<ServiceDetails> service = model.service().details();
        boolean installed = service.map(ServiceDetails::isInstalled).orElse(false);
        boolean up = service.map(ServiceDetails::isRunning)
                .orElse(row.map(ToolRow::isRunning).orElse(false));
        boolean upgrading = model.upgradeProperty()
                .get()
                .filter(UpgradeViewModel::isRunning)
                .isPresent();
        boolean busy = model.busyProperty().get() || upgrading;
        boolean isTold = !upgrading && model.history().tried().isPresent();
        StatusIcons.show(tried, isTold);
        // The line above already shows a rollback.
        StatusIcons.show(
                running,
                model.upgradeProperty()
                        .get()
                        .filter(upgrade -> !isTold
                                || upgrade.resultProperty()
                                        .get()
                                        .filter(UpgradeRecord::wasUndone)
                                        .isEmpty())
                        .isPresent());
        StatusIcons.show(
                probation, !upgrading && !isTold && !model.probationSentence().isEmpty());
        probationText.setText(model.probationSentence());
        goBack.setText(row.flatMap(ToolRow::rollback).map(Action::label).orElse(""));
        StatusIcons.show(goBack, row.flatMap(ToolRow::rollback).isPresent());
        goBack.setDisable(busy);
        triedText.setText(model.triedSentence());
        tryAgain.setDisable(busy);
        StatusIcons.show(
                updateLine,
                row.filter(shown -> shown.managed() && shown.update().isPresent())
                                .isPresent()
                        && !upgrading
                        && model.history().tried().isEmpty());
        // Whether it is a service does not change while its state is read, so that no button moves.
        boolean isService = installed || row.map(ToolRow::expectedRunning).orElse(false);
        for (Button button : List.of(open, restart)) {
            StatusIcons.show(button, isService);
        }
        StatusIcons.show(stop, isService && up);
        StatusIcons.show(start, isService && !up);
        Optional<String> reason = service.isPresent() && !installed
                ? Optional.of("No service is set up")
                : upgrading ? Optional.of("An upgrade is in progress") : Optional.empty();
        enable(open, up, "It is not running");
        enable(restart, up && !busy, reason.orElse(up ? "Another command is running" : "It is not running"));
        enable(stop, !busy, reason.orElse("Another command is running"));
        enable(start, !busy && reason.isEmpty(), reason.orElse("Another command is running"));
        StatusIcons.show(more, row.map(ToolRow::managed).orElse(false));
        forget.setVisible(row.filter(shown -> !shown.isLamplighter()).isPresent());
    }

    /// Enables a button, or disables it with a reason. The focus moves to the tabs.
    private void enable(Button button, boolean enabled, String reason) {
        boolean focused = button.isFocused();
        button.setDisable(!enabled);
        button.setAccessibleHelp(enabled ? "" : reason);
        if (focused && !enabled) {
            tabs.requestFocus();
        }
    }

    private void fillBanner(Optional<PageBanner> shown) {
        StatusIcons.show(banner, shown.isPresent());
        shown.ifPresent(said -> {
            banner.getStyleClass().setAll("banner", said.mark().style());
            bannerIcon.getChildren().setAll(StatusIcons.icon(said.mark()));
            bannerText.setText(said.title());
            bannerDetail.setText(said.detail());
            StatusIcons.show(bannerDetail, !said.detail().isEmpty());
        });
    }
}
