package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.Digest;
import io.github.lamplighter.service.ServiceDefinition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The text of a unit file, with the quoting of systemd.syntax(7) and systemd.service(5) "Command lines".
final class UnitFileWriter {

    /// How the first line of every file of ours begins; a file without it is somebody else's.
    private static final String HEADER = "# Written by Lamplighter";

    /// Sections that begin with "X-" are other programs'; systemd reads past them.
    private static final String SECTION = "\n[X-Lamplighter]\n";

    /// LONG_LINE_MAX of systemd, less the key.
    private static final int LONGEST_LINE = (1 << 20) - 64;

    /// string_is_safe() of systemd: a program's own path is taken without these only, however it is quoted.
    private static final Pattern UNSAFE = Pattern.compile("[\"'\\\\\t]");

    /// The manager of a user has no network to wait for; an upgrade that a crash cut off is to be put right first.
    private static final String AFTER = "lamplighter-recover.service";

    private UnitFileWriter() {}

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
        return Digest.hex(text, 8);
    }

    /// Why a definition cannot be said in a unit file, if it cannot.
    static Optional<String> problem(ServiceDefinition definition) {
        return definition
                .problem()
                .or(() -> Optional.of(definition.workingDirectory().toString())
                        .filter(path -> !isPlainPath(path))
                        .map(path -> "systemd takes no folder like `%s`: white space at an end, or a backslash last."
                                .formatted(path)))
                .or(() -> definition
                        .environmentFile()
                        .map(Path::toString)
                        .filter(path -> !isPlainPath(path))
                        .map(path -> "systemd takes no file like `%s`: white space at an end, or a backslash last."
                                .formatted(path)))
                .or(() -> Optional.of(definition.argv().getFirst())
                        .filter(program -> UNSAFE.matcher(program).find() && program.indexOf('=') >= 0)
                        .map(
                                "systemd takes no program whose path has quotes, backslashes or tabs, and `=` too: %s"
                                        ::formatted))
                .or(() -> Optional.of(command(definition.argv()))
                        .filter(command -> command.getBytes(StandardCharsets.UTF_8).length > LONGEST_LINE)
                        .map(_ -> "Its arguments are too long together for a line that systemd reads (1 MiB)."));
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
        line(text, "After", AFTER);
        line(text, "StartLimitIntervalSec", "60");
        line(text, "StartLimitBurst", "5");
        text.append("\n[Service]\n");
        line(text, "Type", "exec");
        line(text, "ExecStart", command(definition.argv()));
        line(text, "WorkingDirectory", specifiers(definition.workingDirectory().toString()));
        line(text, "Environment", assignment("PATH", definition.path()));
        new TreeMap<>(definition.environment())
                .forEach((name, value) -> line(text, "Environment", assignment(name, value)));
        definition.environmentFile().ifPresent(file -> line(text, "EnvironmentFile", pattern(file.toString())));
        line(text, "Restart", "on-failure");
        line(text, "RestartSec", "5");
        line(text, "RestartPreventExitStatus", "78");
        line(text, "KillMode", definition.killMode().orElse("control-group"));
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

    /// A command line that starts exactly these words. `:` switches the expansion of `$` off; it is only written
    /// where there is a `$`, since in the program's own path a doubled one would stay doubled. A program whose path
    /// systemd does not take is started by env(1), which becomes it.
    static String command(List<String> argv) {
        boolean dollar = argv.stream().anyMatch(argument -> argument.indexOf('$') >= 0);
        boolean unsafe = UNSAFE.matcher(argv.getFirst()).find();
        return (dollar ? ":" : "")
                + (unsafe ? "/usr/bin/env -- " : "")
                + argv.stream().map(UnitFileWriter::quoted).collect(Collectors.joining(" "));
    }

    private static String assignment(String name, String value) {
        return quoted(name + "=" + value);
    }

    /// A word in double quotes. Quoting makes `;` and leading prefixes plain too.
    static String quoted(String value) {
        return "\""
                + value.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\t", "\\t")
                        .replace("%", "%%") + "\"";
    }

    /// Settings that take one path take the rest of the line as it is, but for specifiers.
    private static String specifiers(String value) {
        return value.replace("%", "%%");
    }

    /// systemd takes a pattern of glob(7) for a file of variables.
    private static String pattern(String path) {
        return specifiers(path.replaceAll("[\\\\*?\\[\\]]", "\\\\$0"));
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
        return path.startsWith("/") && path.equals(path.strip()) && !path.endsWith("\\");
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append('=').append(value).append('\n');
    }
}
