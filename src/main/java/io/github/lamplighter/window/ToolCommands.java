package io.github.lamplighter.window;

import io.github.lamplighter.service.ServiceState.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The commands that are offered for a tool in the list, in menus and in the command palette. Each is always there;
/// one that is not possible now says why.
final class ToolCommands {

    private ToolCommands() {}

    /// @param reason why it is not possible now
    record Offer(Action action, Optional<String> reason) {

        boolean isPossible() {
            return reason.isEmpty();
        }

        String label() {
            return action.label() + reason.map(" (%s)"::formatted).orElse("");
        }
    }

    static List<Offer> of(ToolRow row) {
        List<Offer> offers = new ArrayList<>();
        if (!row.managed()) {
            offers.add(new Offer(Action.of("Manage", "add", row.id()), Optional.empty()));
            return offers;
        }
        if (row.isLamplighter()) {
            upgrade(row).ifPresent(offers::add);
            return offers;
        }
        if (row.broken().isPresent()) {
            offers.add(forget(row));
            return offers;
        }
        boolean isService = row.tool().expected() != io.github.lamplighter.tool.Manifest.Expected.COMMAND;
        if (isService) {
            if (row.manifest().flatMap(manifest -> manifest.endpoint()).isPresent()) {
                offers.add(new Offer(Action.of("Open in browser", "open", row.id()), down(row)));
            }
            offers.add(new Offer(
                    Action.of("Start", "start", row.id()), row.isUp() ? Optional.of("is running") : notSetUp(row)));
            offers.add(new Offer(Action.of("Restart", "restart", row.id()), down(row)));
            offers.add(new Offer(Action.of("Stop", "stop", row.id()), down(row)));
            offers.add(new Offer(Action.of("Show log", "logs", row.id()), Optional.empty()));
        }
        upgrade(row).ifPresent(offers::add);
        offers.add(forget(row));
        return offers;
    }

    static Offer forget(ToolRow row) {
        return new Offer(Action.of("Stop managing", "forget", row.id()), Optional.empty());
    }

    private static Optional<Offer> upgrade(ToolRow row) {
        return row.update()
                .map(update -> new Offer(
                        Action.of("Upgrade to " + update.to(), "upgrade", row.id()),
                        row.status().state() == io.github.lamplighter.status.ToolStatus.State.WORKING
                                ? Optional.of("is being upgraded")
                                : Optional.empty()));
    }

    private static Optional<String> down(ToolRow row) {
        return row.isUp() ? Optional.empty() : notSetUp(row).or(() -> Optional.of("not running"));
    }

    private static Optional<String> notSetUp(ToolRow row) {
        return row.service()
                .flatMap(state -> state.phase() == Phase.NOT_INSTALLED
                        ? Optional.of("no service set up")
                        : state.phase() == Phase.UNKNOWN ? Optional.of("no service manager") : Optional.empty());
    }
}
