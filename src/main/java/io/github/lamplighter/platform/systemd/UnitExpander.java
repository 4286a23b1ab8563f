package io.github.lamplighter.platform.systemd;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Expands the specifiers and variables of a unit file.
final class UnitExpander {

    /// systemd.service(5), "Special executable prefixes".
    private static final String PREFIXES = "-@:+!|";

    private static final Pattern VARIABLE = Pattern.compile("\\$[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern REFERENCE =
            Pattern.compile("\\$(\\$|\\{([A-Za-z_][A-Za-z0-9_]*)}|([A-Za-z_][A-Za-z0-9_]*)$)");

    private final Path home;
    private final String user;
    private final Optional<Path> runtime;

    UnitExpander(Path home, Optional<Path> runtime) {
        this.home = home;
        this.user = String.valueOf(home.getFileName());
        this.runtime = runtime;
    }

    /// A value of `ExecStart=`, as the program gets it.
    ///
    /// @param complete whether all its variables are known
    record Command(List<String> argv, boolean complete) {}

    /// @param environment the variables that the unit sets
    Command command(String command, boolean system, String instance, Map<String, String> environment) {
        int begin = 0;
        while (begin < command.length() && PREFIXES.indexOf(command.charAt(begin)) >= 0) {
            begin++;
        }
        String prefix = command.substring(0, begin);
        List<String> argv =
                new ArrayList<>(UnitFileParser.words(specifiers(command.substring(begin), system, instance)));
        if (prefix.contains("@") && argv.size() > 1) {
            // The displayed name, not an argument.
            argv.remove(1);
        }
        return prefix.contains(":") ? new Command(argv, true) : expanded(argv, environment);
    }

    /// Expands `$X` and `${X}` (systemd.service(5), "Command lines") with the variables of the unit itself.
    private static Command expanded(List<String> argv, Map<String, String> environment) {
        List<String> result = new ArrayList<>();
        boolean complete = true;
        for (String word : argv) {
            if (word.indexOf('$') < 0) {
                result.add(word);
                continue;
            }
            if (VARIABLE.matcher(word).matches()) {
                String value = environment.get(word.substring(1));
                complete &= value != null;
                Stream.of((value == null ? "" : value).strip().split("\\s+"))
                        .filter(part -> !part.isEmpty())
                        .forEach(result::add);
                continue;
            }
            Matcher reference = REFERENCE.matcher(word);
            StringBuilder whole = new StringBuilder();
            while (reference.find()) {
                String name = reference.group(2);
                String value = name == null ? "$" : environment.get(name);
                boolean literal = name == null && !reference.group().equals("$$");
                complete &= value != null;
                reference.appendReplacement(
                        whole,
                        Matcher.quoteReplacement(
                                literal ? reference.group() : value == null ? reference.group() : value));
            }
            result.add(reference.appendTail(whole).toString());
        }
        return new Command(result, complete);
    }

    /// Expands specifiers (systemd.unit(5), "Specifiers"); unknown ones are kept.
    String specifiers(String value, boolean system, String instance) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '%' || i + 1 == value.length()) {
                result.append(c);
                continue;
            }
            char letter = value.charAt(++i);
            result.append(
                    switch (letter) {
                        case '%' -> "%";
                        case 'h' -> system ? "/root" : home.toString();
                        case 'u' -> system ? "root" : user;
                        case 'i', 'I' -> instance;
                        case 't' ->
                            system ? "/run" : runtime.map(Path::toString).orElse("%t");
                        default -> "%" + letter;
                    });
        }
        return result.toString();
    }
}
