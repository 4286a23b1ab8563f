package io.github.lamplighter.installer.npm;

import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The version of a `node`: read from its header file, or asked from the program if there is none.
final class NodeRuntimes {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Pattern PART = Pattern.compile("#define NODE_(MAJOR|MINOR|PATCH)_VERSION (\\d+)");

    private final ProcessRunner runner;
    private final Map<String, String> known = new ConcurrentHashMap<>();

    NodeRuntimes(ProcessRunner runner) {
        this.runner = runner;
    }

    /// Empty if unknown.
    String version(Path node) {
        try {
            Path real = node.toRealPath();
            String key = real + "@" + Files.getLastModifiedTime(real);
            return known.computeIfAbsent(key, _ -> fromHeader(real).orElseGet(() -> asked(real)));
        } catch (IOException e) {
            return "";
        }
    }

    private static Optional<String> fromHeader(Path real) {
        Path bin = real.getParent();
        Path prefix = bin == null ? null : bin.getParent();
        if (prefix == null) {
            return Optional.empty();
        }
        try {
            String[] numbers = new String[3];
            Matcher matcher = PART.matcher(Files.readString(prefix.resolve("include/node/node_version.h")));
            while (matcher.find()) {
                numbers[
                                switch (matcher.group(1)) {
                                    case "MAJOR" -> 0;
                                    case "MINOR" -> 1;
                                    default -> 2;
                                }] =
                        matcher.group(2);
            }
            return numbers[0] == null || numbers[1] == null || numbers[2] == null
                    ? Optional.empty()
                    : Optional.of(String.join(".", numbers));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private String asked(Path real) {
        Command command = Command.of(LIMIT, real.toString(), "--version").without("NODE_OPTIONS");
        return runner.run(command) instanceof ProcessResult.Exited(int status, String out, String _, Duration _)
                        && status == 0
                ? out.strip().replaceFirst("^v", "")
                : "";
    }
}
