package io.github.lamplighter.installer;

import io.github.lamplighter.text.Evidence;
import java.util.List;

/// Files and packages that are missing according to the records of an installation, for example after an
/// interrupted install.
///
/// @param files of the tool itself
/// @param packages required packages, by name
public record MissingParts(List<Evidence> files, List<Evidence> packages) {

    public MissingParts {
        files = List.copyOf(files);
        packages = List.copyOf(packages);
    }

    public static final MissingParts NOTHING = new MissingParts(List.of(), List.of());
}
