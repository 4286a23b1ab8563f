package io.github.lamplighter.service;

import io.github.lamplighter.readiness.ProcessOrigin;
import io.github.lamplighter.readiness.ProcessTable;
import io.github.lamplighter.text.SecretDetector;
import io.github.lamplighter.tool.DataPlaces;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolName;
import io.github.lamplighter.tool.UsageDetector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Processes of a tool outside any service: in a terminal, under tmux or pm2, started by cron. A service can
/// take over the arguments of such a process, and replace it.
public final class ProcessesOutsideService {

    private final Function<Manifest.Install, List<UsageDetector.Running>> running;
    private final ProcessTable processTable;
    private final ServiceManager manager;
    private final ManifestStore manifests;
    private final Path home;

    public ProcessesOutsideService(
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

    /// @param running the process, and where it listens
    public record UnmanagedProcess(UsageDetector.Running running, ProcessOrigin processOrigin) {

        /// Its arguments, for display.
        String arguments() {
            return !running.knowsArguments()
                    ? "with arguments that it hides"
                    : running.arguments().isEmpty()
                            ? "without arguments"
                            : "with `%s`".formatted(String.join(" ", running.arguments()));
        }

        /// @param name of the tool
        String sentence(ToolName name) {
            String listens = running.listens().stream()
                    .map(UsageDetector.Address::toString)
                    .collect(Collectors.joining(", "));
            return "%s is already running outside any service: pid %d, started by %s, %s%s."
                    .formatted(
                            name,
                            running.pid(),
                            processOrigin.words(),
                            arguments(),
                            listens.isEmpty() ? "" : ", listening on " + listens);
        }
    }

    /// The processes that listen on a port, or have the arguments of the service; a command that the user runs
    /// at this moment is not among them. Those that listen come first.
    public List<UnmanagedProcess> copies(Manifest manifest, String unit) {
        // A process of another service of the tool is not unmanaged.
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
                                                .filter(own ->
                                                        ProcessTable.isWithin(groups.getOrDefault(copy.pid(), ""), own))
                                                .isPresent()))
                .map(copy -> new UnmanagedProcess(copy, ProcessOrigin.of(processTable.origin(copy.pid()))))
                .toList();
    }

    /// What the user has to confirm before a service replaces the process.
    public String offer(Manifest manifest, UnmanagedProcess unmanagedProcess) {
        List<String> own = manifest.service().map(Manifest.Service::arguments).orElse(List.of());
        boolean same = own.equals(unmanagedProcess.running().arguments());
        return "%s The service %s, and Lamplighter stops that process."
                .formatted(
                        unmanagedProcess.sentence(manifest.name()),
                        same ? "starts it the same way" : "uses the same arguments");
    }

    /// Why a service cannot replace the process, as a sentence.
    public Optional<String> obstacle(Manifest manifest, UnmanagedProcess unmanagedProcess) {
        return unmanagedProcess
                .processOrigin()
                .supervisor()
                .map(supervisor -> "%s %s would restart it: %s. Then run `lamplighter service install %s`."
                        .formatted(
                                unmanagedProcess.sentence(manifest.name()),
                                supervisor.name(),
                                supervisor.stop(),
                                manifest.name()))
                .or(() -> unmanagedProcess
                        .processOrigin()
                        .unit()
                        .map(unit ->
                                "%s is already running it (pid %d). Stop that service, then run `lamplighter service install %s`."
                                        .formatted(
                                                unit, unmanagedProcess.running().pid(), manifest.name())))
                .or(() -> unmanagedProcess.running().knowsArguments()
                        ? Optional.empty()
                        : Optional.of(
                                "%s A service could not use the same arguments. Stop that process, then run `lamplighter service install %s`."
                                        .formatted(unmanagedProcess.sentence(manifest.name()), manifest.name())))
                .or(() -> SecretDetector.inArguments(unmanagedProcess.running().arguments())
                        .map(option ->
                                "%s is already running outside any service (pid %d), and its %s looks like a secret. Other programs can read service files. Put the secret in an environment file (mode 0600), and set `service.environmentFile` to that file. Then stop the running process."
                                        .formatted(
                                                manifest.name(),
                                                unmanagedProcess.running().pid(),
                                                option)));
    }

    /// Saves the arguments of the process in the manifest, and ends the process if it is still the same.
    ///
    /// @return the new manifest, or the reason why nothing was done
    public TakeOver take(Manifest manifest, UnmanagedProcess unmanagedProcess) {
        Manifest.Service service = like(manifest.service(), unmanagedProcess.running());
        Optional<Manifest.Service> before = manifest.service();
        boolean moves = before.flatMap(Manifest.Service::workingDirectory)
                .filter(manifest.data()::contains)
                .filter(folder -> !service.workingDirectory().equals(Optional.of(folder)))
                .isPresent();
        Manifest then = manifest.with(service)
                .with(address(manifest.endpoint(), unmanagedProcess.running().listens()))
                .withData(manifest.declaredData()
                        .filter(_ -> !moves)
                        .flatMap(data -> new DataPlaces(manifest.dataSetBy(), home)
                                .of(data, start(before), start(Optional.of(service)))));
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

    /// The service keeps its variables, whatever those of the process are.
    private static DataPlaces.Start start(Optional<Manifest.Service> service) {
        return new DataPlaces.Start(
                service.map(Manifest.Service::arguments).orElse(List.of()),
                service.map(Manifest.Service::environment),
                service.flatMap(Manifest.Service::workingDirectory));
    }

    public sealed interface TakeOver {
        record TakenOver(Manifest manifest) implements TakeOver {}

        /// `why` is a sentence.
        record NotTakenOver(String why) implements TakeOver {}
    }

    /// The address comes with the arguments: that of the manifest, at the port on which the process listens.
    private static Optional<Manifest.Endpoint> address(
            Optional<Manifest.Endpoint> endpoint, List<UsageDetector.Address> listens) {
        return endpoint.map(before -> {
            URI url = URI.create(before.url());
            boolean known = url.getPort() < 0
                    || before.port().isPresent()
                    || listens.isEmpty()
                    || listens.stream().anyMatch(address -> address.port() == url.getPort());
            return known
                    ? before
                    : before.at(before.url()
                            .replaceFirst(
                                    "(?<=//|^tcp:)[^/]*:" + url.getPort(),
                                    Matcher.quoteReplacement(listens.getFirst().toString())));
        });
    }

    /// The working directory, which relative arguments need. The home directory is only kept if an argument is
    /// a file in it: a server that runs there may publish it.
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
        Optional<Path> own = before.flatMap(Manifest.Service::workingDirectory);
        return new Manifest.Service(
                copy.arguments(),
                before.map(Manifest.Service::environment).orElse(Map.of()),
                before.map(Manifest.Service::inherit).orElse(List.of()),
                before.flatMap(Manifest.Service::killMode),
                before.map(Manifest.Service::stopTimeoutSeconds).orElse(20),
                own.isEmpty() && same ? own : directory(copy).or(() -> own),
                before.flatMap(Manifest.Service::environmentFile),
                before.flatMap(Manifest.Service::unit),
                before.flatMap(Manifest.Service::label),
                before.map(Manifest.Service::refresh).orElse(List.of()));
    }
}
