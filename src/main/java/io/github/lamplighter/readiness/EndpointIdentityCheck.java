package io.github.lamplighter.readiness;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.readiness.ListeningSockets.Listener;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.tool.Manifest.Endpoint;
import io.github.lamplighter.tool.Manifest.Identity;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Checks whether the process that responds at an endpoint belongs to the service, and which version responds.
public final class EndpointIdentityCheck {

    private static final Pattern MANAGER = Pattern.compile("(?:\\S*/)?systemd(?: .*)?");

    private final ListeningSockets listeningSockets;
    private final Probe probe;
    private final AppDirectories directories;

    public EndpointIdentityCheck(ListeningSockets listeningSockets, Probe probe, AppDirectories directories) {
        this.listeningSockets = listeningSockets;
        this.probe = probe;
        this.directories = directories;
    }

    /// The service that should respond.
    ///
    /// @param unit its name, for evidence
    /// @param controlGroup of its processes, if it is running
    /// @param pid of its main process, if it is running
    /// @param triggered whether the manager itself listens for it (a socket unit)
    public record Service(String unit, Optional<String> controlGroup, Optional<Long> pid, boolean triggered) {}

    /// The version that a running service reports. `Unknown` never matches.
    public sealed interface RunningVersion {
        record Known(String version, String source) implements RunningVersion {}

        record Unknown(String why) implements RunningVersion {}
    }

    /// A configured identity decides; otherwise the control group of the listening process.
    public IdentityResult identify(Endpoint endpoint, Service service) {
        return endpoint.identity()
                .map(identity -> byIdentity(endpoint, identity))
                .orElseGet(() -> byListener(endpoint, service));
    }

    public RunningVersion version(Endpoint endpoint) {
        if (endpoint.version().isEmpty()) {
            return new RunningVersion.Unknown("its manifest has no URL for its version");
        }
        var answer = endpoint.version().get();
        Optional<JsonNode> json = probe.json(endpoint, answer.path());
        if (json.isEmpty()) {
            return new RunningVersion.Unknown("%s returned no JSON".formatted(answer.path()));
        }
        return text(json.get(), answer.pointer())
                .<RunningVersion>map(version -> new RunningVersion.Known(version, answer.path()))
                .orElseGet(() ->
                        new RunningVersion.Unknown("%s has nothing at %s".formatted(answer.path(), answer.pointer())));
    }

    private IdentityResult byIdentity(Endpoint endpoint, Identity identity) {
        Optional<String> expected = switch (JsonFile.read(identity.file(), JsonFile.Form.COMMENTED)) {
            case JsonFile.Content.Present present -> text(present.json(), identity.filePointer());
            case JsonFile.Content.Absent _, JsonFile.Content.Damaged _ -> Optional.empty();
        };
        if (expected.isEmpty()) {
            return new IdentityResult.Unknown(
                    "could not read its identity from " + directories.display(identity.file()));
        }
        Optional<String> answered =
                probe.json(endpoint, identity.path()).flatMap(json -> text(json, identity.pointer()));
        if (answered.isEmpty()) {
            return new IdentityResult.Unknown("%s returned no identity".formatted(identity.path()));
        }
        return answered.equals(expected)
                ? new IdentityResult.Yes("%s returns %s".formatted(identity.path(), expected.get()))
                : new IdentityResult.No("%s returns %s; this installation is %s"
                        .formatted(identity.path(), answered.get(), expected.get()));
    }

    /// The process that listens at the endpoint's address although it is not the service, as a phrase; empty
    /// if there is none, and if another process may listen for the service.
    public Optional<String> stranger(Endpoint endpoint, Service service) {
        if (endpoint.proxied() || service.triggered()) {
            return Optional.empty();
        }
        return doors(endpoint)
                .flatMap(doors -> doors.stream()
                        .filter(listenAddress ->
                                listenAddress.listeners().stream().noneMatch(listener -> isIn(listener, service)))
                        .findFirst()
                        .map(listenAddress -> who(listenAddress.listeners().getFirst()) + " " + listenAddress.does()));
    }

    private String who(Listener listener) {
        return listener.pid()
                .map(pid -> "pid %d (%s%s)"
                        .formatted(
                                pid,
                                listener.command().map(this::shortened).orElse("no command line"),
                                listener.controlGroup()
                                        .flatMap(ProcessTable::serviceOf)
                                        .map(unit -> ", in " + unit)
                                        .orElse("")))
                .orElse("a process of user ID %d, which is not visible to you,".formatted(listener.userId()));
    }

