package io.github.lamplighter.app;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// Runs one command after the other in this process, each with objects of its own. The other end of the connection
/// sends the number of words and the words, and gets the exit code.
public final class CommandServer {

    private CommandServer() {}

    public static void main(String[] arguments) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
                DataInputStream commands = new DataInputStream(socket.getInputStream());
                DataOutputStream codes = new DataOutputStream(socket.getOutputStream())) {
            while (true) {
                codes.writeInt(run(next(commands)));
            }
        } catch (EOFException _) {
            System.exit(0);
        }
    }

    private static List<String> next(DataInputStream commands) throws IOException {
        List<String> words = new ArrayList<>();
        for (int left = commands.readInt(); left > 0; left--) {
            words.add(commands.readUTF());
        }
        return words;
    }

    private static int run(List<String> words) {
        try {
            ProcessEnvironment host = ProcessEnvironment.ofThisProcess();
            return Main.run(host, new CompositionRoot(host), words);
        } catch (Throwable e) {
            // As the JVM does with an exception that ends a program.
            e.printStackTrace();
            return 1;
        }
    }
}
