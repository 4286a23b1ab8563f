package io.github.lamplighter.installer;

import io.github.lamplighter.text.Evidence;
import java.util.List;

/// What an install lacks by its own records: a package manager that was cut off, or a disk that was tidied, leaves
/// a version on disk that does not start.
///
/// @param files of the tool itself
/// @param packages that it needs, by name
public record MissingParts(List<Evidence> files, List<Evidence> packages) {

    public MissingParts {
        files = List.copyOf(files);
        packages = List.copyOf(packages);
    }

    public static final MissingParts NOTHING = new MissingParts(List.of(), List.of());
}
