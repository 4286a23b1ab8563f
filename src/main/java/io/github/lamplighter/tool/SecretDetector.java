package io.github.lamplighter.tool;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// What nobody else shall read, by what it is called and by what it looks like. A manifest, a service file and the list
/// of processes can be read by other programs.
public final class SecretDetector {

    /// The forms of tokens that well-known services publish, as a regular expression.
    public static final String TOKEN = "\\b(?:gh[pousr]_\\w{20,}|github_pat_\\w{20,}|glpat-[\\w-]{15,}"
            + "|npm_\\w{20,}|pypi-[\\w-]{20,}|sk-[\\w-]{16,}|xox[abprs]-[\\w-]{10,}|AKIA[0-9A-Z]{16}"
            + "|AIza[\\w-]{30,}|eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*)";

    private static final Pattern SECRET = Pattern.compile(".*(TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL).*");

    private static final Pattern KEY = Pattern.compile("(.*_)?(API|ACCESS|PRIVATE|SIGNING)?KEYS?(_.*)?");

    /// What is only said about a secret: where it lies, how long it is good, how many of them there may be.
    private static final Pattern ABOUT_ONE = Pattern.compile(
            ".*_(FILE|PATH|DIR|NAME|URL|HEADER|TTL|EXPIRY|LIFETIME|LENGTH|TIMEOUT|TYPE)" + "|(NO|MAX|MIN|NUM)_.*");

    private static final Pattern SIGNED_IN = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/?#\\s@:]*:[^/?#\\s@]+@");

    private static final Pattern OF_A_TOKEN = Pattern.compile(TOKEN + "|-----BEGIN [A-Z ]*PRIVATE KEY-----");

    private static final Pattern PLACE = Pattern.compile("[~.]{0,2}/.*|\\$.*|.*\\.(pem|key|crt|json|txt)");

    private SecretDetector() {}

    /// Whether a value is an address with a password in it.
    public static boolean inAddress(String value) {
        return SIGNED_IN.matcher(value).find();
    }

    /// Whether a value is a secret by its own looks, whatever it is called: an address with a password, a token.
    public static boolean looksLikeOne(String value) {
        return inAddress(value) || OF_A_TOKEN.matcher(value).find();
    }

    /// An argument that holds what looks like a secret.
    ///
    /// @param index of the argument that holds it
    /// @param option as people call it: `--token`, or `argument 2` where no option stands before it
    public record Argument(int index, String option) {}

    /// The first argument that holds what looks like a secret.
    public static Optional<Argument> argument(List<String> arguments) {
        return IntStream.range(0, arguments.size())
                .boxed()
                .flatMap(index -> argument(arguments, index).stream())
                .findFirst();
    }

    /// The option in front of what looks like a secret, if there is one: `--token`.
    public static Optional<String> inArguments(List<String> arguments) {
        return argument(arguments).map(Argument::option);
    }

    /// Whether a variable's name says that its value is a secret. A name that ends in `_FILE` only says where
    /// one is.
    public static boolean isSecret(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return (SECRET.matcher(upper).matches() || KEY.matcher(upper).matches())
                && !ABOUT_ONE.matcher(upper).matches();
    }

    private static Optional<Argument> argument(List<String> arguments, int index) {
        String argument = arguments.get(index);
        int equals = argument.startsWith("-") ? argument.indexOf('=') : -1;
        boolean follows = index > 0
                && arguments.get(index - 1).startsWith("-")
                && !arguments.get(index - 1).contains("=");
        String option = equals > 0 ? argument.substring(0, equals) : follows ? arguments.get(index - 1) : "";
        String value = argument.substring(equals + 1);
        boolean named = !option.isEmpty() && (equals > 0 || !argument.startsWith("-")) && isOf(option, value);
        return named || looksLikeOne(value)
                ? Optional.of(new Argument(index, option.isEmpty() ? "argument " + (index + 1) : option))
                : Optional.empty();
    }

    /// `--password` before anything but a place; `--key` is also said of columns and shortcuts, so that there the value
    /// decides.
    private static boolean isOf(String option, String value) {
        String name = option.replaceFirst("^-+", "").replaceAll("[-.]", "_").toUpperCase(Locale.ROOT);
        if (value.isEmpty() || PLACE.matcher(value).matches() || !isSecret(name)) {
            return false;
        }
        return SECRET.matcher(name).matches()
                || (value.length() >= 8 && value.chars().anyMatch(Character::isDigit));
    }
}
