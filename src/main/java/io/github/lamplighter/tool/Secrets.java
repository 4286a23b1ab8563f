package io.github.lamplighter.tool;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which variables hold what nobody else shall read. A manifest and a service file can be read by other programs.
public final class Secrets {

    private static final Pattern SECRET = Pattern.compile(
            ".*(TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL).*|(.*_)?(API|ACCESS|PRIVATE|SIGNING)?KEYS?(_.*)?");

    private static final Pattern NAMES_A_FILE = Pattern.compile(".*_(FILE|PATH|DIR)");

    private static final Pattern SIGNED_IN = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/?#\\s@:]*:[^/?#\\s@]+@");

    private Secrets() {}

    /// Whether a value is an address with a password in it.
    public static boolean inAddress(String value) {
        return SIGNED_IN.matcher(value).find();
    }

    /// The option in front of what looks like a secret, if there is one: `--token`.
    public static Optional<String> inArguments(List<String> arguments) {
        return arguments.stream()
                .filter(argument -> argument.startsWith("-"))
                .map(argument -> argument.replaceFirst("=.*$", ""))
                .filter(option -> isSecret(option.replaceFirst("^-+", "").replace('-', '_')))
                .findFirst();
    }

    /// Whether a variable's name says that its value is a secret. A name that ends in `_FILE` only says where
    /// one is.
    public static boolean isSecret(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return SECRET.matcher(upper).matches() && !NAMES_A_FILE.matcher(upper).matches();
    }
}
