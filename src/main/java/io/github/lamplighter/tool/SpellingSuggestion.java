package io.github.lamplighter.tool;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Suggests the known word closest to a misspelled one.
public final class SpellingSuggestion {

    private SpellingSuggestion() {}

    /// The closest candidate: at most two edits away (one in short words), or one that contains the word.
    public static Optional<String> to(String word, Collection<String> candidates) {
        return candidates.stream()
                .filter(candidate ->
                        distance(word, candidate) <= tolerance(word) || (word.length() > 2 && candidate.contains(word)))
                .min(Comparator.comparingInt((String candidate) -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static int tolerance(String word) {
        return word.length() < 4 ? 1 : 2;
    }

    /// The Levenshtein distance, ignoring case.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
                int next = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1));
                diagonal = row[j];
                row[j] = next;
            }
        }
        return row[b.length()];
    }
}
