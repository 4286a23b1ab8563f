package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.platform.systemd.UserManagerClient.Properties;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.service.EnvironmentFile;
import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.service.ServiceEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads the environment of a unit's program (systemd.exec(5), "Environment variables in spawned processes"):
/// the manager's variables, then `Environment=` of the unit and its drop-ins, then the files of
/// `EnvironmentFile=`.
final class UnitEnvironment {

    private static final int LIMIT = 1 << 20;

    /// `systemctl show` prints an entry with special characters in double quotes, or as `$'…'`.
    private static final Pattern WORD = Pattern.compile("\\$'((?:[^'\\\\]|\\\\.)*)'|\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)");

    private static final Pattern FILE = Pattern.compile("(/.*?) \\(ignore_errors=(?:yes|no)\\)");

    private UnitEnvironment() {}

    static Optional<ServiceEnvironment> of(
            String unit, UserManagerClient userManagerClient, AppDirectories directories) {
        Properties shown = userManagerClient.show(unit, List.of("Environment", "EnvironmentFiles", "ExecSearchPath"));
        if (shown.trouble().isPresent()
                || !(showEnvironment(unit, userManagerClient) instanceof ProcessResult.Exited own)
                || own.status() != 0) {
            return Optional.empty();
        }
        ServiceEnvironment variables = new ServiceEnvironment()
                .with(assignments(own.out().lines().map(UnitEnvironment::unquoted)), "the service manager");
        if (!shown.get("ExecSearchPath").isEmpty()) {
            variables =
                    variables.with(Map.of("PATH", shown.get("ExecSearchPath").replace(' ', ':')), unit);
        }
        variables = variables.with(assignments(words(shown.get("Environment")).stream()), unit);
        for (Path file : files(shown.get("EnvironmentFiles"))) {
            try {
                if (Files.isRegularFile(file) && Files.size(file) < LIMIT) {
                    variables =
                            variables.with(EnvironmentFile.parse(Files.readString(file)), directories.display(file));
                }
            } catch (IOException e) {
                // The manager cannot read it either, unless it runs as another user.
            }
        }
        return Optional.of(variables);
    }

    private static ProcessResult showEnvironment(String unit, UserManagerClient userManagerClient) {
        return ForeignUnit.isOfTheSystem(unit)
                ? userManagerClient.run("systemctl", "--system", "show-environment")
                : userManagerClient.systemctl("show-environment");
    }

    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            words.add(plain(word));
        }
        return words;
    }

    /// Removes the quotes of a line of `show-environment`: `NAME=value`.
    private static String unquoted(String line) {
        int equals = line.indexOf('=');
        List<String> value = equals < 0 ? List.of() : words(line.substring(equals + 1));
        return value.size() == 1 ? line.substring(0, equals + 1) + value.getFirst() : line;
    }

    private static String plain(Matcher word) {
        String quoted = Optional.ofNullable(word.group(1))
                .or(() -> Optional.ofNullable(word.group(2)))
                .orElse("");
        return word.group(3) != null ? word.group(3) : quoted.replaceAll("\\\\(.)", "$1");
    }

    /// The files in the order in which they apply; a pattern means the existing files that match.
    private static List<Path> files(String text) {
        List<Path> files = new ArrayList<>();
        Matcher file = FILE.matcher(text);
        while (file.find()) {
            Path path = Path.of(file.group(1));
            String name = String.valueOf(path.getFileName());
            if (!name.matches(".*[*?\\[].*")) {
                files.add(path);
                continue;
            }
            try (var found = Files.newDirectoryStream(path.resolveSibling(""), name)) {
                List<Path> all = new ArrayList<>();
                found.forEach(all::add);
                all.stream().sorted().forEach(files::add);
            } catch (IOException e) {
                // No such directory, so no files.
            }
        }
        return files;
    }

    private static Map<String, String> assignments(Stream<String> words) {
        Map<String, String> values = new LinkedHashMap<>();
        words.filter(word -> word.indexOf('=') > 0)
                .forEach(word ->
                        values.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1)));
        return values;
    }
}
