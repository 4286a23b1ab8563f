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

/// What a stop of a service would end that is not the service itself: asked before anything is stopped.
public final class StopImpactAssessor {

    private static final int NAMED = 3;
    private static final int WIDTH = 80;

    private final ServiceManager manager;
    private final SessionCounter sessions;
    private final AppDirectories directories;

    /// @param places whose home is `~` in what is named
    public StopImpactAssessor(ServiceManager manager, SessionCounter sessions, AppDirectories directories) {
        this.manager = manager;
        this.sessions = sessions;
        this.directories = directories;
    }

    /// What a stop would end besides the service.
    ///
    /// @param pids other programs
    /// @param sessions how many are open in it
    /// @param sentence names both, and what could not be counted; empty when a stop ends nothing else
    public record StopImpact(Set<Long> pids, int sessions, String sentence) {

        public static final StopImpact NONE = new StopImpact(Set.of(), 0, "");

        public StopImpact {
            pids = Set.copyOf(pids);
        }

        public boolean isNone() {
            return sentence.isEmpty();
        }

        /// Whether it goes beyond what somebody agreed to: another program, more sessions, or a count that fell silent.
        public boolean exceeds(StopImpact agreed) {
            return !agreed.pids.containsAll(pids) || sessions > agreed.sessions || (agreed.isNone() && !isNone());
        }
    }

    /// What else would end, as a sentence to agree to; empty when nothing would, and for a service without a process.
    public Optional<String> of(Manifest manifest, String unit) {
        return of(manifest, unit, Optional.empty());
    }

    /// The same for a stop under a new service file, which the manager reads before it stops anything.
    ///
    /// @param killMode the word in that file
    public Optional<String> of(Manifest manifest, String unit, Optional<String> killMode) {
        return Optional.of(harm(manifest, unit, killMode).sentence()).filter(sentence -> !sentence.isEmpty());
    }

    /// The same, to be compared with what somebody agreed to earlier.
    public StopImpact harm(Manifest manifest, String unit) {
        return harm(manifest, unit, Optional.empty());
    }

    private StopImpact harm(Manifest manifest, String unit, Optional<String> killMode) {
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
        // Sessions of another program (tmux) live in its own processes: those are the guests, or they are elsewhere.
        Optional<Count> counted = manifest.sessions()
                .filter(asked -> liveIn(manifest, asked) || !guests.isEmpty())
                .map(asked -> sessions.count(asked, manifest.endpoint(), described(manifest)));
        counted.flatMap(count -> told(manifest, count)).ifPresent(harm::add);
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
                .limit(NAMED)
                .map(coResident -> "%s (pid %d)".formatted(shortened(coResident.command()), coResident.pid()))
                .collect(Collectors.joining(", "));
        String rest = guests.size() > NAMED ? " and %d more".formatted(guests.size() - NAMED) : "";
        return "%s would end with it: %s%s%s."
                .formatted(
                        guests.size() == 1 ? "Another program" : guests.size() + " other programs",
                        names,
                        rest,
                        killMode.isEmpty() ? "" : " (KillMode=%s)".formatted(killMode));
    }

    private String shortened(String command) {
        String plain = directories.display(LogLine.plain(command));
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

    private static Optional<String> told(Manifest manifest, Count count) {
        return switch (count) {
            case Count.Open(int number, String source)
            when number > 0 ->
                Optional.of("%s open in it (%s)."
                        .formatted(number == 1 ? "One session is" : number + " sessions are", source));
            case Count.Open _ -> Optional.empty();
            // What does not answer has no session that anybody could use.
            case Count.NotCounted _
            when manifest.sessions()
                    .filter(Sessions.FromEndpoint.class::isInstance)
                    .isPresent() -> Optional.empty();
            case Count.NotCounted(String source, String why) ->
                Optional.of("Its sessions could not be counted (%s): %s".formatted(source, why));
        };
    }

    /// The variables of its service that its description names, as they really are.
    private Map<String, String> described(Manifest manifest) {
        List<String> names =
                manifest.service().map(Manifest.Service::variableNames).orElse(List.of());
        String unit = new UnitResolver(manager).of(manifest);
        return names.isEmpty()
                ? Map.of()
                : manager.variables(unit).map(given -> given.of(names)).orElse(Map.of());
    }
}
