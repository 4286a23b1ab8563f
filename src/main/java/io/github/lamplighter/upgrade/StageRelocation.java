package io.github.lamplighter.upgrade;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.Digest;
import io.github.lamplighter.installer.StagePlan.LinkRule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// Replaces the staging path in a prepared environment: text files get the final path, byte code is deleted (and
/// compiled again), whatever remains is reported.
final class StageRelocation {

    /// Scripts and metadata are smaller.
    private static final long LARGEST_TEXT = 32 * 1024 * 1024;

    /// How a path is written in a file.
    private static final List<UnaryOperator<String>> FORMS = List.of(
            path -> path,
            path -> path.replace("'", "'\"'\"'"),
            path -> path.replace("\\", "\\\\").replace("\"", "\\\""),
            StageRelocation::asciiJson,
            StageRelocation::percentEncoded);

    private static final String BYTE_CODE = ".pyc";
    private static final String LIBRARIES = "lib";

    private final Path prepared;
    private final Path environment;
    private final Path stage;
    /// The end of the staging path, which is the same in whatever form it is written: it contains the transaction's id.
    private final byte[] needle;
    private final Map<String, String> moved = new LinkedHashMap<>();
    private final Set<Path> clean = new HashSet<>();
    private final Set<Path> deletedByteCode = new HashSet<>();

    /// @param stage the folder of the whole stage; no file may contain its path in the end
    StageRelocation(Path prepared, Path environment, Path stage, LinkRule links) {
        this.prepared = prepared;
        this.environment = environment;
        this.stage = stage;
        this.needle = bytes("%s/%s".formatted(AtomicFile.folderOf(stage).getFileName(), stage.getFileName()));
        move(prepared, environment);
        if (links instanceof LinkRule.Relocated(Path staged, Path destination)) {
            move(staged, destination);
        }
    }

    /// Only what differs of the two paths is replaced, from the folder that both are in: files contain a path with
    /// links or without, quoted for a shell, or escaped in JSON, and most of these change other parts of it.
    private void move(Path from, Path to) {
        Path common = from;
        while (!to.startsWith(common)) {
            common = AtomicFile.folderOf(common);
        }
        String before = "/" + common.relativize(from);
        String after = "/" + common.relativize(to);
        for (UnaryOperator<String> form : FORMS) {
            moved.putIfAbsent(form.apply(before), form.apply(after));
        }
    }

    /// @return the text files that were changed
    List<Path> rewrite() throws IOException {
        Set<Path> changed = new LinkedHashSet<>();
        List<Path> files = files();
        for (Path file : files) {
            if (Files.isSymbolicLink(file)) {
                relink(file);
                continue;
            }
            if (Files.size(file) > LARGEST_TEXT) {
                continue;
            }
            byte[] content = Files.readAllBytes(file);
            if (find(content, needle, 0) < 0) {
                clean.add(file);
            } else if (isByteCode(file)) {
                deleteByteCode(file);
            } else if (!isBinary(content)) {
                byte[] relocated = content;
                for (Map.Entry<String, String> move : moved.entrySet()) {
                    relocated = replaced(relocated, bytes(move.getKey()), bytes(move.getValue()));
                }
                write(file, startable(relocated));
                changed.add(file);
            }
        }
        // Python recognizes outdated byte code by the time of its source, which stays.
        for (Path file : files) {
            if (isByteCode(file)
                    && Files.exists(file)
                    && source(file).filter(changed::contains).isPresent()) {
                deleteByteCode(file);
            }
        }
        correctRecords(changed);
        return List.copyOf(changed);
    }

    private static boolean isByteCode(Path file) {
        return file.toString().endsWith(BYTE_CODE);
    }

    private void deleteByteCode(Path file) throws IOException {
        Files.delete(file);
        deletedByteCode.add(file);
    }

    /// The Python sources whose byte code was deleted.
    List<Path> toCompileAgain() {
        return deletedByteCode.stream()
                .flatMap(file -> source(file).stream())
                .distinct()
                .filter(Files::isRegularFile)
                .toList();
    }

    /// The Python sources of which the installed version has byte code: those are used. Compiling all others would take
    /// most of an upgrade's time.
    static List<Path> toCompile(Path environment, Path prepared) throws IOException {
        Set<Path> sources = new TreeSet<>();
        for (Path file : files(environment.resolve(LIBRARIES))) {
            source(file)
                    .map(source -> prepared.resolve(environment.relativize(source)))
                    .ifPresent(sources::add);
        }
        return sources.stream().filter(Files::isRegularFile).toList();
    }

    /// The source of `__pycache__/NAME.cpython-313.pyc`.
    private static Optional<Path> source(Path byteCode) {
        Path cache = byteCode.getParent();
        String name = String.valueOf(byteCode.getFileName());
        return cache != null && cache.endsWith("__pycache__") && name.endsWith(BYTE_CODE)
                ? Optional.of(cache.resolveSibling(name.substring(0, name.indexOf('.')) + ".py"))
                : Optional.empty();
    }

    /// The files and links that still contain the staging path. Only byte code is written after [#rewrite].
    List<Path> remains() throws IOException {
        List<Path> remains = new ArrayList<>();
        for (Path file : files()) {
            boolean contains = Files.isSymbolicLink(file)
                    ? Files.readSymbolicLink(file).startsWith(stage)
                    : (isByteCode(file) || !clean.contains(file)) && contains(file, needle);
            if (contains) {
                remains.add(file);
            }
        }
        return remains;
    }

