package io.github.lamplighter.cli;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.service.AtLogin;
import io.github.lamplighter.service.ProcessesOutsideService.UnmanagedProcess;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.service.ServiceStatus;
import io.github.lamplighter.text.HumanTime;
import io.github.lamplighter.text.JsonTimestamps;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The state of a service, as text and as JSON: the five facts, and what the service manager reports.
final class ServiceStatusText {

    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private final AppDirectories directories;
    private final InstantSource clock;
    private final ZoneId zone;

    ServiceStatusText(AppDirectories directories, InstantSource clock, ZoneId zone) {
        this.directories = directories;
        this.clock = clock;
        this.zone = zone;
    }

    /// The five facts in one line.
    String line(ServiceStatus status) {
        return FactsText.line(
                FactsText.mark(installed(status), true),
                FactsText.mark(enabled(status), true),
                FactsText.mark(running(status), true),
                FactsText.mark(answering(status), false),
                FactsText.mark(
                        status.identityResult().flatMap(ServiceStatusText::isMine),
                        status.identityResult().isPresent()));
    }

    /// The whole state, a line each.
    ///
    /// @param lastOutput the last log lines of a service that does not stay up
    List<String> lines(ServiceStatus status, List<String> lastOutput) {
        List<String> lines = new ArrayList<>();
        ServiceState state = status.state();
        String since = state.since().map(at -> ", since " + since(at)).orElse("");
        String pid = state.pid().map(number -> ", PID " + number).orElse("");
        String by = status.stoppedByUser().isPresent() ? " by you" : "";
        lines.add(line(status.name(), state.phase().word().replace('-', ' ') + by + pid + since));
        state.sentence().ifPresent(sentence -> lines.add(line("", sentence)));
        if (!state.startedBy().isEmpty()) {
            lines.add(line(
                    "started",
                    "%s (%s)"
                            .formatted(
                                    state.startsOnConnection() ? "on the first connection" : "by another unit",
                                    String.join(", ", state.startedBy()))));
        }
        status.probeResult()
                .ifPresent(probeResult -> lines.add(line(
                        "responding",
                        switch (probeResult) {
                            case ProbeResult.Yes yes -> (yes.ready() ? "yes, " : "yes, but not ready: ") + yes.detail();
                            case ProbeResult.No no -> "no: " + no.detail();
                        })));
        status.identityResult()
                .ifPresent(identityResult -> lines.add(line(
                        "identity",
                        switch (identityResult) {
                            case IdentityResult.Yes yes -> "yes: " + detail(yes);
                            case IdentityResult.No no -> "no: " + no.detail();
                            case IdentityResult.Unknown unknown -> "could not check: " + unknown.detail();
                        })));
        if (!state.isInstalled()) {
            return lines;
        }
        lines.add(line(
                "starts at login",
                state.enabled()
                        .map(on -> "%s (%s)"
                                .formatted(on ? "yes" : "no", state.atLogin().words()))
                        .orElse(
                                state.atLogin() instanceof AtLogin.ByUnit starters
                                        ? "no (%s)".formatted(starters.words())
                                        : "could not check")));
        if (status.lingers().isPresent()) {
            lines.add(line("after logout", status.lingers().get() ? "keeps running (lingering)" : "stops"));
        }
        if (state.restarts() > 0) {
            lines.add(line("restarts", Integer.toString(state.restarts())));
        }
        state.lastExit().ifPresent(exit -> lines.add(line("last exit", exit.words())));
        state.file()
                .ifPresent(file -> lines.add(line("file", directories.display(file) + " (" + origin(status) + ")")));
        lastOutput.forEach(words -> lines.add(line("last output", words)));
        return lines;
    }

    /// A process of the tool that does not belong to the service.
    String unmanaged(UnmanagedProcess process) {
        return line(
                "other process",
                "PID %d, started by %s; not part of the service"
                        .formatted(
                                process.running().pid(), process.processOrigin().words()));
    }

    private static String origin(ServiceStatus status) {
        if (status.changedByHand()) {
            return "changed by hand";
        }
        String owner = status.state().owner().word();
        return status.drift().orElse(false) ? owner + ", differs from what `service install` would write" : owner;
    }

    private static String line(String label, String text) {
        return "%-15s %s".formatted(label, text);
    }

    private String since(Instant at) {
        return "%s (%s)".formatted(WHEN.format(at.atZone(zone)), HumanTime.age(Duration.between(at, clock.instant())));
    }

