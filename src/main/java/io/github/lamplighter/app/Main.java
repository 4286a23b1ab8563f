package io.github.lamplighter.app;

/// The one entry point of every face.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(0);
    }
}
