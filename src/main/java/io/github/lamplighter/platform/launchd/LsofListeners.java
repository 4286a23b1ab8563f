package io.github.lamplighter.platform.launchd;

import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.readiness.ListeningSockets;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads listening sockets with lsof(8), which is part of macOS. It shows only the user's own processes, so an
/// empty result does not mean that a port is free.
public final class LsofListeners implements ListeningSockets {

    private static final Duration LIMIT = Duration.ofSeconds(4);

    private final ProcessRunner runner;

    public LsofListeners(ProcessRunner runner) {
        this.runner = runner;
    }

    @Override
    public boolean seesAll() {
        return false;
    }

    @Override
    public List<Listener> on(int port) {
        return query("-iTCP:" + port).stream()
                .filter(listener -> listener.port() == port)
                .toList();
    }

    @Override
    public List<Listener> all() {
        return query("-iTCP");
    }

    @Override
    public ListeningSockets snapshot() {
        List<Listener> all = new ArrayList<>();
        return new ListeningSockets() {
            private boolean isRead;

            @Override
            public boolean seesAll() {
                return false;
            }

            @Override
            public List<Listener> on(int port) {
                return all().stream()
                        .filter(listener -> listener.port() == port)
                        .toList();
            }

            @Override
            public synchronized List<Listener> all() {
                if (!isRead) {
                    all.addAll(query("-iTCP"));
                    isRead = true;
                }
                return List.copyOf(all);
            }
        };
    }

    private List<Listener> query(String what) {
        return runner.run(Command.of(LIMIT, "lsof", "-nP", "-w", "+c0", what, "-sTCP:LISTEN", "-F", "pcuftn"))
                        instanceof ProcessResult.Exited exited
                ? parse(exited.out())
                : List.of();
    }

    /// lsof(8), "OUTPUT FOR OTHER PROGRAMS": one letter and value per line; a process, then its files.
    static List<Listener> parse(String output) {
        List<Listener> found = new ArrayList<>();
        long pid = 0;
        long user = 0;
        String command = "";
        boolean ipv6 = false;
        for (String line : output.lines().filter(text -> text.length() > 1).toList()) {
            String value = line.substring(1);
            switch (line.charAt(0)) {
                case 'p' -> pid = number(value);
                case 'u' -> user = number(value);
                case 'c' -> command = value;
                case 't' -> ipv6 = value.equals("IPv6");
                case 'n' -> {
                    int colon = value.lastIndexOf(':');
                    int port = (int) number(value.substring(colon + 1));
                    if (colon > 0 && port > 0) {
                        found.add(new Listener(
                                address(value.substring(0, colon), ipv6),
                                port,
                                Optional.of(pid),
                                user,
                                Optional.empty(),
                                Optional.of(line(pid).orElse(command))));
                    }
                }
                default -> {}
            }
        }
        return found;
    }

    private static Optional<String> line(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().commandLine());
    }

    private static String address(String text, boolean ipv6) {
        if (text.equals("*")) {
            return ipv6 ? "0:0:0:0:0:0:0:0" : "0.0.0.0";
        }
        try {
            return InetAddress.ofLiteral(text.replace("[", "").replace("]", "")).getHostAddress();
        } catch (IllegalArgumentException _) {
            return text;
        }
    }

    private static long number(String text) {
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }
}
