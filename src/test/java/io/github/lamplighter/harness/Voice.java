package io.github.lamplighter.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// The rules of the writing style that a machine can keep, for every text that a person reads.
public final class Voice {

    /// The longest sentence of a message, in words.
    private static final int LONGEST = 20;

    /// Phrases that users of uv, pipx, npm and systemctl would not search for, and words that blame or shout.
    private static final Pattern FORBIDDEN = Pattern.compile(
            "(?i)\\b(?:taken back|went back|comes back by itself|(?:look|looks|looked|looking) after|set aside"
                    + "|takes? up again|needs? you|(?:is|are|running) well|ended by itself|ends again and again"
                    + "|is this copy|beside the old one|put in place|made it fit|is content|does not serve|cut off"
                    + "|half done|file of variables|somebody else's|switched off for good|last words|in the clear"
                    + "|puts? right|amiss|anew|whom|shall|nobody|somebody|(?:is|are) (?:said|told|asked)"
                    + "|please|sorry|oops|successfully)\\b"
                    + "|(?:\\d|}|%s|\\bupdates?) (?:is|are) ready\\b|[a-z]!(?:\\s|$)");

    /// A sentence names its subject first.
    private static final Pattern START = Pattern.compile("(?:What|Who|Whoever|Of an?)\\b.*");

    /// Standard words that say nothing without a reason.
    private static final Pattern BARE = Pattern.compile("(?i)(?:failed|failure|error|invalid)\\.?");

    private Voice() {}

    /// What is wrong with a text; empty when nothing is.
    public static List<String> faults(String text) {
        List<String> faults = new ArrayList<>();
        FORBIDDEN.matcher(text).results().forEach(found -> faults.add("not in a text: " + found.group()));
        if (BARE.matcher(text).matches()) {
            faults.add("gives no reason");
        }
        for (String sentence : sentences(text)) {
            if (START.matcher(sentence).matches()) {
                faults.add("begins without its subject: " + sentence);
            }
            int words = sentence.split("\\s+").length;
            if (words > LONGEST) {
                faults.add("%d words: %s".formatted(words, sentence));
            }
        }
        return faults;
    }

    private static List<String> sentences(String text) {
        return Arrays.stream(text.split("(?<=[.?])\\s+"))
                .filter(sentence -> !sentence.isBlank())
                .toList();
    }
}
