package io.github.lamplighter.readiness;

import java.util.Optional;

/// Whether the program that answers is the service that is meant.
public sealed interface IdentityResult {

    /// Evidence as a phrase: `pid 4242 listens on 8088, in lamplighter-x.service`.
    String detail();

    /// @param besides who else is reached under its name (`localhost` is two addresses), as a phrase
    record Yes(String detail, Optional<String> besides) implements IdentityResult {
        public Yes(String detail) {
            this(detail, Optional.empty());
        }
    }

    record No(String detail) implements IdentityResult {}

    record Unknown(String detail) implements IdentityResult {}
}
