package io.github.lamplighter.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How a service file of ours differs from the one that would be written now, without asking the shell again.
///
/// @param lines the keys of the lines that only one of both has, in the order of the file
/// @param lacking folders in which the shell looks, as it was last asked, and the service does not
public record Drift(List<String> lines, List<String> lacking) {

    /// Folders of one version of a runtime: which of them is the shell's default changes, and a tool belongs to its
    /// own.
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

    /// @param wanted the definition of now, with the shell's `PATH` as it was last asked; empty where it never was
    /// @param render how the manager writes a definition
    /// @param forwarded variables that come from the shell, and are not compared
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
        // Cleaned again: what has vanished since, or belonged to one shell only, is no difference.
        return Stream.of(SearchPath.cleaned(wanted, home, Optional.empty())
                        .value()
                        .split(":", -1))
                .filter(folder -> shell.contains(folder)
                        && !there.contains(folder)
                        && !VERSIONED.matcher(folder + "/").matches())
                .toList();
    }

    /// Comments do not count, nor what Lamplighter notes for itself.
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
