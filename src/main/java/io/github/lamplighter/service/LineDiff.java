package io.github.lamplighter.service;

import java.util.ArrayList;
import java.util.List;

/// Compares two short texts line by line.
final class LineDiff {

    private LineDiff() {}

    /// The lines of both texts, by their longest common subsequence (quadratic, service files are short).
    ///
    /// @return each line begins with `-` (only in `old`), `+` (only in `now`) or a space
    static List<String> between(List<String> old, List<String> now) {
        int[][] common = new int[old.size() + 1][now.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--) {
            for (int j = now.size() - 1; j >= 0; j--) {
                common[i][j] = old.get(i).equals(now.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<String> result = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
                result.add("  " + old.get(i++));
                j++;
            } else if (j >= now.size() || (i < old.size() && common[i + 1][j] >= common[i][j + 1])) {
                result.add("- " + old.get(i++));
            } else {
                result.add("+ " + now.get(j++));
            }
        }
        return result;
    }
}
