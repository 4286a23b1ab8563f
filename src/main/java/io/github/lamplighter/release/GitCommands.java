package io.github.lamplighter.release;

import io.github.lamplighter.process.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Commands of git, run so that they never prompt, start no hook, read no repository's configuration and are
/// safe with a hostile URL (git-config(1) `protocol.allow`, gitremote-helpers(7)).
final class GitCommands {

    private static final Pattern ADDRESS = Pattern.compile(
            "(https|ssh)://(?:[A-Za-z0-9_][A-Za-z0-9._-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]+)?/[^\\p{Cntrl}\\s]*");

    private static final Pattern SCP = Pattern.compile(
            "[A-Za-z0-9_][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:(?!:)[^-:\\p{Cntrl}\\s][^\\p{Cntrl}\\s]*");

    private static final Pattern LOOPBACK =
            Pattern.compile("http://(?:127\\.0\\.0\\.1|localhost|\\[::1\\])(?::[0-9]+)?/[^\\p{Cntrl}\\s]*");

    private static final Pattern FILE = Pattern.compile("file://(?:localhost)?/[^\\p{Cntrl}]*");

    private static final List<String> INHERITED = List.of(
            "GIT_DIR",
            "GIT_WORK_TREE",
            "GIT_INDEX_FILE",
            "GIT_EXEC_PATH",
            "GIT_PROXY_COMMAND",
            "GIT_EXTERNAL_DIFF",
            "GIT_CONFIG_COUNT",
            "GIT_CONFIG_PARAMETERS",
            "GIT_SSH",
            "GIT_COMMON_DIR",
            "GIT_OBJECT_DIRECTORY",
            "GIT_NAMESPACE",
            "GIT_TRACE",
            "GIT_TRACE_CURL",
            "GIT_TRACE_PACKET");

    private GitCommands() {}

    /// The allowed protocols for a URL, also after a redirect or the user's `insteadOf`; empty if the URL is
    /// not safe.
    static List<String> protocols(String url) {
        if (ADDRESS.matcher(url).matches() || SCP.matcher(url).matches()) {
            return List.of("https", "ssh");
        }
        if (LOOPBACK.matcher(url).matches()) {
            return List.of("http");
        }
        return FILE.matcher(url).matches() ? List.of("file") : List.of();
    }

    /// The host of a safe URL: `https://ada@host:443/x`, `git@host:x`.
    static String host(String url) {
        return url.replaceFirst("^[a-z]+://", "").replaceFirst("[/:].*$", "").replaceFirst("^[^@]*@", "");
    }

    /// A command of git that never prompts, and uses only these protocols.
    static Command of(Deadline deadline, List<String> protocols, String... arguments) {
        List<String> argv = new ArrayList<>(List.of(
                "git",
                "-c",
                "protocol.allow=never",
                "-c",
                "http.followRedirects=initial",
                "-c",
                "core.fsmonitor=false",
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "http.lowSpeedLimit=1000",
                "-c",
                "http.lowSpeedTime=10"));
        argv.addAll(List.of(arguments));
        Command command = Command.of(deadline.left(), argv)
                .in(Path.of("/"))
                .with("LC_ALL", "C")
                .with("GIT_TERMINAL_PROMPT", "0")
                .with("GIT_ASKPASS", "")
                .with("SSH_ASKPASS", "")
                .with("SSH_ASKPASS_REQUIRE", "never")
                .with("GCM_INTERACTIVE", "never")
                .with("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oConnectTimeout=5")
                .with("GIT_CEILING_DIRECTORIES", "/")
                .with("GIT_NO_LAZY_FETCH", "1")
                .with("GIT_ALLOW_PROTOCOL", String.join(":", protocols));
        for (String name : INHERITED) {
            command = command.without(name);
        }
        return command;
    }
}
