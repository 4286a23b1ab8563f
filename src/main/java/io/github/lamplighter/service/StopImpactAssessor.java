package io.github.lamplighter.service;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.readiness.SessionCounter;
import io.github.lamplighter.readiness.SessionCounter.Count;
import io.github.lamplighter.service.CoResidentProcesses.CoResident;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Sessions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds what else a stop of a service would end: other programs and open sessions. Called before every stop.
public final class StopImpactAssessor {

    private static final int MOST_NAMED = 3;
    private static final int LONGEST_COMMAND = 80;

    private final ServiceManager manager;
    private final SessionCounter sessions;
    private final AppDirectories directories;

    public StopImpactAssessor(ServiceManager manager, SessionCounter sessions, AppDirectories directories) {
        this.manager = manager;
        this.sessions = sessions;
        this.directories = directories;
    }

    /// What a stop would end besides the service.
    ///
    /// @param pids of other programs
    /// @param sessions the number of open sessions
    /// @param sentence names both, and what could not be counted; empty if a stop ends nothing else
    public record StopImpact(Set<Long> pids, int sessions, String sentence) {

        public static final StopImpact NONE = new StopImpact(Set.of(), 0, "");

        public StopImpact {
            pids = Set.copyOf(pids);
        }

        public boolean isNone() {
            return sentence.isEmpty();
        }

        /// Whether it goes beyond what the user confirmed: another program, more sessions, or a count that
        /// failed.
        public boolean exceeds(StopImpact agreed) {
            return !agreed.pids.containsAll(pids) || sessions > agreed.sessions || (agreed.isNone() && !isNone());
        }
    }

    /// What else would end, as a sentence to confirm; empty if nothing would, and for a service without a
    /// process.
    public Optional<String> of(Manifest manifest, String unit) {
        return of(manifest, unit, Optional.empty());
    }

    /// The same for a stop with a new service file, which the manager reads before the stop.
    ///
    /// @param killMode `KillMode=` in that file
    public Optional<String> of(Manifest manifest, String unit, Optional<String> killMode) {
        return Optional.of(stopImpact(manifest, unit, killMode).sentence()).filter(sentence -> !sentence.isEmpty());
    }

    /// The same, to compare with what the user confirmed earlier.
    public StopImpact stopImpact(Manifest manifest, String unit) {
        return stopImpact(manifest, unit, Optional.empty());
    }

    private StopImpact stopImpact(Manifest manifest, String unit, Optional<String> killMode) {
        if (unit.startsWith(ForeignUnit.SYSTEM)) {
            return StopImpact.NONE;
        }
        ServiceState state = manager.state(unit);
        if (state.pid().isEmpty()) {
            return StopImpact.NONE;
        }
        CoResidentProcesses coResidents = manager.coResidents(unit);
        String word = killMode.filter(_ -> coResidents.replaceable()).orElse(coResidents.killMode());
        List<CoResident> guests = CoResidentProcesses.killsCoResidents(word) ? coResidents.processes() : List.of();
        List<String> harm = new ArrayList<>();
        if (!guests.isEmpty()) {
            harm.add(named(guests, word));
        }
        // Sessions of another program (tmux) are in its own processes, which are co-residents or outside the service.
        Optional<Count> counted = manifest.sessions()
                .filter(asked -> isInService(manifest, asked) || !guests.isEmpty())
                .map(asked -> sessions.count(asked, manifest.endpoint(), described(manifest)));
        counted.flatMap(count -> sentence(manifest, count)).ifPresent(harm::add);
        return new StopImpact(
                guests.stream().map(CoResident::pid).collect(Collectors.toSet()),
                counted.filter(Count.Open.class::isInstance)
                        .map(Count.Open.class::cast)
                        .map(Count.Open::number)
                        .orElse(0),
                String.join(" ", harm));
    }

    private String named(List<CoResident> guests, String killMode) {
        String names = guests.stream()
                .limit(MOST_NAMED)
                .map(coResident -> "%s (pid %d)".formatted(shortened(coResident.command()), coResident.pid()))
                .collect(Collectors.joining(", "));
        String rest = guests.size() > MOST_NAMED ? " and %d more".formatted(guests.size() - MOST_NAMED) : "";
        return "%s would also stop: %s%s%s."
                .formatted(
                        guests.size() == 1 ? "Another program" : guests.size() + " other programs",
                        names,
                        rest,
                        killMode.isEmpty() ? "" : " (KillMode=%s)".formatted(killMode));
    }

    private String shortened(String command) {
        String plain = directories.display(LogLine.plain(command));
        return plain.length() > LONGEST_COMMAND ? plain.substring(0, LONGEST_COMMAND) + "…" : plain;
    }

    private static boolean isInService(Manifest manifest, Sessions asked) {
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

    private static Optional<String> sentence(Manifest manifest, Count count) {
        return switch (count) {
            case Count.Open(int number, String source)
            when number > 0 ->
                Optional.of(
                        "%s open (%s).".formatted(number == 1 ? "One session is" : number + " sessions are", source));
            case Count.Open _ -> Optional.empty();
            // A service that does not respond has no usable session.
            case Count.NotCounted _
            when manifest.sessions()
                    .filter(Sessions.FromEndpoint.class::isInstance)
                    .isPresent() -> Optional.empty();
            case Count.NotCounted(String source, String why) ->
                Optional.of("Could not count open sessions (%s): %s".formatted(source, why));
        };
    }

    /// The actual values of the variables that the manifest names.
    private Map<String, String> described(Manifest manifest) {
        List<String> names =
                manifest.service().map(Manifest.Service::variableNames).orElse(List.of());
        String unit = new UnitResolver(manager).of(manifest);
        return names.isEmpty()
                ? Map.of()
                : manager.variables(unit).map(given -> given.of(names)).orElse(Map.of());
    }
}