    private String shortened(String command) {
        String plain = directories.display(UntrustedText.visible(command));
        return plain.length() > 80 ? plain.substring(0, 79) + "…" : plain;
    }

    /// If `localhost` leads to two processes, the one that is tried first counts, and both are named.
    private IdentityResult byListener(Endpoint endpoint, Service service) {
        Optional<List<ListenAddress>> doors = doors(endpoint);
        if (doors.isEmpty()) {
            return new IdentityResult.Unknown("%s is not an address of this machine".formatted(endpoint.url()));
        }
        List<IdentityResult> judged = doors.get().stream()
                .map(listenAddress -> judge(listenAddress, service, endpoint.proxied()))
                .toList();
        return switch (judged.size()) {
            case 0 -> new IdentityResult.Unknown("no visible process " + does(endpoint));
            case 1 -> judged.getFirst();
            // A proxy in front of it may use the other address.
            default -> endpoint.proxied() ? judged.getFirst() : both(judged.getFirst(), judged.get(1));
        };
    }

    private static IdentityResult both(IdentityResult first, IdentityResult second) {
        String all = first.detail() + "; " + second.detail();
        return switch (first) {
            case IdentityResult.Yes yes ->
                second instanceof IdentityResult.Yes
                        ? yes
                        : new IdentityResult.Yes(yes.detail(), Optional.of(second.detail()));
            case IdentityResult.No _ -> new IdentityResult.No(all);
            case IdentityResult.Unknown _ -> new IdentityResult.Unknown(all);
        };
    }

    /// An address of the endpoint, with the processes that accept connections there.
    ///
    /// @param listeners never empty
    /// @param does a phrase for all of them: `listens on 8088`
    private record ListenAddress(List<Listener> listeners, String does) {}

    /// Empty for an invalid URL, or one of another machine.
    private Optional<List<ListenAddress>> doors(Endpoint endpoint) {
        return switch (EndpointAddress.of(endpoint.url())) {
            case EndpointAddress.Unix unix ->
                Optional.of(listeningSockets.at(unix.path()))
                        .map(found -> found.isEmpty() ? List.of() : List.of(new ListenAddress(found, does(endpoint))));
            case EndpointAddress.Http http -> doors(endpoint, http.host(), http.port());
            case EndpointAddress.Tcp tcp -> doors(endpoint, tcp.host(), tcp.port());
            case EndpointAddress.Unclear _ -> Optional.empty();
        };
    }

    /// Whether an endpoint's address is on this machine.
    public static boolean isHere(Endpoint endpoint) {
        return switch (EndpointAddress.of(endpoint.url())) {
            case EndpointAddress.Http http -> isHere(http.host());
            case EndpointAddress.Tcp tcp -> isHere(tcp.host());
            case EndpointAddress.Unix _ -> true;
            case EndpointAddress.Unclear _ -> false;
        };
    }

    private static boolean isHere(String host) {
        return EndpointAddress.resolve(host).stream().anyMatch(EndpointIdentityCheck::isHere);
    }

    private Optional<List<ListenAddress>> doors(Endpoint endpoint, String host, int port) {
        if (port == 0 || !isHere(host)) {
            return Optional.empty();
        }
        List<List<Listener>> reached = reached(endpoint, listeningSockets.on(port));
        return Optional.of(reached.stream()
                .map(found -> new ListenAddress(
                        found, reached.size() == 1 ? does(endpoint) : "listens on " + address(found.getFirst())))
                .toList());
    }

    private static String does(Endpoint endpoint) {
        return switch (EndpointAddress.of(endpoint.url())) {
            case EndpointAddress.Http http -> "listens on " + http.port();
            case EndpointAddress.Tcp tcp -> "listens on " + tcp.port();
            case EndpointAddress.Unix _, EndpointAddress.Unclear _ -> "listens there";
        };
    }

    /// `127.0.0.1:8088`, `[::1]:8088`.
    public static String address(Listener listener) {
        String bare = EndpointAddress.shortened(listener.address());
        return (bare.contains(":") ? "[" + bare + "]" : bare) + ":" + listener.port();
    }

