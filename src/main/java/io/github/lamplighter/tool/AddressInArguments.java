package io.github.lamplighter.tool;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The address of a tool under other arguments than those that its address was written for. Only what the arguments
/// say for certain counts.
final class AddressInArguments {

    private static final Pattern ADDRESS_OPTION =
            Pattern.compile("(?i)-{1,2}(p|port|listen|l|b|bind|a|addr|address|host|ip|i|config|c)(=.*)?");
    private static final Pattern LOCAL = Pattern.compile("localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[?::1?]?");

    private AddressInArguments() {}

    /// The URL of the tool with the arguments `given`; empty if they do not tell.
    ///
    /// @param url its address with the arguments `base`
    static Optional<String> of(String url, List<String> base, List<String> given) {
        int port;
        try {
            port = URI.create(url).getPort();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (port < 0 || elsewhere(base, given)) {
            return Optional.empty();
        }
        Pattern digits = Pattern.compile("(?<!\\d)" + port + "(?!\\d)");
        int place = -1;
        for (int i = 0; i < base.size(); i++) {
            place = digits.matcher(base.get(i)).find() ? i : place;
        }
        if (place < 0) {
            // The default of the tool, unless something in the arguments may change it.
            return given.stream().anyMatch(word -> ADDRESS_OPTION.matcher(word).matches())
                    ? Optional.empty()
                    : Optional.of(url);
        }
        return port(base, place, digits, given)
                .map(other -> digits.matcher(url).replaceFirst(Matcher.quoteReplacement(other)));
    }

    /// The port at the same place: after the same option, or in a word of the same form.
    private static Optional<String> port(List<String> base, int place, Pattern digits, List<String> given) {
        String word = base.get(place);
        Matcher matcher = digits.matcher(word);
        if (!matcher.find()) {
            return Optional.empty();
        }
        Pattern same = Pattern.compile(Pattern.quote(word.substring(0, matcher.start()))
                + "(\\d{1,5})"
                + Pattern.quote(word.substring(matcher.end())));
        Optional<String> option =
                place > 0 && base.get(place - 1).startsWith("-") ? Optional.of(base.get(place - 1)) : Optional.empty();
        for (int i = given.size() - 1; i >= 0; i--) {
            Matcher other = same.matcher(given.get(i));
            int before = i - 1;
            if (other.matches()
                    && option.filter(name -> before < 0 || !given.get(before).equals(name))
                            .isEmpty()) {
                return Optional.of(other.group(1));
            }
        }
        return Optional.empty();
    }

    /// Whether the arguments name another address than this computer's, where the base names this one.
    private static boolean elsewhere(List<String> base, List<String> given) {
        for (int i = 1; i < base.size(); i++) {
            if (LOCAL.matcher(base.get(i)).matches()) {
                int option = given.indexOf(base.get(i - 1));
                if (option >= 0
                        && option + 1 < given.size()
                        && !LOCAL.matcher(given.get(option + 1)).matches()) {
                    return true;
                }
            }
        }
        return false;
    }
}
