package io.github.lamplighter.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Lamplighter's processes that no user waits for: the tray icon, the window and checks in the background. Each has a
/// file `running/ROLE-PID` with the time of its start, because a pid alone may belong to another process by now.
public final class ResidentProcesses {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Path folder;

    public ResidentProcesses(AppDirectories directories) {
        this.folder = directories.state().resolve("running");
    }

    /// What a process does.
    public enum Role {
        TRAY("tray icon"),
        WINDOW("window"),
        CHECK("background check");

        private final String words;

        Role(String words) {
            this.words = words;
        }

        /// For people.
        public String words() {
            return words;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The role of a command line; empty for one that the user waits for.
        public static Optional<Role> of(List<String> arguments) {
            return switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
                case "tray" -> Optional.of(TRAY);
                case "window" -> Optional.of(WINDOW);
                case "doctor" -> arguments.contains("--background") ? Optional.of(CHECK) : Optional.empty();
                default -> Optional.empty();
            };
        }
    }

    /// A running process.
    public record Resident(Role role, ProcessHandle process) {

        /// Asks the process to end, and kills it after 5 s.
        ///
        /// @return whether it is gone
        public boolean end() {
            process.destroy();
            if (!isGone()) {
                process.destroyForcibly();
                return isGone();
            }
            return true;
        }

        private boolean isGone() {
            // ProcessHandle.onExit polls a process that is no child, with pauses of up to 5 s.
            long end = System.nanoTime() + LIMIT.toNanos();
            while (process.isAlive() && System.nanoTime() < end) {
                try {
                    Thread.sleep(POLL);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    break;
                }
            }
            return !process.isAlive();
        }
    }

    /// The record of a process, deleted when it is closed.
    public record Presence(Optional<Path> file) implements AutoCloseable {

        @Override
        public void close() {
            file.ifPresent(ResidentProcesses::delete);
        }
    }

    /// Records this process. If that fails, it runs without a record.
    public Presence add(Role role) {
        ProcessHandle own = ProcessHandle.current();
        try {
            AtomicFile.makeFolder(folder);
            entries().stream().filter(file -> resident(file).isEmpty()).forEach(ResidentProcesses::delete);
            Path file = folder.resolve("%s-%d".formatted(role.word(), own.pid()));
            // Not AtomicFile: it waits for the disk, and a record that a power cut takes is not missed.
            Files.writeString(file, startOf(own).map(Instant::toString).orElse(""));
            return new Presence(Optional.of(file));
        } catch (IOException | UncheckedIOException _) {
            return new Presence(Optional.empty());
        }
    }

    /// The running ones.
    public List<Resident> all() {
        return entries().stream().flatMap(file -> resident(file).stream()).toList();
    }

    private List<Path> entries() {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            children.forEach(files::add);
        } catch (NoSuchFileException | NotDirectoryException _) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DirectoryIteratorException e) {
            throw new UncheckedIOException(e.getCause());
        }
        return files;
    }

    private static Optional<Resident> resident(Path file) {
        String[] parts = String.valueOf(file.getFileName()).split("-", -1);
        if (parts.length != 2 || !parts[1].matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return Arrays.stream(Role.values())
                .filter(role -> role.word().equals(parts[0]))
                .findFirst()
                .flatMap(role -> ProcessHandle.of(Long.parseLong(parts[1]))
                        .filter(ProcessHandle::isAlive)
                        .filter(process ->
                                startOf(process).map(Instant::toString).equals(read(file)))
                        .map(process -> new Resident(role, process)));
    }

    private static Optional<Instant> startOf(ProcessHandle process) {
        return process.info().startInstant();
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // A record of a process that has ended does not count.
        }
    }
}