    private IdentityResult judge(ListenAddress listenAddress, Service service, boolean proxied) {
        for (Listener listener : listenAddress.listeners()) {
            if (isIn(listener, service)) {
                return new IdentityResult.Yes(
                        "pid %d %s, in %s".formatted(listener.pid().orElse(0L), listenAddress.does(), service.unit()));
            }
        }
        if (service.triggered()
                && listenAddress.listeners().stream().anyMatch(EndpointIdentityCheck::mayBeTheManager)) {
            return new IdentityResult.Yes("%s starts when a client connects".formatted(service.unit()));
        }
        Optional<Listener> hidden = listenAddress.listeners().stream()
                .filter(listener ->
                        listener.pid().isEmpty() || listener.controlGroup().isEmpty())
                .findFirst();
        if (hidden.isPresent()) {
            return new IdentityResult.Unknown("a process of user ID %d %s and is not visible to you"
                    .formatted(hidden.get().userId(), listenAddress.does()));
        }
        Listener other = listenAddress.listeners().getFirst();
        String who = "pid %d %s: %s"
                .formatted(
                        other.pid().orElse(0L),
                        listenAddress.does(),
                        other.command().map(directories::display).orElse("(no command line)"));
        return proxied
                ? new IdentityResult.Unknown(who + "; it may be a proxy for this service")
                : new IdentityResult.No(who + "; it is not in " + service.unit());
    }

    /// Whether a listener may be the service manager, which even its own user cannot inspect (it has a
    /// capability).
    public static boolean mayBeTheManager(Listener listener) {
        return listener.pid().isEmpty()
                || listener.command()
                        .filter(line -> MANAGER.matcher(line).matches())
                        .isPresent();
    }

    /// Whether a listener belongs to a service: it is in its control group, or below it. In a container only
    /// the start of the paths differs. Without control groups (macOS) it is the main process, or descends from
    /// it.
    public static boolean isIn(Listener listener, Service service) {
        if (listener.pid().isPresent() && listener.pid().equals(service.pid())) {
            return true;
        }
        if (service.controlGroup().isEmpty() || service.controlGroup().get().length() < 2) {
            return listener.pid().isPresent()
                    && service.pid().isPresent()
                    && descends(listener.pid().get(), service.pid().get());
        }
        String group = service.controlGroup().get();
        return listener.controlGroup()
                .filter(path -> ProcessTable.isWithin(path, group))
                .isPresent();
    }

    private static boolean descends(long pid, long from) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (pid == from) {
            return true;
        }
        for (int depth = 0; depth < 64 && process.isPresent(); depth++) {
            if (process.get().pid() == from) {
                return true;
            }
            process = process.get().parent();
        }
        return false;
    }

    /// The listeners that accept connections at an endpoint of this machine, of all listeners on its port. Two
    /// lists, in the order in which they are tried, if its name means both loopback addresses with different
    /// processes; otherwise one or none.
    public static List<List<Listener>> reached(Endpoint endpoint, List<Listener> all) {
        String host = switch (EndpointAddress.of(endpoint.url())) {
            case EndpointAddress.Http http -> http.host();
            case EndpointAddress.Tcp tcp -> tcp.host();
            case EndpointAddress.Unix _, EndpointAddress.Unclear _ -> "";
        };
        List<List<Listener>> reached = new ArrayList<>();
        for (InetAddress address : EndpointAddress.resolve(host)) {
            List<Listener> there = at(address, all);
            if (!there.isEmpty()
                    && reached.stream().noneMatch(earlier -> holders(earlier).equals(holders(there)))) {
                reached.add(there);
            }
        }
        return reached.size() > 1 && !host.equalsIgnoreCase("localhost") ? List.of(reached.getFirst()) : reached;
    }

    private static Set<String> holders(List<Listener> listeners) {
        return listeners.stream()
                .map(listener -> listener.pid().map(String::valueOf).orElse("of user " + listener.userId()))
                .collect(Collectors.toSet());
    }

    /// The exact address has priority over the wildcard.
    private static List<Listener> at(InetAddress address, List<Listener> all) {
        List<Listener> exact = all.stream()
                .filter(listener -> listener.address().equals(address.getHostAddress()))
                .toList();
        if (!exact.isEmpty()) {
            return exact;
        }
        boolean four = address.getAddress().length == 4;
        return all.stream()
                .filter(listener -> isAllSix(listener.address())
                        || (four && listener.address().equals("0.0.0.0")))
                .toList();
    }

    private static boolean isAllSix(String address) {
        return address.equals("0:0:0:0:0:0:0:0");
    }

    private static boolean isHere(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || java.net.NetworkInterface.getByInetAddress(address) != null;
        } catch (java.net.SocketException e) {
            return false;
        }
    }

    private static Optional<String> text(JsonNode json, String pointer) {
        try {
            JsonNode node = json.at(pointer);
            return node.isValueNode() && !node.isNull() && !node.isMissingNode()
                    ? Optional.of(UntrustedText.visible(node.asString()))
                    : Optional.empty();
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
