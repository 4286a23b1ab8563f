package io.github.lamplighter.upgrade;

import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.Target;
import io.github.lamplighter.release.Verdict;

/// What a plan asks an install's own source, and no other.
public interface Sources {

    Verdict verdict(Provenance provenance);

    /// The target that a person named: a version of the index, or a tag of the repository.
    Wanted named(Provenance provenance, String version);

    /// The target that would install the same again.
    Wanted same(Provenance provenance);

    sealed interface Wanted {
        record Found(Target target) implements Wanted {}

        /// @param why a sentence
        record NotThere(String why) implements Wanted {}
    }
}