    /// Searches large files without reading them into memory.
    private static boolean contains(Path file, byte[] needle) throws IOException {
        if (Files.size(file) <= LARGEST_TEXT) {
            return find(Files.readAllBytes(file), needle, 0) >= 0;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            MemorySegment sought = MemorySegment.ofArray(needle);
            for (long at = 0; at <= bytes.byteSize() - needle.length; at++) {
                if (bytes.get(ValueLayout.JAVA_BYTE, at) == needle[0]
                        && bytes.asSlice(at, needle.length).mismatch(sought) < 0) {
                    return true;
                }
            }
            return false;
        }
    }

    /// A space ends the interpreter's path in the first line of a script (execve(2)). The stage may have had none: then
    /// the script is started by a shell, as uv does it: Python takes those lines as a text that it does not use.
    private byte[] startable(byte[] script) {
        String start = "#!" + environment + "/";
        if (environment.toString().chars().noneMatch(Character::isWhitespace) || find(script, bytes(start), 0) != 0) {
            return script;
        }
        int end = find(script, bytes("\n"), 0);
        int length = end < 0 ? script.length : end;
        String rest = new String(script, start.length() - 1, length - start.length() + 1, StandardCharsets.UTF_8);
        String[] words = rest.strip().split("\\s+", 2);
        String options = words.length == 1 ? "" : words[1] + " ";
        String interpreter = (environment + words[0]).replace("'", "'\"'\"'");
        String first = "#!/bin/sh\n'''exec' '%s' %s\"$0\" \"$@\"\n' '''".formatted(interpreter, options);
        var out = new ByteArrayOutputStream(script.length + first.length());
        out.writeBytes(bytes(first));
        out.write(script, length, script.length - length);
        return out.toByteArray();
    }

    /// As Python writes it.
    private static String asciiJson(String path) {
        StringBuilder out = new StringBuilder();
        for (char character : path.toCharArray()) {
            if (character > '~') {
                out.append("\\u%04x".formatted((int) character));
            } else {
                out.append(character == '"' || character == '\\' ? "\\" : "").append(character);
            }
        }
        return out.toString();
    }

    /// As in a URL.
    private static String percentEncoded(String path) {
        StringBuilder out = new StringBuilder();
        for (byte one : bytes(path)) {
            boolean isPlain = one > ' ' && one <= '~' && "\"#%<>?[\\]^`{|}".indexOf(one) < 0;
            out.append(isPlain ? String.valueOf((char) one) : "%%%02X".formatted(one));
        }
        return out.toString();
    }

    private void relink(Path link) throws IOException {
        Path text = Files.readSymbolicLink(link);
        if (text.startsWith(prepared)) {
            Files.delete(link);
            Files.createSymbolicLink(link, environment.resolve(prepared.relativize(text)));
        }
    }

    /// Corrects `RECORD`, which holds the hash of each installed file.
    private void correctRecords(Set<Path> changed) throws IOException {
        if (changed.isEmpty()) {
            return;
        }
        for (Path record : files()) {
            if (!record.endsWith("RECORD")
                    || !String.valueOf(record.getParent()).endsWith(".dist-info")) {
                continue;
            }
            Path base = record.resolve("../..").normalize();
            List<String> lines = new ArrayList<>();
            boolean corrected = false;
            for (String line : Files.readAllLines(record)) {
                String[] parts = line.split(",", -1);
                Path file = parts.length == 3 && !parts[0].startsWith("\"")
                        ? base.resolve(parts[0]).normalize()
                        : record;
                if (!file.equals(record) && !parts[1].isEmpty() && changed.contains(file)) {
                    byte[] content = Files.readAllBytes(file);
                    lines.add("%s,sha256=%s,%d".formatted(parts[0], hash(content), content.length));
                    corrected = true;
                } else {
                    lines.add(line);
                }
            }
            if (corrected) {
                write(record, bytes(String.join("\n", lines) + "\n"));
            }
        }
    }

    private List<Path> files() throws IOException {
        return files(prepared);
    }

    private static List<Path> files(Path tree) throws IOException {
        List<Path> files = new ArrayList<>();
        if (!Files.isDirectory(tree)) {
            return files;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() || attributes.isSymbolicLink()) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    /// Keeps the modification time: Python matches byte code to a file by it.
    private static void write(Path file, byte[] content) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        // A new file, not the old one's bytes: the old one may be linked from a cache.
        Path fresh = file.resolveSibling("." + file.getFileName() + ".lamplighter");
        Files.write(fresh, content);
        Files.setPosixFilePermissions(fresh, permissions);
        Files.setLastModifiedTime(fresh, time);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean isBinary(byte[] content) {
        return find(content, new byte[] {0}, 0) >= 0;
    }

    private static byte[] replaced(byte[] content, byte[] needle, byte[] replacement) {
        var out = new ByteArrayOutputStream(content.length);
        int from = 0;
        for (int at = find(content, needle, 0); at >= 0; at = find(content, needle, from)) {
            out.write(content, from, at - from);
            out.writeBytes(replacement);
            from = at + needle.length;
        }
        out.write(content, from, content.length - from);
        return out.toByteArray();
    }

    private static int find(byte[] content, byte[] needle, int from) {
        for (int at = from; at <= content.length - needle.length; at++) {
            int matched = 0;
            while (matched < needle.length && content[at + matched] == needle[matched]) {
                matched++;
            }
            if (matched == needle.length) {
                return at;
            }
        }
        return -1;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hash(byte[] content) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Digest.sha256(content));
    }
}
