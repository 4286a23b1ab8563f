package io.github.lamplighter.service;

import io.github.lamplighter.readiness.LiveSessions;
import io.github.lamplighter.readiness.LiveSessions.Count;
import io.github.lamplighter.service.Company.Guest;
import io.github.lamplighter.service.ServiceManager.LogLine;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Sessions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a stop of a service would end that is not the service itself: asked before anything is stopped.
public final class Interruption {

    private static final int NAMED = 3;
    private static final int WIDTH = 80;

    private final ServiceManager manager;
    private final LiveSessions sessions;

    public Interruption(ServiceManager manager, LiveSessions sessions) {
        this.manager = manager;
        this.sessions = sessions;
    }

    /// What else would end, as a sentence to agree to; empty when nothing would, and for a service without a process.
    public Optional<String> of(Manifest manifest, String unit) {
        return of(manifest, unit, Optional.empty());
    }

    /// The same for a stop under a new service file, which the manager reads before it stops anything.
    ///
    /// @param killMode the word in that file
    public Optional<String> of(Manifest manifest, String unit, Optional<String> killMode) {
        if (unit.startsWith(ForeignUnit.SYSTEM)) {
            return Optional.empty();
        }
        ServiceState state = manager.state(unit);
        if (state.pid().isEmpty()) {
            return Optional.empty();
        }
        Company company = manager.company(unit);
        String word = killMode.filter(_ -> company.replaceable()).orElse(company.killMode());
        boolean ends = Company.endsGuests(word);
        List<String> harm = new ArrayList<>();
        if (ends && !company.guests().isEmpty()) {
            harm.add(named(company.guests(), word));
        }
        // Sessions of another program (tmux) live in its own processes: those are the guests, or they are elsewhere.
        manifest.sessions()
                .filter(asked ->
                        liveIn(manifest, asked) || (ends && !company.guests().isEmpty()))
                .flatMap(asked -> counted(manifest, asked))
                .ifPresent(harm::add);
        return harm.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", harm));
    }

    private static String named(List<Guest> guests, String killMode) {
        String names = guests.stream()
                .limit(NAMED)
                .map(guest -> "%s (pid %d)".formatted(shortened(guest.command()), guest.pid()))
                .collect(Collectors.joining(", "));
        String rest = guests.size() > NAMED ? " and %d more".formatted(guests.size() - NAMED) : "";
        return "%s would end with it: %s%s%s."
                .formatted(
                        guests.size() == 1 ? "Another program" : guests.size() + " other programs",
                        names,
                        rest,
                        killMode.isEmpty() ? "" : " (KillMode=%s)".formatted(killMode));
    }

    private static String shortened(String command) {
        String plain = LogLine.plain(command);
        return plain.length() > WIDTH ? plain.substring(0, WIDTH) + "…" : plain;
    }

    private static boolean liveIn(Manifest manifest, Sessions asked) {
        return switch (asked) {
            case Sessions.FromEndpoint _ -> true;
            case Sessions.FromCommand command ->
                isOwn(manifest, Path.of(command.command().getFirst()));
        };
    }

    private static boolean isOwn(Manifest manifest, Path program) {
        return program.equals(manifest.install().program())
                || program.startsWith(manifest.install().environment())
                || program.toString().equals(manifest.command());
    }

    private Optional<String> counted(Manifest manifest, Sessions asked) {
        return switch (sessions.count(asked, manifest.endpoint(), described(manifest))) {
            case Count.Open(int number, String source)
            when number > 0 ->
                Optional.of("%s open in it (%s)."
                        .formatted(number == 1 ? "One session is" : number + " sessions are", source));
            case Count.Open _ -> Optional.empty();
            // What does not answer has no session that anybody could use.
            case Count.NotCounted _ when asked instanceof Sessions.FromEndpoint -> Optional.empty();
            case Count.NotCounted(String source, String why) ->
                Optional.of("Its sessions could not be counted (%s): %s".formatted(source, why));
        };
    }

    /// The variables of its service that its description names, as they really are.
    private Map<String, String> described(Manifest manifest) {
        List<String> names =
                manifest.service().map(Manifest.Service::variableNames).orElse(List.of());
        String unit = new ServiceUnits(manager).of(manifest);
        return names.isEmpty()
                ? Map.of()
                : manager.variables(unit).map(given -> given.of(names)).orElse(Map.of());
    }
}