    /// The whole state, as `data` of `service status`.
    ObjectNode data(ServiceStatus status, List<String> lastOutput) {
        ServiceState state = status.state();
        boolean read = isRead(status);
        ObjectNode data = JsonFile.MAPPER.createObjectNode();
        data.put("name", status.name());
        data.put("outcome", read ? "done" : "failed");
        data.put("reason", read ? null : state.words());
        putFacts(data, status);
        data.put("state", state.phase().word());
        data.put("stoppedByUser", status.stoppedByUser().isPresent());
        state.pid().ifPresentOrElse(pid -> data.put("pid", pid), () -> data.putNull("pid"));
        state.since()
                .ifPresentOrElse(at -> data.put("since", JsonTimestamps.of(at, zone)), () -> data.putNull("since"));
        data.put("restarts", state.restarts());
        state.lastExit().ifPresentOrElse(exit -> data.put("lastExit", exit.words()), () -> data.putNull("lastExit"));
        state.file().ifPresentOrElse(file -> data.put("file", file.toString()), () -> data.putNull("file"));
        if (state.file().isPresent()) {
            data.put("owner", state.owner().word());
        } else {
            data.putNull("owner");
        }
        nullable(data, "drift", status.changedByHand() ? Optional.of(true) : status.drift());
        nullable(data, "linger", status.lingers());
        data.put("unit", state.unit());
        data.put("words", state.words());
        data.put("sentence", state.sentence().orElse(null));
        lastOutput.forEach(data.putArray("lastWords")::add);
        return data;
    }

    /// The five facts alone, as `facts`.
    void putFacts(ObjectNode data, ServiceStatus status) {
        ObjectNode facts = data.putObject("facts");
        String words = status.state().words();
        fact(facts, "installed", installed(status), words, status);
        fact(facts, "enabled", enabled(status), words, status);
        fact(facts, "running", running(status), words, status);
        fact(facts, "answering", answering(status), probeDetail(status), status);
        fact(
                facts,
                "mine",
                status.identityResult().flatMap(ServiceStatusText::isMine),
                status.identityResult().map(ServiceStatusText::detail).orElse(""),
                status);
    }

    private static boolean isRead(ServiceStatus status) {
        return status.state().phase() != Phase.UNKNOWN;
    }

    private static Optional<Boolean> installed(ServiceStatus status) {
        return isRead(status) ? Optional.of(status.state().isInstalled()) : Optional.empty();
    }

    private static Optional<Boolean> enabled(ServiceStatus status) {
        return isRead(status) && !status.state().isInstalled()
                ? Optional.of(false)
                : status.state().enabled();
    }

    private static Optional<Boolean> running(ServiceStatus status) {
        ServiceState state = status.state();
        return isRead(status) ? Optional.of(state.isRunning()) : Optional.empty();
    }

    private static Optional<Boolean> answering(ServiceStatus status) {
        return status.probeResult().map(ProbeResult.Yes.class::isInstance);
    }

    private static String probeDetail(ServiceStatus status) {
        return status.probeResult()
                .map(probeResult -> switch (probeResult) {
                    case ProbeResult.Yes yes -> yes.detail();
                    case ProbeResult.No no -> no.detail();
                })
                .orElse("");
    }

    /// The identity, and what else responds at the same address.
    private static String detail(IdentityResult identityResult) {
        return identityResult instanceof IdentityResult.Yes(String detail, Optional<String> besides)
                ? detail + besides.map("; "::concat).orElse("")
                : identityResult.detail();
    }

    private static Optional<Boolean> isMine(IdentityResult identityResult) {
        return switch (identityResult) {
            case IdentityResult.Yes _ -> Optional.of(true);
            case IdentityResult.No _ -> Optional.of(false);
            case IdentityResult.Unknown _ -> Optional.empty();
        };
    }

    private void fact(ObjectNode facts, String name, Optional<Boolean> value, String detail, ServiceStatus status) {
        ObjectNode fact = facts.putObject(name);
        nullable(fact, "value", value);
        ArrayNode evidence = fact.putArray("evidence");
        if (!detail.isEmpty()) {
            evidence.addObject().put("source", status.state().unit()).put("detail", detail);
        }
        fact.put("checkedAt", JsonTimestamps.of(status.checkedAt(), zone));
    }

    private static void nullable(ObjectNode node, String key, Optional<Boolean> value) {
        value.ifPresentOrElse(known -> node.put(key, known), () -> node.putNull(key));
    }
}
