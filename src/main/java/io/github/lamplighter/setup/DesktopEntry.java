package io.github.lamplighter.setup;

import java.util.List;
import java.util.stream.Collectors;

/// The quoting of desktop entries (Desktop Entry Specification 1.5, "The Exec key" and "Possible value types").
public final class DesktopEntry {

    private DesktopEntry() {}

    /// The value of `Exec` for an argument list.
    public static String exec(List<String> argv) {
        return escaped(argv.stream().map(DesktopEntry::quoted).collect(Collectors.joining(" ")));
    }

    /// One argument by the rules of the Exec key.
    private static String quoted(String argument) {
        StringBuilder word = new StringBuilder("\"");
        for (char character : argument.toCharArray()) {
            if ("\"`$\\".indexOf(character) >= 0) {
                word.append('\\');
            }
            word.append(character == '%' ? "%%" : String.valueOf(character));
        }
        return word.append('"').toString();
    }

    /// A value by the rules of desktop entries, which apply on top of those of its key.
    public static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\t", "\\t")
                .replace("\r", "\\r");
    }

    public static String unescaped(String value) {
        return value.replace("\\\\", "\\");
    }

    /// The text of an entry, with its program replaced: a desktop does not have the shell's `PATH`.
    ///
    /// @param text whose `Exec` and `TryExec` name the program without arguments that need quoting
    static String withProgram(String text, String program) {
        return text.lines()
                        .map(line -> {
                            if (line.startsWith("TryExec=")) {
                                return "TryExec=" + escaped(program);
                            }
                            if (line.startsWith("Exec=")) {
                                int end = line.indexOf(' ');
                                return "Exec=" + exec(List.of(program)) + (end < 0 ? "" : line.substring(end));
                            }
                            return line;
                        })
                        .collect(Collectors.joining("\n"))
                + "\n";
    }
}
