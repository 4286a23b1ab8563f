package io.github.lamplighter.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A `PATH` that a service can use for months: the shell's, without entries that are temporary, unsafe or
/// local to it.
///
/// @param value entries joined by `:`
/// @param warnings sentences about entries that were left out because other users can write to them
public record SearchPath(String value, List<String> warnings) {

    /// The entries that every login has.
    private static final List<String> STANDARD = List.of("/usr/local/bin", "/usr/bin", "/bin");

    /// Directories that do not survive a reboot, or that belong to another system.
    private static final Pattern TEMPORARY = Pattern.compile("/(tmp|var/tmp|var/folders|run/user|mnt/[a-z])(/.*)?");

    /// Directories that last as long as one shell, such as fnm's.
    private static final Pattern OF_ONE_SHELL = Pattern.compile(".*/(fnm_multishells|\\.direnv)/.*");

    public SearchPath {
        warnings = List.copyOf(warnings);
    }

    /// Removes entries of `raw` that are empty, relative, duplicate, missing, temporary, a project's own, or
    /// writable by other users, and adds those that every login has.
    ///
    /// @param keep the tool's own virtual environment, which stays
    public static SearchPath cleaned(String raw, Path home, Optional<Path> keep) {
        Set<String> entries = new LinkedHashSet<>();
        List<String> warnings = new ArrayList<>();
        List<String> candidates = new ArrayList<>(List.of(raw.split(":", -1)));
        candidates.add(home.resolve(".local/bin").toString());
        candidates.addAll(STANDARD);
        for (String candidate : candidates) {
            entry(candidate, home, keep, warnings).ifPresent(entries::add);
        }
        return new SearchPath(
                String.join(":", entries), warnings.stream().distinct().toList());
    }

    /// The same, in which `program` is the one of `folder`: nothing changes if it is found already, and other
    /// programs are found as before wherever possible.
    public SearchPath finding(String program, Path folder) {
        List<String> entries = new ArrayList<>(List.of(value.split(":", -1)));
        Optional<Path> first = first(program);
        if (first.filter(found -> isSame(found, folder.resolve(program))).isPresent()) {
            return this;
        }
        entries.remove(folder.toString());
        int place = first.map(found -> entries.indexOf(String.valueOf(found.getParent())))
                .filter(index -> index >= 0)
                .orElse(entries.size());
        entries.add(place, folder.toString());
        entries.removeIf(String::isEmpty);
        return new SearchPath(String.join(":", entries), warnings);
    }

    /// What a name finds.
    Optional<Path> first(String program) {
        return Stream.of(value.split(":", -1))
                .filter(entry -> entry.startsWith("/"))
                .map(entry -> Path.of(entry).resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return one.equals(other);
        }
    }

    private static Optional<String> entry(String candidate, Path home, Optional<Path> keep, List<String> warnings) {
        if (!candidate.startsWith("/") || candidate.chars().anyMatch(Character::isISOControl)) {
            return Optional.empty();
        }
        Path folder;
        try {
            folder = Path.of(candidate).normalize();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        boolean temporary = TEMPORARY.matcher(folder.toString()).matches() && !folder.startsWith(home);
        boolean project = folder.endsWith("node_modules/.bin")
                || OF_ONE_SHELL.matcher(folder + "/").matches()
                || isEnvironment(folder, keep);
        if (temporary || project || !Files.isDirectory(folder) || !Files.isReadable(folder)) {
            return Optional.empty();
        }
        if (isWorldWritable(folder)) {
            warnings.add("%s was left out of PATH, because every user can write to it.".formatted(folder));
            return Optional.empty();
        }
        if (isOwnedByAnother(folder, home)) {
            warnings.add("%s was left out of PATH, because it belongs to another user.".formatted(folder));
            return Optional.empty();
        }
        return Optional.of(folder.toString());
    }

    /// Neither root's nor this user's.
    private static boolean isOwnedByAnother(Path folder, Path home) {
        try {
            Object owner = Files.getAttribute(folder, "unix:uid");
            return !owner.equals(0) && !owner.equals(Files.getAttribute(home, "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isEnvironment(Path folder, Optional<Path> keep) {
        Path parent = folder.getParent();
        return parent != null
                && Files.exists(parent.resolve("pyvenv.cfg"))
                && keep.filter(parent::equals).isEmpty();
    }

    private static boolean isWorldWritable(Path folder) {
        try {
            return Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
