package io.github.lamplighter.window;

import atlantafx.base.controls.Popover;
import atlantafx.base.controls.ToggleSwitch;
import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.text.HumanTime;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TitledPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.feather.Feather;

/// A tool's page: its status, the five facts, and the tabs Health, Service, Log and History.
/// It is one class because its FXML file is one, with a controller for all tabs.
// The loader of FXML sets the fields before `initialize`.
@SuppressWarnings("NullAway.Init")
final class ToolView {

    private final ToolViewModel model;
    private final DialogHost dialogHost;
    private final InstantSource clock;
    private final HumanFormat humanFormat;
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
    private TabPane tabs;

    @FXML
    private Tab serviceTab;

    @FXML
    private Tab logTab;

    @FXML
    private Tab historyTab;

    @FXML
    private Label checked;

    @FXML
    private Button checkAgain;

    @FXML
    private VBox groups;

    @FXML
    private Label serviceState;

    @FXML
    private Label serviceMessage;

    @FXML
    private VBox switches;

    @FXML
    private ToggleSwitch runs;

    @FXML
    private ToggleSwitch atLogin;

    @FXML
    private Button install;

    @FXML
    private Label serviceFile;

    @FXML
    private Label serviceOwner;

    @FXML
    private Label serviceWords;

    @FXML
    private ChoiceBox<ToolViewModel.LogSpan> logSpan;

    @FXML
    private ToggleButton followLog;

    @FXML
    private TextArea log;

    @FXML
    private Label logMessage;

    @FXML
    private VBox history;

    private final Parent root;
    private final Consumer<URI> browse;
    private final Map<String, Boolean> unfolded = new HashMap<>();
    private boolean showing;
    private Subscription watching = Subscription.EMPTY;

    /// @param follow shows the upgrade of a tool that is in progress or has just ended
    ToolView(
            ToolViewModel model,
            DialogHost dialogHost,
            WindowServices windowServices,
            BiConsumer<ToolRow, Action> act,
            Consumer<ToolRow> follow) {
        this.model = model;
        this.dialogHost = dialogHost;
        this.clock = windowServices.clock();
        this.humanFormat = windowServices.humanFormat();
        this.browse = windowServices.browse();
        this.act = act;
        this.follow = follow;
        this.root = Fxml.load(this);
    }

    Parent root() {
        return root;
    }

