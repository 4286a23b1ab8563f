package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.service.ServiceDefinition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The text of a unit file, with the quoting of systemd.syntax(7) and systemd.service(5) "Command lines".
final class UnitFile {

    /// How the first line of every file of ours begins; a file without it is somebody else's.
    private static final String HEADER = "# Written by Lamplighter";

    /// Sections that begin with "X-" are other programs'; systemd reads past them.
    private static final String SECTION = "\n[X-Lamplighter]\n";

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private UnitFile() {}

    static boolean isOurs(String text) {
        return text.startsWith(HEADER);
    }

    /// A file of ours carries the sum of what stands above it.
    static boolean isChangedByHand(String text) {
        int section = text.indexOf(SECTION);
        return isOurs(text)
                && (section < 0
                        || !text.substring(section).contains("\nSum=" + sum(text.substring(0, section)) + "\n"));
    }

    private static String sum(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Why a definition cannot be said in a unit file, if it cannot.
    static Optional<String> problem(ServiceDefinition definition) {
        if (definition.argv().isEmpty() || !definition.argv().getFirst().startsWith("/")) {
            return Optional.of("The program of a service needs a full path.");
        }
        // string_is_safe() in systemd: a program's own path is taken without these only, however it is quoted.
        if (definition.argv().getFirst().chars().anyMatch(c -> "\"'\\".indexOf(c) >= 0 || Character.isISOControl(c))) {
            return Optional.of("systemd takes no program whose path has quotes, backslashes or control characters.");
        }
        if (everything(definition).anyMatch(value -> value.indexOf('\0') >= 0)) {
            return Optional.of("A value with a NUL character cannot be handed to a program.");
        }
        for (Map.Entry<String, String> entry : definition.environment().entrySet()) {
            if (!VARIABLE.matcher(entry.getKey()).matches()) {
                return Optional.of("`%s` cannot be the name of a variable.".formatted(entry.getKey()));
            }
            if (entry.getValue().chars().anyMatch(UnitFile::isRefusedInVariable)) {
                return Optional.of("The value of %s has a control character, which systemd does not take."
                        .formatted(entry.getKey()));
            }
        }
        if (definition.path().chars().anyMatch(Character::isISOControl)) {
            return Optional.of("PATH has a control character, which systemd does not take.");
        }
        return Stream.concat(Stream.of(definition.workingDirectory()), definition.environmentFile().stream())
                .map(Path::toString)
                .filter(path -> !isPlainPath(path))
                .findFirst()
                .map(path -> "The path %s cannot be written in a unit file.".formatted(path.strip()));
    }

    static String render(ServiceDefinition definition, String unit) {
        StringBuilder text = new StringBuilder();
        text.append(HEADER)
                .append(" for ")
                .append(definition.name())
                .append(". What is changed here by hand is kept;\n");
        text.append("# `lamplighter service diff ").append(definition.name()).append("` shows it. ");
        text.append("It runs without Lamplighter.\n\n[Unit]\n");
        line(text, "Description", oneLine(definition.description()));
        line(text, "StartLimitIntervalSec", "60");
        line(text, "StartLimitBurst", "5");
        text.append("\n[Service]\n");
        line(text, "Type", "exec");
        line(text, "ExecStart", command(definition.argv()));
        line(text, "WorkingDirectory", specifiers(definition.workingDirectory().toString()));
        line(text, "Environment", assignment("PATH", definition.path()));
        new TreeMap<>(definition.environment())
                .forEach((name, value) -> line(text, "Environment", assignment(name, value)));
        definition.environmentFile().ifPresent(file -> line(text, "EnvironmentFile", specifiers(file.toString())));
        line(text, "Restart", "on-failure");
        line(text, "RestartSec", "5");
        line(text, "RestartPreventExitStatus", "78");
        definition.killMode().ifPresent(mode -> line(text, "KillMode", mode));
        line(text, "TimeoutStopSec", Integer.toString(definition.stopTimeoutSeconds()));
        text.append("\n[Install]\n");
        line(text, "WantedBy", "default.target");
        String sum = sum(text.toString());
        text.append(SECTION);
        line(text, "Tool", definition.name());
        line(text, "Unit", unit);
        line(text, "Sum", sum);
        return text.toString();
    }

    /// `:` switches the expansion of `$` off. It is only written where there is a `$`: in the program's own
    /// path a
    /// doubled one would stay doubled.
    private static String command(List<String> argv) {
        boolean dollar = argv.stream().anyMatch(argument -> argument.indexOf('$') >= 0);
        return (dollar ? ":" : "") + argv.stream().map(UnitFile::quoted).collect(Collectors.joining(" "));
    }

    private static String assignment(String name, String value) {
        return quoted(name + "=" + value);
    }

    /// A word in double quotes. Quoting makes `;` and leading prefixes plain too.
    static String quoted(String value) {
        StringBuilder word = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            switch (character) {
                case '\\' -> word.append("\\\\");
                case '"' -> word.append("\\\"");
                case '\n' -> word.append("\\n");
                case '\t' -> word.append("\\t");
                case '%' -> word.append("%%");
                default -> {
                    if (character < ' ' || character == 0x7f) {
                        word.append("\\x%02x".formatted((int) character));
                    } else {
                        word.append(character);
                    }
                }
            }
        }
        return word.append('"').toString();
    }

    /// Settings that take one path take the rest of the line as it is, but for specifiers.
    private static String specifiers(String value) {
        return value.replace("%", "%%");
    }

    private static String oneLine(String value) {
        String line = value.codePoints()
                .map(point -> Character.isISOControl(point) || point == '\\' ? ' ' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return specifiers(line.strip());
    }

    /// Without the white space that the line would lose, and the backslash that would continue it.
    private static boolean isPlainPath(String path) {
        return path.startsWith("/")
                && path.equals(path.strip())
                && !path.endsWith("\\")
                && path.chars().noneMatch(Character::isISOControl);
    }

    private static boolean isRefusedInVariable(int character) {
        return Character.isISOControl(character) && character != '\t' && character != '\n';
    }

    private static Stream<String> everything(ServiceDefinition definition) {
        return Stream.of(
                        definition.argv().stream(),
                        definition.environment().values().stream(),
                        Stream.of(
                                definition.path(), definition.workingDirectory().toString()))
                .flatMap(stream -> stream);
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append('=').append(value).append('\n');
    }
}
