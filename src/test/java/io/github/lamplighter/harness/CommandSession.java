package io.github.lamplighter.harness;

import io.github.lamplighter.app.CommandServer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// One process of the program that runs many commands: starting Java takes most of the time of a command. It has the
/// classes, the options and the environment of a command of its own; what commands keep in static fields is shared.
final class CommandSession implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);

    /// As in the launcher, with the tests' classes added to the program's module.
    private static final String SCRIPT = """
        . "$1/packaging/launch.sh"
        IFS= read -r hash < "$1/target/app/current/hash"
        module_path=$1/target/app/$hash/lib window_path=
        use_utf8
        options_of cli
        exec "$2/bin/java" "${options[@]}" ${LAMPLIGHTER_JAVA_OPTIONS:-} "-Duser.home=$HOME" \
          "-Dlamplighter.launcher=$1/lamplighter" -Dlamplighter.terminals= "-Dlamplighter.plain=$plain" \
          --patch-module "io.github.lamplighter=$3" -m "io.github.lamplighter/$4" "$5"
        """;

    private final Child server;
    private final Socket connection;
    private final DataOutputStream commands;
    private final DataInputStream codes;

    private int out;
    private int err;

    private CommandSession(Child server, Socket connection) throws IOException {
        this.server = server;
        this.connection = connection;
        this.commands = new DataOutputStream(connection.getOutputStream());
        this.codes = new DataInputStream(connection.getInputStream());
    }

    static CommandSession start(Map<String, String> environment) {
        String launcher = Installed.launcher().getParent().toString();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout((int) START.toMillis());
            Child server = Child.start(
                    environment,
                    Path.of(environment.getOrDefault("HOME", "/")),
                    List.of(
                            "bash",
                            "-c",
                            SCRIPT,
                            "session",
                            launcher,
                            System.getProperty("java.home"),
                            testClasses(),
                            CommandServer.class.getName(),
                            Integer.toString(listener.getLocalPort())));
            try {
                return new CommandSession(server, listener.accept());
            } catch (SocketTimeoutException e) {
                String said = server.out() + server.err();
                server.close();
                throw new AssertionError("the process for commands did not start\n" + said, e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String testClasses() {
        try {
            return new File(CommandServer.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Runs a command as a process of its own would.
    ///
    /// @param meanwhile is called again and again until the command has ended
    Child.Ended run(Duration limit, Runnable meanwhile, String... words) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            commands.writeInt(words.length);
            for (String word : words) {
                commands.writeUTF(word);
            }
            commands.flush();
            connection.setSoTimeout(15);
            while (true) {
                try {
                    return ended(codes.readInt());
                } catch (SocketTimeoutException e) {
                    if (System.nanoTime() > end) {
                        server.process().destroyForcibly();
                        throw new AssertionError(
                                "still running after %s: %s\n%s".formatted(limit, List.of(words), ended(-1)), e);
                    }
                    meanwhile.run();
                }
            }
        } catch (IOException e) {
            throw new AssertionError(
                    "the process for commands ended during %s\n%s".formatted(List.of(words), ended(-1)), e);
        }
    }

    /// What was said since the command before.
    private Child.Ended ended(int exitCode) {
        String allOut = server.out();
        String allErr = server.err();
        Child.Ended ended = new Child.Ended(exitCode, allOut.substring(out), allErr.substring(err));
        out = allOut.length();
        err = allErr.length();
        return ended;
    }

    @Override
    public void close() {
        try {
            connection.close();
            server.process().waitFor(5, java.util.concurrent.TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
    }
}
