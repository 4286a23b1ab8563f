package io.github.lamplighter.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The difference between a service file of ours and the one that would be written now, without running the
/// shell.
///
/// @param lines the keys of the lines that only one of the two has, in the order of the file
/// @param lacking directories in the shell's last known `PATH`, but not in the service's
public record Drift(List<String> lines, List<String> lacking) {

    /// Directories of one version of a runtime: the shell's default version changes, but a tool uses its own.
    private static final Pattern VERSIONED = Pattern.compile(
            ".*/(\\.nvm/versions|fnm/node-versions|\\.fnm/node-versions|\\.volta/tools/image|mise/installs"
                    + "|\\.asdf/installs|\\.nodenv/versions|\\.pyenv/versions|\\.rbenv/versions)/.*");

    public Drift {
        lines = List.copyOf(lines);
        lacking = List.copyOf(lacking);
    }

    public boolean isNone() {
        return lines.isEmpty() && lacking.isEmpty();
    }

    /// @param wanted the current definition, with the shell's last known `PATH`; empty if the shell never ran
    /// @param render how the manager writes a definition
    /// @param forwarded variables of the shell, which are not compared
    public static Drift between(
            String onDisk,
            ServiceDefinition wanted,
            Function<ServiceDefinition, String> render,
            List<String> forwarded,
            Path home) {
        Optional<String> path = ServiceFilePath.in(onDisk, home);
        List<String> lines =
                lines(onDisk, render.apply(path.map(wanted::withPath).orElse(wanted)), forwarded);
        return new Drift(
                lines, path.map(there -> lacking(there, wanted.path(), home)).orElse(List.of()));
    }

    private static List<String> lacking(String onDisk, String wanted, Path home) {
        if (wanted.isEmpty()) {
            return List.of();
        }
        List<String> there = List.of(onDisk.split(":", -1));
        List<String> shell = List.of(wanted.split(":", -1));
        // Cleaned again: an entry that is missing now, or was local to one shell, is not a difference.
        return Stream.of(SearchPath.cleaned(wanted, home, Optional.empty())
                        .value()
                        .split(":", -1))
                .filter(folder -> shell.contains(folder)
                        && !there.contains(folder)
                        && !VERSIONED.matcher(folder + "/").matches())
                .toList();
    }

    /// Comments and Lamplighter's own section are ignored.
    static List<String> lines(String onDisk, String wanted, List<String> forwarded) {
        List<String> left = new ArrayList<>(significant(onDisk));
        List<String> right = new ArrayList<>(significant(wanted));
        for (String name : forwarded) {
            left.removeIf(line -> sets(line, name));
            right.removeIf(line -> sets(line, name));
        }
        for (String line : List.copyOf(left)) {
            if (right.remove(line)) {
                left.remove(line);
            }
        }
        return Stream.concat(left.stream(), right.stream())
                .map(line -> line.contains("=") ? line.substring(0, line.indexOf('=')) : line)
                .distinct()
                .toList();
    }

    private static boolean sets(String line, String name) {
        return line.startsWith("Environment=" + name + "=") || line.startsWith("Environment=\"" + name + "=");
    }

    private static List<String> significant(String text) {
        int own = text.indexOf("\n[X-Lamplighter]");
        return (own < 0 ? text : text.substring(0, own))
                .lines()
                .map(String::strip)
                .filter(line ->
                        !line.isEmpty() && !line.startsWith("#") && !line.startsWith(";") && !line.startsWith("<!--"))
                .toList();
    }
}
