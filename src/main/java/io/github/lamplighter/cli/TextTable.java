package io.github.lamplighter.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows of text whose columns line up.
final class TextTable {

    private final List<List<String>> rows = new ArrayList<>();

    TextTable row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /// The rows, with two spaces between columns and none at the end.
    List<String> lines() {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        rows.forEach(row -> Arrays.setAll(
                widths,
                column -> column < row.size()
                        ? Math.max(widths[column], row.get(column).length())
                        : widths[column]));
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            line.append(padded(row.get(column), widths[column])).append("  ");
        }
        return line.toString().stripTrailing();
    }

    static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
