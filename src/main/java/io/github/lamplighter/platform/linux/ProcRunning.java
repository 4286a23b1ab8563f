package io.github.lamplighter.platform.linux;

import io.github.lamplighter.tool.Traces.Address;
import io.github.lamplighter.tool.Traces.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How a tool is run now, from `/proc`: its arguments, its folder, and where it listens. What belongs to another
/// user cannot be read there and is passed over.
public final class ProcRunning {

    private static final String LISTENING = "0A";

    private final Path proc;

    public ProcRunning() {
        this(Path.of("/proc"));
    }

    ProcRunning(Path proc) {
        this.proc = proc;
    }

    /// @param environment the folder that an installer owns, as a real path
    public List<Running> from(Path environment) {
        List<Running> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                arguments(process, environment)
                        .ifPresent(arguments -> found.add(new Running(
                                Long.parseLong(String.valueOf(process.getFileName())),
                                arguments,
                                real(process.resolve("cwd")),
                                listens(process))));
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        found.sort(Comparator.comparing((Running running) -> running.listens().isEmpty())
                .thenComparing(Running::pid));
        return found;
    }

    /// What stands after the tool's program: that is the executable itself, or the script that an interpreter
    /// was given first.
    private static Optional<List<String>> arguments(Path process, Path environment) {
        List<String> argv;
        try {
            argv = Arrays.asList(
                    new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8).split("\0", -1));
        } catch (IOException e) {
            return Optional.empty();
        }
        List<String> words = argv.subList(0, Math.max(0, argv.size() - 1));
        for (int i = 1; i < words.size(); i++) {
            if (!words.get(i).startsWith("-")) {
                if (lies(words.get(i), process, environment)) {
                    return Optional.of(words.subList(i + 1, words.size()));
                }
                break;
            }
        }
        return !words.isEmpty() && lies(words.getFirst(), process, environment)
                ? Optional.of(words.subList(1, words.size()))
                : Optional.empty();
    }

    private static boolean lies(String word, Path process, Path environment) {
        try {
            Path path = Path.of(word);
            if (!word.contains("/")) {
                return false;
            }
            Path absolute = path.isAbsolute()
                    ? path
                    : real(process.resolve("cwd")).orElse(process).resolve(path);
            return real(absolute)
                    .filter(target -> target.startsWith(environment))
                    .isPresent();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private List<Address> listens(Path process) {
        Set<String> sockets = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                sockets.add(Files.readSymbolicLink(descriptor).toString());
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        List<Address> addresses = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : lines(proc.resolve("net").resolve(table))) {
                String[] field = line.strip().split("\\s+");
                if (field.length >= 10 && field[3].equals(LISTENING) && sockets.contains("socket:[" + field[9] + "]")) {
                    String[] local = field[1].split(":");
                    addresses.add(new Address(host(local[0]), Integer.parseInt(local[1], 16)));
                }
            }
        }
        return addresses.stream()
                .distinct()
                .sorted(Comparator.comparingInt(Address::port).thenComparing(Address::host))
                .toList();
    }

    /// The kernel prints each 32-bit word in the machine's own order: little-endian on every machine that we
    /// run on.
    private static String host(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        for (int i = 0; i + 3 < bytes.length; i += 4) {
            byte first = bytes[i];
            byte second = bytes[i + 1];
            bytes[i] = bytes[i + 3];
            bytes[i + 1] = bytes[i + 2];
            bytes[i + 2] = second;
            bytes[i + 3] = first;
        }
        try {
            InetAddress address = InetAddress.getByAddress(bytes);
            return address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        } catch (UnknownHostException e) {
            return "127.0.0.1";
        }
    }

    private static Optional<Path> real(Path path) {
        try {
            return Optional.of(path.toRealPath());
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
