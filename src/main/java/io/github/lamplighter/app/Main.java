package io.github.lamplighter.app;

/// The one entry point of every face.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Host host = Host.ofThisProcess();
        System.exit(new Core(host).commandLine().execute(arguments));
    }
}
