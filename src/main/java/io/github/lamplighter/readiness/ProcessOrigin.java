package io.github.lamplighter.readiness;

import io.github.lamplighter.readiness.ProcessTable.Origin;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Who started a process that no service started, in words; and whether that program would start it again.
///
/// @param words a phrase: `tmux`, `a terminal (pts/3)`
/// @param keeper what starts it again when it ends, with the command that ends it there
public record ProcessOrigin(String words, Optional<Supervisor> supervisor) {

    /// @param stop how it is ended for good, for people
    public record Supervisor(String name, String stop) {}

    private record Kind(Pattern name, String words, Optional<String> stop) {
        static Kind of(String pattern, String words) {
            return new Kind(Pattern.compile(pattern), words, Optional.empty());
        }

        static Kind keeper(String pattern, String words, String stop) {
            return new Kind(Pattern.compile(pattern), words, Optional.of(stop));
        }
    }

    /// By the name of the program, of which the kernel keeps 15 characters.
    private static final List<Kind> KINDS = List.of(
            Kind.keeper("PM2.*|pm2.*", "pm2", "`pm2 list` shows its name there, `pm2 delete NAME` ends it"),
            Kind.keeper("supervisord", "supervisord", "`supervisorctl stop NAME` ends it"),
            Kind.keeper("runsv", "runit", "`sv down NAME` ends it"),
            Kind.keeper("s6-supervise", "s6", "`s6-svc -d` ends it"),
            Kind.keeper("containerd-shim.*|conmon", "a container", "its container has to be stopped"),
            Kind.of("cron|crond|fcron|anacron|atd", "cron"),
            Kind.of("tmux.*", "tmux"),
            Kind.of("(?i)screen", "screen"),
            Kind.of("zellij", "zellij"));

    /// What stands above everything else and says nothing.
    private static final Pattern NOBODY = Pattern.compile("systemd|init|launchd|\\(sd-pam\\)");

    public static ProcessOrigin of(Origin origin) {
        for (Kind kind : KINDS) {
            for (String ancestor : origin.ancestors()) {
                if (kind.name().matcher(ancestor).matches()) {
                    return new ProcessOrigin(kind.words(), kind.stop().map(stop -> new Supervisor(kind.words(), stop)));
                }
            }
        }
        if (origin.terminal().isPresent()) {
            return plain("a terminal (%s)".formatted(origin.terminal().get()));
        }
        if (origin.unit().isPresent()) {
            return plain("the service " + origin.unit().get());
        }
        List<String> others = origin.ancestors().stream()
                .filter(name -> !NOBODY.matcher(name).matches())
                .toList();
        if (origin.ignoresHangUp()) {
            return plain("nohup, in the background");
        }
        return plain(others.isEmpty() ? "a program that has ended since" : others.getFirst());
    }

    private static ProcessOrigin plain(String words) {
        return new ProcessOrigin(words, Optional.empty());
    }
}
