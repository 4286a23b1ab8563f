package io.github.lamplighter.text;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Detects passwords and tokens by their names and by their form, because other programs can read a manifest, a service
/// file and the list of processes.
public final class SecretDetector {

    /// The forms of tokens that well-known services publish, as a regular expression.
    public static final String TOKEN = "\\b(?:gh[pousr]_\\w{20,}|github_pat_\\w{20,}|glpat-[\\w-]{15,}"
            + "|npm_\\w{20,}|pypi-[\\w-]{20,}|sk-[\\w-]{16,}|xox[abprs]-[\\w-]{10,}|AKIA[0-9A-Z]{16}"
            + "|AIza[\\w-]{30,}|eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*)";

    private static final Pattern SECRET = Pattern.compile(".*(TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL).*");

    private static final Pattern KEY = Pattern.compile("(.*_)?(API|ACCESS|PRIVATE|SIGNING)?KEYS?(_.*)?");

    /// A property of a secret: its location, its lifetime, how many there may be.
    private static final Pattern PROPERTY_OF_A_SECRET = Pattern.compile(
            ".*_(FILE|PATH|DIR|NAME|URL|HEADER|TTL|EXPIRY|LIFETIME|LENGTH|TIMEOUT|TYPE)" + "|(NO|MAX|MIN|NUM)_.*");

    private static final Pattern PASSWORD_IN_ADDRESS =
            Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/?#\\s@:]*:[^/?#\\s@]+@");

    private static final Pattern TOKEN_OR_KEY = Pattern.compile(TOKEN + "|-----BEGIN [A-Z ]*PRIVATE KEY-----");

    private static final Pattern PATH = Pattern.compile("[~.]{0,2}/.*|\\$.*|.*\\.(pem|key|crt|json|txt)");

    private SecretDetector() {}

    /// Whether a value contains an address with a password.
    public static boolean inAddress(String value) {
        return PASSWORD_IN_ADDRESS.matcher(value).find();
    }

    /// Whether a value has the form of a secret: an address with a password, a token or a private key.
    public static boolean looksLikeOne(String value) {
        return inAddress(value) || TOKEN_OR_KEY.matcher(value).find();
    }

    /// An argument that looks like a secret.
    ///
    /// @param index position in the list of arguments
    /// @param option the option it belongs to, such as `--token`, or `argument 2` if it belongs to none
    public record Argument(int index, String option) {}

    /// The first argument that looks like a secret.
    public static Optional<Argument> argument(List<String> arguments) {
        return IntStream.range(0, arguments.size())
                .boxed()
                .flatMap(index -> argument(arguments, index).stream())
                .findFirst();
    }

    /// The option of the first argument that looks like a secret, such as `--token`.
    public static Optional<String> inArguments(List<String> arguments) {
        return argument(arguments).map(Argument::option);
    }

    /// Whether an environment variable of this name usually holds a secret. One that ends in `_FILE` names a file.
    public static boolean isSecret(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return (SECRET.matcher(upper).matches() || KEY.matcher(upper).matches())
                && !PROPERTY_OF_A_SECRET.matcher(upper).matches();
    }

    private static Optional<Argument> argument(List<String> arguments, int index) {
        String argument = arguments.get(index);
        int equals = argument.startsWith("-") ? argument.indexOf('=') : -1;
        boolean follows = index > 0
                && arguments.get(index - 1).startsWith("-")
                && !arguments.get(index - 1).contains("=");
        String option = equals > 0 ? argument.substring(0, equals) : follows ? arguments.get(index - 1) : "";
        String value = argument.substring(equals + 1);
        boolean named = !option.isEmpty() && (equals > 0 || !argument.startsWith("-")) && isSecretValue(option, value);
        return named || looksLikeOne(value)
                ? Optional.of(new Argument(index, option.isEmpty() ? "argument " + (index + 1) : option))
                : Optional.empty();
    }

    /// The value of `--password` is a secret unless it is a path. `--key` may also name a column or a shortcut,
    /// so there the value decides.
    private static boolean isSecretValue(String option, String value) {
        String name = option.replaceFirst("^-+", "").replaceAll("[-.]", "_").toUpperCase(Locale.ROOT);
        if (value.isEmpty() || PATH.matcher(value).matches() || !isSecret(name)) {
            return false;
        }
        return SECRET.matcher(name).matches()
                || (value.length() >= 8 && value.chars().anyMatch(Character::isDigit));
    }
}
