package io.github.lamplighter.readiness;

import java.util.Optional;

/// Whether the process that responds belongs to the service.
public sealed interface IdentityResult {

    /// Evidence as a phrase: `pid 4242 listens on 8088, in lamplighter-x.service`.
    String detail();

    /// @param besides another process with the same name (`localhost` has two addresses), as a phrase
    record Yes(String detail, Optional<String> besides) implements IdentityResult {
        public Yes(String detail) {
            this(detail, Optional.empty());
        }
    }

    record No(String detail) implements IdentityResult {}

    record Unknown(String detail) implements IdentityResult {}
}
