package io.github.lamplighter.window;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// The upgrades of this window and those that run elsewhere, with their dialogs. An upgrade in progress is shown again,
/// never started twice.
final class UpgradeDialogs {

    /// What the window does for the dialogs.
    ///
    /// @param skipped called with a tool and the version that is ignored now
    /// @param act runs an action, with a confirmation if it needs one
    /// @param upgraded called after an upgrade of a tool, whatever its result
    /// @param changed called when an upgrade begins or ends
    record Page(
            Consumer<ToolRow> showLog,
            Consumer<String> skipped,
            BiConsumer<ToolRow, Action> act,
            Consumer<ToolRow> upgraded,
            Runnable changed) {}

    private final WindowServices windowServices;
    private final ToolsViewModel tools;
    private final DialogHost dialogHost;
    private final Page page;

    /// By tool: the upgrades in progress, and those whose result was not shown yet.
    private final Map<String, UpgradeViewModel> upgrades = new LinkedHashMap<>();

    private Optional<UpgradeAllViewModel> upgradeAll = Optional.empty();

    UpgradeDialogs(WindowServices windowServices, ToolsViewModel tools, DialogHost dialogHost, Page page) {
        this.windowServices = windowServices;
        this.tools = tools;
        this.dialogHost = dialogHost;
        this.page = page;
    }

    /// The upgrade of a tool that is in progress, or whose result was not shown yet.
    Optional<UpgradeViewModel> of(String id) {
        return Optional.ofNullable(upgrades.get(id))
                .filter(model ->
                        model.isRunning() || model.resultProperty().get().isPresent());
    }

    List<UpgradeViewModel> running() {
        return upgrades.values().stream().filter(UpgradeViewModel::isRunning).toList();
    }

    /// Plans an upgrade to the newest version.
    void open(ToolRow row) {
        open(row, Optional.empty());
    }

    /// @param version the wanted one; empty is the newest
    void open(ToolRow row, Optional<String> version) {
        // The user wants another upgrade, not the result of the last one.
        upgrades.values()
                .removeIf(model -> model.tool().id().equals(row.id())
                        && model.resultProperty().get().isPresent());
        show(row, version);
    }

    /// Shows the upgrade of a tool that is in progress, or whose result was not shown yet.
    void follow(ToolRow row) {
        show(row, Optional.empty());
    }

    private void show(ToolRow row, Optional<String> version) {
        UpgradeViewModel model = upgrades.computeIfAbsent(row.id(), _ -> {
            UpgradeViewModel fresh = new UpgradeViewModel(
                    windowServices, row, version, () -> page.upgraded().accept(row));
            fresh.makePlan();
            return fresh;
        });
        UpgradeView dialog = new UpgradeView(
                model,
                windowServices.humanFormat(),
                dialogHost::close,
                page.showLog(),
                windowServices.browse(),
                () -> page.skipped().accept(model.to().orElse("This version")),
                page.act());
        dialogHost.show(dialog.root(), () -> closed(row.id(), model));
    }

    private void closed(String id, UpgradeViewModel model) {
        if (!model.isRunning()) {
            upgrades.remove(id, model);
        }
        page.changed().run();
    }

    /// Finds the upgrades that were started elsewhere, and shows them like those from this window.
    void find() {
        windowServices.taskExecutor().run(windowServices.upgrades()::running, found -> {
            for (UpgradeFeed.Running running : found) {
                boolean known = Optional.ofNullable(upgrades.get(running.tool()))
                        .filter(UpgradeViewModel::isRunning)
                        .isPresent();
                tools.tool(running.tool()).filter(_ -> !known).ifPresent(row -> {
                    UpgradeViewModel model = new UpgradeViewModel(
                            windowServices, row, () -> page.upgraded().accept(row));
                    upgrades.put(row.id(), model);
                    model.follow(running);
                });
            }
            page.changed().run();
        });
    }

    /// One plan for all updates. Upgrades in progress are shown again, never started twice.
    void openAll() {
        if (upgradeAll.isEmpty() && tools.updates().isEmpty()) {
            return;
        }
        UpgradeAllViewModel model = upgradeAll.orElseGet(() -> {
            UpgradeAllViewModel fresh =
                    new UpgradeAllViewModel(windowServices, List.copyOf(tools.updates()), tools::reload);
            fresh.makePlan();
            return fresh;
        });
        upgradeAll = Optional.of(model);
        dialogHost.show(new UpgradeAllView(model, dialogHost::close).root(), () -> {
            if (model.stateProperty().get() != UpgradeAllViewModel.State.RUNNING) {
                upgradeAll = Optional.empty();
            }
        });
    }
}
