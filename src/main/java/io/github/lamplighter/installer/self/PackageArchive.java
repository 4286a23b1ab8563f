package io.github.lamplighter.installer.self;

import io.github.lamplighter.file.AtomicFile;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// A package as `.tar.gz`: files, folders and symbolic links below one top folder (POSIX.1-2024, pax: ustar and pax
/// headers; GNU long names). Everything else is refused, and so is every path or link that leads out of that folder.
///
/// The times of files are kept: the JVM compares that of its modules with its AOT cache.
public final class PackageArchive {

    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 4096;
    private static final int MOST_ENTRIES = 100_000;

    private final Path archive;
    private final long most;

    /// @param most bytes that it may contain unpacked
    public PackageArchive(Path archive, long most) {
        this.archive = archive;
        this.most = most;
    }

    /// The result of unpacking.
    public sealed interface Unpacked {
        /// @param top the folder that it contains
        record Done(Path top) implements Unpacked {}

        /// The archive is damaged or not one of ours; `why` is a sentence.
        record Refused(String why) implements Unpacked {}
    }

    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        Refusal(String why) {
            super(why);
        }
    }

    /// @param name as in the archive
    /// @param link the target of a symbolic link
    private record Entry(String name, char type, long size, int mode, long time, String link) {}

    /// Unpacks into an empty folder.
    ///
    /// @throws IOException if it cannot be written
    public Unpacked unpack(Path folder) throws IOException {
        try (InputStream file = Files.newInputStream(archive);
                InputStream in = new BufferedInputStream(new GZIPInputStream(file, 1 << 16), 1 << 16)) {
            return new Unpacked.Done(new Reader(in, folder).read());
        } catch (Refusal e) {
            return new Unpacked.Refused("The package cannot be unpacked: %s.".formatted(e.getMessage()));
        } catch (EOFException | ZipException e) {
            return new Unpacked.Refused("The package cannot be unpacked: it is damaged.");
        }
    }

    private final class Reader {
        private final InputStream in;
        private final Path folder;
        private final Map<Path, String> links = new LinkedHashMap<>();
        private Optional<String> top = Optional.empty();
        private Map<String, String> extended = Map.of();
        private long unpacked;

        Reader(InputStream in, Path folder) {
            this.in = in;
            this.folder = folder;
        }

        Path read() throws IOException, Refusal {
            int entries = 0;
            for (Optional<Entry> entry = next(); entry.isPresent(); entry = next()) {
                if (++entries > MOST_ENTRIES) {
                    throw new Refusal("it has more than %d files".formatted(MOST_ENTRIES));
                }
                take(entry.get());
            }
            Path root = folder.resolve(top.orElseThrow(() -> new Refusal("it is empty")));
            // At last, so that no file is written through a link.
            for (Map.Entry<Path, String> link : links.entrySet()) {
                if (leadsOut(link.getKey(), link.getValue(), root)) {
                    throw new Refusal("the link %s leads out of it".formatted(root.relativize(link.getKey())));
                }
                AtomicFile.makeFolder(AtomicFile.folderOf(link.getKey()));
                Files.createSymbolicLink(link.getKey(), Path.of(link.getValue()));
            }
            return root;
        }

        /// A link may go up first, and then down. Otherwise, and below another link, `..` would not mean what the text
        /// says.
        private boolean leadsOut(Path link, String target, Path root) {
            boolean belowLink =
                    links.keySet().stream().anyMatch(other -> link.startsWith(other) && !link.equals(other));
            boolean plain = target.matches("(?:\\.\\./)*(?!\\.\\.?(?:/|$))[^/]+(?:/(?!\\.\\.?(?:/|$))[^/]+)*");
            return belowLink
                    || !plain
                    || !AtomicFile.folderOf(link).resolve(target).normalize().startsWith(root);
        }

        private void take(Entry entry) throws IOException, Refusal {
            switch (entry.type()) {
                case 'x' -> extended = records(content(entry));
                case 'g' -> content(entry);
                case 'L' -> extended = with("path", text(content(entry), 0, (int) entry.size()));
                case 'K' -> extended = with("linkpath", text(content(entry), 0, (int) entry.size()));
                case '5' -> Files.createDirectories(inside(entry.name()));
                case '2' -> {
                    Path link = inside(entry.name());
                    if (links.putIfAbsent(link, entry.link()) != null || Files.exists(link)) {
                        throw new Refusal("it has %s twice".formatted(entry.name()));
                    }
                }
                case '0', '\0' -> write(entry, inside(entry.name()));
                default -> throw new Refusal("%s is neither a file, a folder nor a link".formatted(entry.name()));
            }
        }

        private void write(Entry entry, Path file) throws IOException, Refusal {
            count(entry.size());
            if (links.containsKey(file)) {
                throw new Refusal("it has %s twice".formatted(entry.name()));
            }
            Files.createDirectories(AtomicFile.folderOf(file));
            try (OutputStream out =
                    Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                byte[] buffer = new byte[1 << 16];
                for (long left = entry.size(); left > 0; ) {
                    int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                    if (read < 0) {
                        throw new EOFException();
                    }
                    out.write(buffer, 0, read);
                    left -= read;
                }
            } catch (java.nio.file.FileAlreadyExistsException _) {
                throw new Refusal("it has %s twice".formatted(entry.name()));
            }
            pad(entry.size());
            Files.setPosixFilePermissions(
                    file, PosixFilePermissions.fromString((entry.mode() & 0100) == 0 ? "rw-r--r--" : "rwxr-xr-x"));
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(entry.time())));
        }

        private void count(long size) throws Refusal {
            unpacked += size;
            if (size < 0 || unpacked > most) {
                throw new Refusal("it unpacks to more than %d MB".formatted(most / 1_000_000));
            }
        }

        /// The path of an entry in the top folder.
        private Path inside(String name) throws Refusal {
            String plain = name.startsWith("./") ? name.substring(2) : name;
            String[] parts = (plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain).split("/", -1);
            if (Arrays.stream(parts).anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."))
                    || plain.indexOf('\0') >= 0) {
                throw new Refusal("the path %s leads out of it".formatted(name));
            }
            if (!top.orElse(parts[0]).equals(parts[0])) {
                throw new Refusal("it has more than one top folder");
            }
            top = Optional.of(parts[0]);
            return folder.resolve(String.join("/", parts));
        }

        private Optional<Entry> next() throws IOException, Refusal {
            byte[] header = in.readNBytes(BLOCK);
            if (header.length == 0 || isZero(header)) {
                return Optional.empty();
            }
            if (header.length < BLOCK || number(header, 148, 8) != checksum(header)) {
                throw new Refusal("it is damaged");
            }
            char type = (char) header[156];
            String prefix = text(header, 345, 155);
            String name = text(header, 0, 100);
            boolean ustar = text(header, 257, 5).equals("ustar");
            Map<String, String> more = extended;
            boolean describesNext = type == 'x' || type == 'g' || type == 'L' || type == 'K';
            if (!describesNext) {
                extended = Map.of();
            }
            return Optional.of(new Entry(
                    describesNext
                            ? name
                            : more.getOrDefault("path", ustar && !prefix.isEmpty() ? prefix + "/" + name : name),
                    type,
                    describesNext || !more.containsKey("size")
                            ? type == '2' || type == '5' ? 0 : number(header, 124, 12)
                            : decimal(more.get("size")),
                    (int) number(header, 100, 8),
                    more.containsKey("mtime") ? decimal(more.get("mtime")) : number(header, 136, 12),
                    describesNext ? "" : more.getOrDefault("linkpath", text(header, 157, 100))));
        }

        private byte[] content(Entry entry) throws IOException, Refusal {
            if (entry.size() < 0 || entry.size() > 16 * LONGEST_NAME) {
                throw new Refusal("it is damaged");
            }
            byte[] bytes = in.readNBytes((int) entry.size());
            if (bytes.length < entry.size()) {
                throw new EOFException();
            }
            pad(entry.size());
            return bytes;
        }

        private void pad(long size) throws IOException {
            in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        }

        private Map<String, String> with(String key, String value) {
            Map<String, String> more = new LinkedHashMap<>(extended);
            more.put(key, value);
            return more;
        }

        /// Records `LENGTH KEY=VALUE\n` of a pax header, added to those that came before.
        private Map<String, String> records(byte[] bytes) throws Refusal {
            Map<String, String> records = new LinkedHashMap<>(extended);
            int at = 0;
            while (at < bytes.length) {
                int space = at;
                while (space < bytes.length && bytes[space] != ' ') {
                    space++;
                }
                long length = decimal(new String(bytes, at, space - at, StandardCharsets.UTF_8));
                if (length <= space - at + 1 || at + length > bytes.length) {
                    throw new Refusal("it is damaged");
                }
                String record = new String(bytes, space + 1, (int) (at + length - space - 2), StandardCharsets.UTF_8);
                int equals = record.indexOf('=');
                if (equals > 0) {
                    records.put(record.substring(0, equals), record.substring(equals + 1));
                }
                at += (int) length;
            }
            return records;
        }
    }

    private static long decimal(String text) throws Refusal {
        try {
            return (long) Double.parseDouble(text);
        } catch (NumberFormatException _) {
            throw new Refusal("it is damaged");
        }
    }

    /// An octal number; a large one in GNU's binary form is refused by its result.
    private static long number(byte[] header, int from, int length) throws Refusal {
        String text = text(header, from, length).strip();
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text, 8);
        } catch (NumberFormatException _) {
            throw new Refusal("it is damaged");
        }
    }

    private static long checksum(byte[] header) {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        return sum;
    }

    private static boolean isZero(byte[] block) {
        for (byte one : block) {
            if (one != 0) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }
}
