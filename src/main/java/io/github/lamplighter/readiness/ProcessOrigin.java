package io.github.lamplighter.readiness;

import io.github.lamplighter.readiness.ProcessTable.Origin;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The program that started a process outside a service, and whether that program would restart it.
///
/// @param words a phrase: `tmux`, `a terminal (pts/3)`
/// @param supervisor the program that restarts the process when it ends
/// @param unit the service that started it; empty if a program in that service did, such as a terminal or cron
public record ProcessOrigin(String words, Optional<Supervisor> supervisor, Optional<String> unit) {

    /// @param stop how to stop the process there, for display
    public record Supervisor(String name, String stop) {}

    private record Kind(Pattern name, String words, Optional<String> stop) {
        static Kind of(String pattern, String words) {
            return new Kind(Pattern.compile(pattern), words, Optional.empty());
        }

        static Kind supervisor(String pattern, String words, String stop) {
            return new Kind(Pattern.compile(pattern), words, Optional.of(stop));
        }
    }

    /// By the name of the program, of which the kernel stores 15 characters.
    private static final List<Kind> KINDS = List.of(
            Kind.supervisor("PM2.*|pm2.*", "pm2", "find its name with `pm2 list`, then stop it with `pm2 delete NAME`"),
            Kind.supervisor("supervisord", "supervisord", "stop it with `supervisorctl stop NAME`"),
            Kind.supervisor("runsv", "runit", "stop it with `sv down NAME`"),
            Kind.supervisor("s6-supervise", "s6", "stop it with `s6-svc -d`"),
            Kind.supervisor("containerd-shim.*|conmon", "a container", "stop its container"),
            Kind.of("cron|crond|fcron|anacron|atd", "cron"),
            Kind.of("tmux.*", "tmux"),
            Kind.of("(?i)screen", "screen"),
            Kind.of("zellij", "zellij"));

    /// Ancestors of every process, which say nothing about it.
    private static final Pattern ROOTS = Pattern.compile("systemd|init|launchd|\\(sd-pam\\)");

    public static ProcessOrigin of(Origin origin) {
        for (Kind kind : KINDS) {
            for (String ancestor : origin.ancestors()) {
                if (kind.name().matcher(ancestor).matches()) {
                    return new ProcessOrigin(
                            kind.words(),
                            kind.stop().map(stop -> new Supervisor(kind.words(), stop)),
                            Optional.empty());
                }
            }
        }
        if (origin.terminal().isPresent()) {
            return plain("a terminal (%s)".formatted(origin.terminal().get()));
        }
        if (origin.unit().isPresent()) {
            return new ProcessOrigin("the service " + origin.unit().get(), Optional.empty(), origin.unit());
        }
        List<String> others = origin.ancestors().stream()
                .filter(name -> !ROOTS.matcher(name).matches())
                .toList();
        if (origin.ignoresHangUp()) {
            return plain("nohup, in the background");
        }
        return plain(others.isEmpty() ? "a program that has exited since" : others.getFirst());
    }

    private static ProcessOrigin plain(String words) {
        return new ProcessOrigin(words, Optional.empty(), Optional.empty());
    }
}
