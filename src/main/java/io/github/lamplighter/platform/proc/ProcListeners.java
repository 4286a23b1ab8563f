package io.github.lamplighter.platform.proc;

import io.github.lamplighter.readiness.ListeningSockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Listening sockets and their processes, from `/proc`: the kernel's socket tables contain inodes, and the
/// file descriptors of processes refer to them. Descriptors of other users' processes are not readable.
public final class ProcListeners implements ListeningSockets {

    private static final String LISTENING = "0A";
    private static final int COMMAND_LIMIT = 512;

    private final Path proc;

    public ProcListeners() {
        this(Path.of("/proc"));
    }

    ProcListeners(Path proc) {
        this.proc = proc;
    }

    @Override
    public List<Listener> on(int port) {
        return seen(listening().stream().filter(socket -> socket.port() == port).toList());
    }

    @Override
    public List<Listener> all() {
        return seen(listening());
    }

    @Override
    public boolean seesAll() {
        return Files.isReadable(proc.resolve("net/tcp"));
    }

    @Override
    public ListeningSockets snapshot() {
        ListeningSockets live = this;
        ListenerSnapshot once = new ListenerSnapshot();
        return new ListeningSockets() {
            @Override
            public boolean seesAll() {
                return live.seesAll();
            }

            @Override
            public List<Listener> on(int port) {
                return once.on(port);
            }

            @Override
            public List<Listener> all() {
                return once.all();
            }

            @Override
            public List<Listener> at(Path socket) {
                return live.at(socket);
            }
        };
    }

    /// Reads the socket tables once for all ports, and all processes only if a requested port is in use.
    private final class ListenerSnapshot {
        private Optional<List<Bound>> bound = Optional.empty();
        private Optional<List<Listener>> seen = Optional.empty();

        synchronized List<Listener> on(int port) {
            return sockets().stream().noneMatch(socket -> socket.port() == port)
                    ? List.of()
                    : all().stream().filter(listener -> listener.port() == port).toList();
        }

        synchronized List<Listener> all() {
            List<Listener> all = seen.orElseGet(() -> seen(sockets()));
            seen = Optional.of(all);
            return all;
        }

        private List<Bound> sockets() {
            List<Bound> sockets = bound.orElseGet(ProcListeners.this::listening);
            bound = Optional.of(sockets);
            return sockets;
        }
    }

    private List<Bound> listening() {
        List<Bound> bound = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : lines(proc.resolve("net").resolve(table))) {
                String[] field = line.strip().split("\\s+");
                if (field.length >= 10 && field[3].equals(LISTENING)) {
                    String[] local = field[1].split(":");
                    bound.add(new Bound(
                            address(local[0]), Integer.parseInt(local[1], 16), Long.parseLong(field[7]), field[9]));
                }
            }
        }
        return bound;
    }

    @Override
    public List<Listener> at(Path socket) {
        List<Bound> bound = new ArrayList<>();
        for (String line : lines(proc.resolve("net/unix"))) {
            String[] field = line.strip().split("\\s+", 8);
            // __SO_ACCEPTCON: a socket that accepts connections.
            if (field.length == 8 && field[3].equals("00010000") && field[7].equals(socket.toString())) {
                bound.add(new Bound(socket.toString(), 0, owner(socket), field[6]));
            }
        }
        return seen(bound);
    }

    private List<Listener> seen(List<Bound> bound) {
        if (bound.isEmpty()) {
            return List.of();
        }
        Map<String, List<Long>> holders = new LinkedHashMap<>();
        bound.forEach(socket -> holders.put("socket:[" + socket.inode() + "]", new ArrayList<>()));
        // Without the list of processes every listener has no visible process.
        for (String process : names(proc)) {
            if (Character.isDigit(process.charAt(0))) {
                collect(Long.parseLong(process), holders);
            }
        }
        List<Listener> result = new ArrayList<>();
        for (Bound socket : bound) {
            List<Long> pids = holders.getOrDefault("socket:[" + socket.inode() + "]", List.of());
            if (pids.isEmpty()) {
                result.add(listener(socket, Optional.empty()));
            }
            pids.forEach(pid -> result.add(listener(socket, Optional.of(pid))));
        }
        return result;
    }

    private void collect(long pid, Map<String, List<Long>> holders) {
        Path folder = proc.resolve(Long.toString(pid)).resolve("fd");
        for (String descriptor : names(folder)) {
            List<Long> pids = holders.get(link(folder.resolve(descriptor)));
            if (pids != null && !pids.contains(pid)) {
                pids.add(pid);
            }
        }
    }

    /// The names in a directory; empty if the process has ended or belongs to another user. Uses `File`, which
    /// needs one system call for many names.
    private static List<String> names(Path folder) {
        String[] names = folder.toFile().list();
        return names == null ? List.of() : List.of(names);
    }

    private static String link(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private Listener listener(Bound socket, Optional<Long> pid) {
        return new Listener(
                socket.address(),
                socket.port(),
                pid,
                socket.userId(),
                pid.flatMap(this::controlGroup),
                pid.flatMap(this::command));
    }

    private Optional<String> controlGroup(long pid) {
        return ProcControlGroup.of(proc.resolve(Long.toString(pid)));
    }

    private Optional<String> command(long pid) {
        try {
            String text = new String(
                            Files.readAllBytes(proc.resolve(Long.toString(pid)).resolve("cmdline")),
                            StandardCharsets.UTF_8)
                    .replace('\0', ' ')
                    .replaceAll("\\p{Cntrl}", " ")
                    .strip();
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(text.substring(0, Math.min(text.length(), COMMAND_LIMIT)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static long owner(Path socket) {
        try {
            return ((Number) Files.getAttribute(socket, "unix:uid")).longValue();
        } catch (IOException | UnsupportedOperationException e) {
            return -1;
        }
    }

    /// The kernel prints each 32-bit word in the machine's byte order.
    private static String address(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        byte[] ordered = new byte[bytes.length];
        boolean little = java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < bytes.length; i++) {
            ordered[i] = little ? bytes[i - i % 4 + 3 - i % 4] : bytes[i];
        }
        try {
            return InetAddress.getByAddress(ordered).getHostAddress();
        } catch (UnknownHostException e) {
            return hex;
        }
    }

    private record Bound(String address, int port, long userId, String inode) {}
}
