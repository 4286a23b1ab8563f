package io.github.lamplighter.service;

import io.github.lamplighter.readiness.ProcessOrigin;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.text.SecretDetector;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.UsageDetector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Copies of a tool that run outside any service: in a terminal, under tmux or pm2, started by cron. A service can take
/// over how one of them was started, and its place.
public final class UnmanagedProcesses {

    private final Function<Manifest.Install, List<UsageDetector.Running>> running;
    private final ProcessTable processTable;
    private final ServiceManager manager;
    private final ManifestStore manifests;
    private final Path home;

    public UnmanagedProcesses(
            Function<Manifest.Install, List<UsageDetector.Running>> running,
            ProcessTable processTable,
            ServiceManager manager,
            ManifestStore manifests,
            Path home) {
        this.running = running;
        this.processTable = processTable;
        this.manager = manager;
        this.manifests = manifests;
        this.home = home;
    }

    /// @param running its process, and where it listens
    /// @param startedBy who started it
    public record UnmanagedProcess(UsageDetector.Running running, ProcessOrigin processOrigin) {

        /// Its arguments, for people.
        String arguments() {
            return running.arguments().isEmpty()
                    ? "without arguments"
                    : "with `%s`".formatted(String.join(" ", running.arguments()));
        }

        public String sentence() {
            String listens = running.listens().stream()
                    .map(UsageDetector.Address::toString)
                    .collect(Collectors.joining(", "));
            return "It runs already outside any service: pid %d, started by %s, %s%s."
                    .formatted(
                            running.pid(),
                            processOrigin.words(),
                            arguments(),
                            listens.isEmpty() ? "" : ", listening on " + listens);
        }
    }

    /// Those that serve: they listen somewhere, or were started as the service would be. A command that somebody runs
    /// at this moment is none. Those that listen come first.
    public List<UnmanagedProcess> copies(Manifest manifest, String unit) {
        // A second service of the tool is another matter, and no copy without one.
        List<ServiceState> states = Stream.concat(
                        Stream.of(unit),
                        manager.foreign(manifest.install()).stream().map(ForeignUnit::unit))
                .distinct()
                .map(manager::state)
                .toList();
        Map<Long, String> groups = processTable.from(manifest.install().environment()).stream()
                .collect(Collectors.toMap(
                        ProcessTable.Running::pid, ProcessTable.Running::controlGroup, (one, _) -> one));
        return running.apply(manifest.install()).stream()
                .filter(copy -> !copy.listens().isEmpty()
                        || manifest.service()
                                .map(Manifest.Service::arguments)
                                .filter(copy.arguments()::equals)
                                .isPresent())
                .filter(copy -> states.stream()
                        .noneMatch(state ->
                                state.pid().filter(pid -> pid == copy.pid()).isPresent()
                                        || state.controlGroup()
                                                .filter(own -> isWithin(groups.getOrDefault(copy.pid(), ""), own))
                                                .isPresent()))
                .map(copy -> new UnmanagedProcess(copy, ProcessOrigin.of(processTable.origin(copy.pid()))))
                .toList();
    }

    private static boolean isWithin(String group, String own) {
        return own.length() > 1 && (group + "/").contains(own + "/");
    }

    /// What a person has to agree to before a service takes the place of `copy`.
    public String offer(Manifest manifest, UnmanagedProcess unmanagedProcess) {
        List<String> own = manifest.service().map(Manifest.Service::arguments).orElse(List.of());
        boolean same = own.equals(unmanagedProcess.running().arguments());
        return "%s The service %s, and that copy is ended."
                .formatted(
                        unmanagedProcess.sentence(), same ? "starts it in the same way" : "takes these arguments over");
    }

    /// Why its place cannot be taken, as a sentence.
    public Optional<String> obstacle(Manifest manifest, UnmanagedProcess unmanagedProcess) {
        return unmanagedProcess
                .processOrigin()
                .supervisor()
                .map(supervisor -> "%s %s would start it again: %s. Then `lamplighter service install %s` runs it."
                        .formatted(unmanagedProcess.sentence(), supervisor.name(), supervisor.stop(), manifest.name()))
                .or(() -> SecretDetector.inArguments(unmanagedProcess.running().arguments())
                        .map(option ->
                                "It runs already outside any service (pid %d), and the value of its %s looks like a secret, which other programs could read in a service file: put it into a file of variables (mode 0600), name that as `service.environmentFile`, and end that copy."
                                        .formatted(unmanagedProcess.running().pid(), option)));
    }

    /// Writes down how `copy` was started, and ends it if it is still the same process.
    ///
    /// @return the description as it is now, or the sentence why nothing was done
    public TakeOver take(Manifest manifest, UnmanagedProcess unmanagedProcess) {
        Manifest then = manifest.with(like(manifest.service(), unmanagedProcess.running()));
        if (!then.equals(manifest)
                && manifests.save(then, manifests.source(manifests.file(manifest.name())))
                        instanceof ManifestStore.Change.Refused refused) {
            return new TakeOver.NotTakenOver(refused.why());
        }
        boolean still = running.apply(manifest.install()).stream()
                .anyMatch(now -> now.pid() == unmanagedProcess.running().pid()
                        && now.arguments().equals(unmanagedProcess.running().arguments()));
        if (still) {
            processTable.end(unmanagedProcess.running().pid());
        }
        return new TakeOver.TakenOver(then);
    }

    public sealed interface TakeOver {
        record TakenOver(Manifest manifest) implements TakeOver {}

        /// `why` is a sentence.
        record NotTakenOver(String why) implements TakeOver {}
    }

    /// Paths in its arguments count from its folder. A home that no argument speaks of is not kept: a server that is
    /// started in it may publish it.
    private Optional<Path> directory(UsageDetector.Running copy) {
        return copy.directory()
                .filter(folder -> folder.getNameCount() > 0)
                .filter(folder -> !folder.equals(home)
                        || copy.arguments().stream()
                                .anyMatch(argument -> !argument.isEmpty()
                                        && !argument.startsWith("-")
                                        && !argument.startsWith("/")
                                        && Files.exists(folder.resolve(argument))));
    }

    private Manifest.Service like(Optional<Manifest.Service> before, UsageDetector.Running copy) {
        boolean same = before.map(Manifest.Service::arguments)
                .filter(copy.arguments()::equals)
                .isPresent();
        return new Manifest.Service(
                copy.arguments(),
                before.map(Manifest.Service::environment).orElse(Map.of()),
                before.map(Manifest.Service::inherit).orElse(List.of()),
                before.flatMap(Manifest.Service::killMode),
                before.map(Manifest.Service::stopTimeoutSeconds).orElse(20),
                before.flatMap(Manifest.Service::workingDirectory).or(() -> same ? Optional.empty() : directory(copy)),
                before.flatMap(Manifest.Service::environmentFile),
                before.flatMap(Manifest.Service::unit),
                before.flatMap(Manifest.Service::label),
                before.map(Manifest.Service::refresh).orElse(List.of()));
    }
}
