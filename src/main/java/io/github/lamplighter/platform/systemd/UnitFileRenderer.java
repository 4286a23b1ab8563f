package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.Digest;
import io.github.lamplighter.service.ServiceDefinition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Writes the text of a unit file, with the quoting of systemd.syntax(7) and systemd.service(5), "Command
/// lines".
final class UnitFileRenderer {

    /// The start of the first line of every file that Lamplighter writes.
    private static final String HEADER = "# Written by Lamplighter";

    /// systemd ignores sections that begin with "X-".
    private static final String SECTION = "\n[X-Lamplighter]\n";

    /// LONG_LINE_MAX of systemd, less the key.
    private static final int LONGEST_LINE = (1 << 20) - 64;

    /// string_is_safe() of systemd: the path of a program must not contain these, even when quoted.
    private static final Pattern UNSAFE = Pattern.compile("[\"'\\\\\t]");

    /// An interrupted upgrade is finished or rolled back first. There is no network target in a user's
    /// manager.
    private static final String AFTER = "lamplighter-recover.service";

    static final String CONDITION = "ConditionFileIsExecutable=";

    private static final Pattern PROGRAM = Pattern.compile("(?m)^%s(.+)$".formatted(CONDITION));

    private UnitFileRenderer() {}

    static boolean isOurs(String text) {
        return text.startsWith(HEADER);
    }

    /// The program that a file of ours starts, by its condition.
    static Optional<Path> program(Optional<String> text) {
        return text.map(PROGRAM::matcher)
                .filter(Matcher::find)
                .map(line -> Path.of(line.group(1).replace("%%", "%")));
    }

    static boolean isOfATool(String text) {
        return isOurs(text) && text.contains(SECTION);
    }

    /// Whether the checksum at the end of a file of ours does not match the text before it.
    static boolean isChangedByHand(String text) {
        int section = text.indexOf(SECTION);
        return isOurs(text)
                && (section < 0
                        || !text.substring(section).contains("\nSum=" + sum(text.substring(0, section)) + "\n"));
    }

    private static String sum(String text) {
        return Digest.hex(text, 8);
    }

    /// Why a unit file cannot express a definition, as a sentence; empty if it can.
    static Optional<String> problem(ServiceDefinition definition) {
        return definition
                .problem()
                .or(() -> Optional.of(definition.workingDirectory().toString())
                        .filter(path -> !isPlainPath(path))
                        .map(path ->
                                "systemd does not accept the directory `%s`: it starts or ends with white space, or ends with a backslash."
                                        .formatted(path)))
                .or(() -> definition
                        .environmentFile()
                        .map(Path::toString)
                        .filter(path -> !isPlainPath(path))
                        .map(path ->
                                "systemd does not accept the file `%s`: it starts or ends with white space, or ends with a backslash."
                                        .formatted(path)))
                .or(() -> Optional.of(definition.argv().getFirst())
                        .filter(program -> UNSAFE.matcher(program).find() && program.indexOf('=') >= 0)
                        .map(
                                "systemd does not accept a program path with `=` and a quote, backslash or tab: %s"
                                        ::formatted))
                .or(() -> Optional.of(command(definition.argv()))
                        .filter(command -> command.getBytes(StandardCharsets.UTF_8).length > LONGEST_LINE)
                        .map(_ -> "Its arguments are too long together: systemd reads lines of up to 1 MiB."));
    }

    static String render(ServiceDefinition definition, String unit) {
        StringBuilder text = new StringBuilder();
        text.append(HEADER).append(" for ").append(definition.name()).append(". It works without Lamplighter.\n");
        text.append("# To see changes made by hand: lamplighter service diff ")
                .append(definition.name())
                .append("\n\n[Unit]\n");
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

    /// The command line of exactly these arguments. `:` disables the expansion of `$`; it is only written if
    /// there is a `$`, because in the program's path a doubled one would stay doubled. A program whose path
    /// systemd does not accept is started with env(1).
    static String command(List<String> argv) {
        boolean dollar = argv.stream().anyMatch(argument -> argument.indexOf('$') >= 0);
        boolean unsafe = UNSAFE.matcher(argv.getFirst()).find();
        return (dollar ? ":" : "")
                + (unsafe ? "/usr/bin/env -- " : "")
                + argv.stream().map(UnitFileRenderer::quoted).collect(Collectors.joining(" "));
    }

    /// A line for a unit that runs Lamplighter itself: skipped, and not failed, once Lamplighter is removed.
    static String ifExecutable(String program) {
        return CONDITION + specifiers(program);
    }

    private static String assignment(String name, String value) {
        return quoted(name + "=" + value);
    }

    /// A word in double quotes, which also protects `;` and leading prefixes.
    static String quoted(String value) {
        return "\""
                + value.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\t", "\\t")
                        .replace("%", "%%") + "\"";
    }

    /// A setting with one path uses the rest of the line as it is, except for specifiers.
    static String specifiers(String value) {
        return value.replace("%", "%%");
    }

    /// `EnvironmentFile=` is a glob(7) pattern.
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

    /// Whether a line keeps the path: no white space at its ends, no backslash at its end.
    private static boolean isPlainPath(String path) {
        return path.startsWith("/") && path.equals(path.strip()) && !path.endsWith("\\");
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append('=').append(value).append('\n');
    }
}
