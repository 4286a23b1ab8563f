package io.github.lamplighter.readiness;

/// Whether the program that answers is the service that is meant.
public sealed interface Mine {

    /// Evidence as a phrase: `pid 4242 listens on 8088, in lamplighter-x.service`.
    String detail();

    record Yes(String detail) implements Mine {}

    record No(String detail) implements Mine {}

    record Unknown(String detail) implements Mine {}
}