    @FXML
    void initialize() {
        updateIcon.getChildren().setAll(StatusIcons.icon(ToolRow.Mark.UPDATE));
        model.toolProperty().subscribe((before, now) -> {
            fill();
            if (!before.map(ToolRow::id).equals(now.map(ToolRow::id))) {
                tabShown(tabs.getSelectionModel().getSelectedItem());
            }
        });
        logSpan.getItems().setAll(ToolViewModel.LogSpan.values());
        logSpan.setValue(ToolViewModel.LogSpan.LAST_300);
        logSpan.valueProperty().addListener((_, _, span) -> model.show(span));
        model.followsLogProperty().subscribe(follows -> {
            followLog.setSelected(follows);
            followLog.setGraphic(StatusIcons.icon(follows ? Feather.PAUSE : Feather.PLAY, "info"));
        });
        model.checkingProperty().subscribe(checking -> {
            checkAgain.setDisable(checking);
            groups.pseudoClassStateChanged(javafx.css.PseudoClass.getPseudoClass("checking"), checking);
            checked.setText(model.checkedSentence());
        });
        model.busyProperty().subscribe(_ -> fillButtons());
        model.upgradeProperty().subscribe(this::watchUpgrade);
        model.bannerProperty().subscribe(this::fillBanner);
        model.serviceProperty().subscribe(_ -> {
            fillService();
            fillButtons();
        });
        model.logProperty().subscribe(this::fillLog);
        model.historyReadProperty().subscribe(_ -> fillHistory());
        model.history().addListener((ListChangeListener<UpgradeRecord>) _ -> fillHistory());
        tabs.getSelectionModel().selectedItemProperty().subscribe(this::tabShown);
        // Not `subscribe`, which calls at once: only a click may change anything.
        runs.selectedProperty().addListener((_, _, wanted) -> {
            if (!showing) {
                flip(wanted ? "start" : "stop", wanted ? "Start" : "Stop");
            }
        });
        atLogin.selectedProperty().addListener((_, _, wanted) -> {
            if (!showing) {
                flip(wanted ? "enable" : "disable", wanted ? "Start at login" : "Do not start at login");
            }
        });
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

    @FXML
    void checkAgain() {
        model.check();
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
    void install() {
        with(row -> act.accept(row, Action.of("Set up a service for " + row.name(), "service", "install", row.id())));
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
    void followLog() {
        if (followLog.isSelected()) {
            model.followLog();
        } else {
            model.stopFollowing();
        }
    }

    private void flip(String command, String text) {
        with(row -> model.run(Action.of(text, "service", command, row.id())));
    }

    private void with(Consumer<ToolRow> then) {
        model.toolProperty().get().ifPresent(then);
    }

    private void tabShown(Tab tab) {
        model.stopFollowing();
        if (tab == logTab) {
            model.loadLog();
        } else if (tab == historyTab) {
            model.loadHistory();
        } else if (tab == serviceTab) {
            model.loadService();
        }
    }

    private void fill() {
        Optional<ToolRow> shown = model.toolProperty().get();
        if (shown.isEmpty()) {
            return;
        }
        ToolRow row = shown.get();
        if (!name.getText().equals(row.name())) {
            unfolded.clear();
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
        fillFacts(row);
        updateText.setText(model.updateSentence());
        upgrade.setText(upgradeAction(row).map(Action::label).orElse(""));
        checked.setText(model.checkedSentence());
        boolean known = row.managed() && row.broken().isEmpty();
        StatusIcons.show(checkAgain, known);
        StatusIcons.show(checked, known);
        checkAgain.setText(row.report().isPresent() ? "Check again" : "Check now");
        for (Tab tab : List.of(serviceTab, logTab, historyTab)) {
            tab.setDisable(!known);
        }
        fillGroups(row);
        fillButtons();
    }

    private void watchUpgrade(Optional<UpgradeViewModel> upgrade) {
        watching.unsubscribe();
        watching = upgrade.map(running -> running.currentStepProperty()
                        .subscribe(() -> fillUpgrade(running))
                        .and(running.stateProperty().subscribe(() -> fillUpgrade(running))))
                .orElse(Subscription.EMPTY);
        upgrade.ifPresentOrElse(this::fillUpgrade, () -> {
            StatusIcons.show(running, false);
            fillButtons();
        });
    }

    private void fillUpgrade(UpgradeViewModel upgrade) {
        boolean over = upgrade.resultProperty().get().isPresent();
        StatusIcons.show(running, true);
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
        Optional<ServiceDetails> service = model.serviceProperty().get();
        boolean installed = service.map(ServiceDetails::isInstalled).orElse(false);
        boolean up = service.map(ServiceDetails::isRunning).orElse(false);
        boolean upgrading = model.upgradeProperty()
                .get()
                .filter(UpgradeViewModel::isRunning)
                .isPresent();
        boolean busy = model.busyProperty().get() || upgrading;
        StatusIcons.show(
                updateLine,
                row.filter(shown -> shown.managed() && shown.update().isPresent())
                                .isPresent()
                        && !upgrading);
        StatusIcons.show(open, up);
        StatusIcons.show(restart, installed && up);
        StatusIcons.show(stop, installed && up);
        StatusIcons.show(start, installed && !up);
        StatusIcons.show(more, row.map(ToolRow::managed).orElse(false));
        for (Node node : List.of(restart, stop, start, install, runs, atLogin)) {
            node.setDisable(busy);
        }
    }

    private void fillFacts(ToolRow row) {
        facts.getChildren().clear();
        row.report().ifPresent(report -> {
            for (ToolDetails.FactName fact : ToolDetails.FactName.values()) {
                if (!row.expectedRunning() && fact != ToolDetails.FactName.INSTALLED) {
                    continue;
                }
                Optional.ofNullable(report.facts().get(fact))
                        .ifPresent(value -> facts.getChildren().add(fact(fact, value)));
            }
        });
        StatusIcons.show(facts, !facts.getChildren().isEmpty());
    }

    private Button fact(ToolDetails.FactName fact, ToolDetails.Fact value) {
        String role = value.value().map(known -> known ? "ok" : "failure").orElse("unknown");
        Feather shape =
                value.value().map(known -> known ? Feather.CHECK : Feather.X).orElse(Feather.HELP_CIRCLE);
        Button button = new Button(fact.title(), StatusIcons.icon(shape, role));
        button.getStyleClass().addAll("fact", role);
        button.setAccessibleText(fact.title() + ": " + value.word());
        button.setOnAction(_ -> {
            VBox details = new VBox(StatusIcons.label(fact.title() + ": " + value.word(), "name"));
            List<String> lines = value.evidence().isEmpty() ? List.of("No details recorded") : value.evidence();
            lines.forEach(line -> details.getChildren().add(StatusIcons.wrapped(line, "evidence")));
            details.getStyleClass().add("popover-details");
            Popover popover = new Popover(details);
            popover.setHeaderAlwaysVisible(false);
            popover.setDetachable(false);
            popover.setArrowLocation(Popover.ArrowLocation.TOP_CENTER);
            popover.show(button);
        });
        return button;
    }

    private void fillBanner(Optional<ToolViewModel.Banner> shown) {
        StatusIcons.show(banner, shown.isPresent());
        shown.ifPresent(said -> {
            banner.getStyleClass().setAll("banner", said.mark().style());
            bannerIcon.getChildren().setAll(StatusIcons.icon(said.mark()));
            bannerText.setText(said.title());
            bannerDetail.setText(said.detail());
            StatusIcons.show(bannerDetail, !said.detail().isEmpty());
        });
    }

    private void fillGroups(ToolRow row) {
        groups.getChildren().clear();
        List<ToolDetails.Finding> findings =
                row.report().map(ToolDetails::findings).orElse(List.of());
        if (row.broken().isPresent()) {
            groups.getChildren().addAll(broken(row, row.broken().get()));
        } else if (!row.managed()) {
            groups.getChildren()
                    .add(StatusIcons.wrapped("This tool is not managed yet. To manage it, run:", "text-muted"));
            groups.getChildren().add(copyLine("lamplighter add " + row.id()));
        }
        for (Group group : Group.values()) {
            List<ToolDetails.Finding> own = findings.stream()
                    .filter(finding -> finding.group() == group)
                    .toList();
            if (!own.isEmpty()) {
                groups.getChildren().add(group(row, group, own));
            }
        }
    }

    private List<Node> broken(ToolRow row, ToolRow.Broken broken) {
        List<Node> nodes = new ArrayList<>();
        String file = humanFormat.path(broken.file());
        String place = broken.line() > 0 ? "%s:%d:%d".formatted(file, broken.line(), broken.column()) : file;
        nodes.add(StatusIcons.wrapped(place + ": " + broken.why(), "text-muted"));
        Button button = new Button("Open " + file);
        button.setOnAction(_ -> browse.accept(Path.of(broken.file()).toUri()));
        nodes.add(button);
        nodes.add(StatusIcons.wrapped(
                "Lamplighter can't check, upgrade or start %s until the manifest is fixed. To see the problem, run:"
                        .formatted(row.name()),
                "text-muted"));
        nodes.add(copyLine("lamplighter manifest lint " + row.id()));
        return nodes;
    }

    private TitledPane group(ToolRow row, Group group, List<ToolDetails.Finding> findings) {
        long problems =
                findings.stream().filter(ToolDetails.Finding::needsAttention).count();
        VBox lines = new VBox();
        lines.getStyleClass().add("findings");
        findings.forEach(finding -> lines.getChildren().add(finding(row, finding)));
        TitledPane pane = new TitledPane();
        pane.setContent(lines);
        pane.getStyleClass().addAll("dense", "group");
        pane.setAnimated(false);
        String title = group == Group.OWN_DOCTOR ? row.name() + "'s own doctor" : group.title();
        HBox header = new HBox(StatusIcons.label(title, "group-title"), space(), tally(findings));
        header.getStyleClass().add("group-header");
        header.prefWidthProperty().bind(pane.widthProperty().subtract(44));
        pane.setGraphic(header);
        pane.setContentDisplay(javafx.scene.control.ContentDisplay.GRAPHIC_ONLY);
        pane.setExpanded(unfolded.getOrDefault(group.word(), problems > 0));
        pane.expandedProperty().subscribe(open -> {
            if (open != (problems > 0)) {
                unfolded.put(group.word(), open);
            }
        });
        pane.setAccessibleText(title);
        return pane;
    }

    private static HBox tally(List<ToolDetails.Finding> findings) {
        long problems = count(findings, finding -> finding.needsAttention() && finding.severity() != Severity.WARNING);
        long warnings = count(findings, ToolDetails.Finding::needsAttention) - problems;
        long unknown = count(findings, finding -> !finding.ignored() && finding.severity() == Severity.UNKNOWN);
        long ignored = count(findings, ToolDetails.Finding::ignored);
        List<String> parts = new ArrayList<>();
        if (problems > 0) {
            parts.add(HumanFormat.count(problems, "problem", "problems"));
        }
        if (warnings > 0) {
            parts.add(HumanFormat.count(warnings, "warning", "warnings"));
        }
        if (parts.isEmpty()) {
            parts.add(
                    unknown > 0
                            ? "%d of %d could not be checked".formatted(unknown, findings.size())
                            : HumanFormat.count(findings.size(), "check", "checks"));
        }
        if (ignored > 0) {
            parts.add(ignored + " ignored");
        }
        ToolRow.Mark mark = problems > 0
                ? ToolRow.Mark.FAILURE
                : warnings > 0 ? ToolRow.Mark.WARNING : unknown > 0 ? ToolRow.Mark.UNKNOWN : ToolRow.Mark.OK;
        String text = String.join(", ", parts);
        HBox tally = new HBox(StatusIcons.icon(mark), StatusIcons.label(text, "meta"));
        tally.getStyleClass().add("tally");
        return tally;
    }

    private static long count(List<ToolDetails.Finding> findings, Predicate<ToolDetails.Finding> matching) {
        return findings.stream().filter(matching).count();
    }

    private Region finding(ToolRow row, ToolDetails.Finding finding) {
        ToolRow.Mark mark = StatusIcons.of(finding.severity());
        StackPane icon = new StackPane(StatusIcons.icon(mark));
        icon.getStyleClass().add("icon-box");
        VBox text = new VBox();
        text.getStyleClass().add("finding-text");
        HBox.setHgrow(text, Priority.ALWAYS);
        String ignored = finding.ignored() ? " (ignored)" : "";
        text.getChildren().add(StatusIcons.wrapped(finding.title() + ignored, "finding-title"));
        List<String> below = new ArrayList<>();
        below.add(mark.word());
        finding.since()
                .filter(_ -> finding.needsAttention())
                .ifPresent(since -> below.add(humanFormat.since(since, clock.instant())));
        Label meta = StatusIcons.label(String.join(" · ", below), "meta", mark.style());
        boolean titleSaysSo = finding.title().startsWith("Could not");
        if (finding.needsAttention() || mark == ToolRow.Mark.UNKNOWN && !titleSaysSo) {
            text.getChildren().add(meta);
        }
        finding.effect().ifPresent(effect -> text.getChildren().add(StatusIcons.wrapped(effect, "text-muted")));
        finding.notes().forEach(note -> text.getChildren().add(StatusIcons.wrapped(note, "text-muted")));
        finding.copies().forEach(copy -> text.getChildren().add(copyLine(copy.text())));
        if (!finding.evidence().isEmpty()) {
            text.getChildren().add(evidence(finding));
        }
        HBox line = new HBox(icon, text);
        line.getStyleClass().addAll("finding", mark.style());
        if (!finding.ignored()) {
            finding.actions().stream()
                    .filter(action -> finding.severity() != Severity.OK)
                    .map(action -> remedy(row, action))
                    .forEach(line.getChildren()::add);
        }
        line.getChildren().add(menu(row, finding));
        line.setAccessibleText(mark.word() + ": " + finding.title());
        return line;
    }

    private Button remedy(ToolRow row, Action action) {
        Button button = new Button(action.label());
        button.getStyleClass().add("remedy");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.disableProperty().bind(model.busyProperty());
        button.setOnAction(_ -> act.accept(row, action));
        return button;
    }

    private static TitledPane evidence(ToolDetails.Finding finding) {
        VBox lines = new VBox();
        lines.getStyleClass().add("evidence-lines");
        finding.evidence().forEach(text -> lines.getChildren().add(StatusIcons.wrapped(text, "evidence")));
        TitledPane fold = new TitledPane("Details", lines);
        fold.getStyleClass().addAll("dense", "fold");
        fold.setAnimated(false);
        fold.setExpanded(false);
        return fold;
    }

    private MenuButton menu(ToolRow row, ToolDetails.Finding finding) {
        MenuItem copy = new MenuItem("Copy");
        copy.setOnAction(_ -> DialogHost.copy(finding.asText()));
        MenuItem ignore = new MenuItem(finding.ignored() ? "Stop ignoring" : "Ignore until it changes");
        ignore.setOnAction(_ -> model.run(
                finding.ignored()
                        ? Action.of("Stop ignoring", "unignore", row.id(), finding.id())
                        : Action.of("Ignore until it changes", "ignore", row.id(), finding.id(), "--until", "change")));
        MenuButton menu = new MenuButton("", StatusIcons.icon(Feather.MORE_HORIZONTAL, "info"), copy);
        if (finding.ignored() || finding.needsAttention()) {
            menu.getItems().add(ignore);
        }
        menu.getStyleClass().addAll("button-icon", "flat", "dots");
        menu.setAccessibleText("More actions for: " + finding.title());
        menu.setMinWidth(Region.USE_PREF_SIZE);
        return menu;
    }

    private static HBox copyLine(String command) {
        Label text = StatusIcons.wrapped(command, "evidence");
        Button copy = new Button("Copy");
        copy.getStyleClass().addAll("small", "flat");
        copy.setMinWidth(Region.USE_PREF_SIZE);
        copy.setOnAction(_ -> {
            DialogHost.copy(command);
            copy.setText("Copied");
        });
        HBox line = new HBox(text, copy);
        line.getStyleClass().add("copy-line");
        return line;
    }

    private void fillService() {
        Optional<ServiceDetails> known = model.serviceProperty().get();
        serviceState.setText(known.map(details -> details.sentence(humanFormat, clock.instant()))
                .orElse("Checking the service…"));
        Optional<String> unavailable = known.flatMap(ServiceDetails::unavailable);
        serviceMessage.setText(unavailable.orElse(""));
        StatusIcons.show(serviceMessage, unavailable.isPresent());
        boolean installed = known.map(ServiceDetails::isInstalled).orElse(false);
        StatusIcons.show(switches, installed || unavailable.isPresent());
        switches.setDisable(unavailable.isPresent());
        StatusIcons.show(
                install,
                known.map(details -> details.state().equals("not-installed")).orElse(false));
        showing = true;
        runs.setSelected(known.map(ServiceDetails::isRunning).orElse(false));
        atLogin.setSelected(known.flatMap(ServiceDetails::atLogin).orElse(false));
        showing = false;
        put(serviceFile, known.flatMap(ServiceDetails::file).map(humanFormat::path));
        put(serviceOwner, known.map(ServiceDetails::ownerSentence).filter(text -> !text.isEmpty()));
        put(serviceWords, known.flatMap(ServiceDetails::words).map(said -> "Service manager: " + said));
    }

    private static void put(Label label, Optional<String> text) {
        label.setText(text.orElse(""));
        StatusIcons.show(label, text.isPresent());
    }

    private void fillLog(Optional<CliClient.Lines> lines) {
        String text = lines.map(said -> String.join("\n", said.lines())).orElse("");
        log.setText(text);
        log.positionCaret(text.length());
        StatusIcons.show(log, !text.isEmpty());
        logMessage.setText(lines.map(said -> said.problem().isEmpty() ? "No log entries yet" : said.problem())
                .orElse("Loading the log…"));
        StatusIcons.show(logMessage, text.isEmpty());
    }

    private void fillHistory() {
        history.getChildren().clear();
        if (model.history().isEmpty()) {
            history.getChildren()
                    .add(StatusIcons.label(
                            model.historyReadProperty().get() ? "No upgrades yet" : "Loading the history…",
                            "text-muted"));
        }
        model.history().forEach(past -> {
            ToolRow.Mark mark = past.succeeded()
                    ? ToolRow.Mark.OK
                    : past.needsRepair() ? ToolRow.Mark.FAILURE : ToolRow.Mark.WARNING;
            StackPane icon = new StackPane(StatusIcons.icon(mark));
            icon.getStyleClass().add("icon-box");
            VBox text = new VBox(StatusIcons.wrapped(past.line(), "finding-title"));
            past.reason()
                    .filter(_ -> !past.succeeded())
                    .ifPresent(reason -> text.getChildren().add(StatusIcons.wrapped(reason, "text-muted")));
            HBox.setHgrow(text, Priority.ALWAYS);
            List<String> facts = new ArrayList<>();
            past.downtime()
                    .filter(down -> !down.isZero())
                    .ifPresent(down -> facts.add("down for " + HumanTime.duration(down)));
            past.startedAt().ifPresent(at -> facts.add(humanFormat.at(at, clock.instant())));
            Label meta = StatusIcons.label(String.join(" · ", facts), "meta");
            meta.setMinWidth(Region.USE_PREF_SIZE);
            HBox line = new HBox(icon, text, meta);
            if (past.equals(model.history().getFirst())) {
                model.toolProperty()
                        .get()
                        .flatMap(row -> past.rollback(row.id()).map(back -> remedy(row, back)))
                        .ifPresent(line.getChildren()::add);
            }
            line.getStyleClass().add("finding");
            history.getChildren().add(line);
        });
    }

    private static Region space() {
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        return space;
    }
}
