package io.github.lamplighter.platform.proc;

import io.github.lamplighter.file.RealPathCache;
import io.github.lamplighter.tool.CommandLineMatcher;
import io.github.lamplighter.tool.Manifest.Install;
import io.github.lamplighter.tool.UsageDetector.Address;
import io.github.lamplighter.tool.UsageDetector.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds running processes of a tool in `/proc`: their arguments, working directories and ports. Processes of
/// other users are not readable and are skipped.
public final class ProcUsageDetector {

    private static final String LISTENING = "0A";

    private final Path proc;

    public ProcUsageDetector() {
        this(Path.of("/proc"));
    }

    ProcUsageDetector(Path proc) {
        this.proc = proc;
    }

    public List<Running> from(Install install) {
        RealPathCache paths = new RealPathCache();
        CommandLineMatcher tool = new CommandLineMatcher(install, paths);
        List<Running> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                List<String> argv = argv(process);
                Optional<String> titled = TitledScript.of(process, argv, paths);
                tool.in(titled.map(List::of).orElse(argv))
                        // Another program of the same package is not this tool.
                        .filter(use -> use.obstacle().isEmpty())
                        .ifPresent(use -> found.add(new Running(
                                Long.parseLong(String.valueOf(process.getFileName())),
                                use.arguments(),
                                titled.isEmpty(),
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

    /// The command line, with absolute paths of the program and the script.
    private static List<String> argv(Path process) {
        String text;
        try {
            text = new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return List.of();
        }
        List<String> words = new ArrayList<>(Arrays.asList(text.split("\0", -1)));
        if (!words.isEmpty() && words.getLast().isEmpty()) {
            words.removeLast();
        }
        for (int i = 0; i < Math.min(2, words.size()); i++) {
            String word = words.get(i);
            if (word.contains("/") && !word.startsWith("/") && !word.startsWith("-")) {
                int at = i;
                real(process.resolve("cwd"))
                        .ifPresent(folder -> words.set(at, folder.resolve(word).toString()));
            }
        }
        return words;
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

    /// The kernel prints each 32-bit word in the machine's byte order, which is little-endian on all supported
    /// machines.
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
