package io.github.lamplighter.window;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/// Envelopes and reports of made-up tools, as the contract writes them.
final class Examples {

    static final Instant NOW = Instant.parse("2026-11-23T14:06:00Z");

    static final String LIST = """
            {"tools":[
             {"id":"lamplighter","name":"lamplighter","installer":"self","version":"0.1.0","lookedAfter":true,"expected":"running"},
             {"id":"greeter","name":"greeter","installer":"venv","version":"1.0.0","lookedAfter":true,"expected":"running"},
             {"id":"http-server","name":"http-server","installer":"npm","version":"14.1.0","lookedAfter":true,"expected":"running"},
             {"id":"code-server","name":"code-server","installer":"npm","version":"4.96.2","lookedAfter":true,"expected":"running"},
             {"id":"node-red","name":"node-red","installer":"npm","version":"4.0.9","lookedAfter":true,"expected":"running"},
             {"id":"httpie","name":"httpie","installer":"venv","version":"3.2.4","lookedAfter":true,"expected":"command"},
             {"id":"mkdocs","name":"mkdocs","installer":"venv","version":"1.6.1","lookedAfter":true,"expected":"on-demand"},
             {"id":"broken","name":"broken","installer":"","version":"","lookedAfter":true,"expected":"command"},
             {"id":"npm","name":"npm","installer":"npm","version":"11.6.0","lookedAfter":false,"expected":"command"},
             {"id":"prettier","name":"prettier","installer":"npm","version":"3.6.2","lookedAfter":false,"expected":"command"}
            ]}""";

    private Examples() {}

    static String fact(String value, String source, String detail) {
        return """
               {"value":%s,"evidence":[{"source":"%s","detail":"%s"}],"checkedAt":"2026-11-23T14:02:00Z"}""".formatted(value, source, detail);
    }

    static String finding(
            String id, String group, String severity, String title, String effect, String proof, String remedies) {
        return """
               {"id":"%s","group":"%s","severity":"%s","title":"%s","effect":%s,
                "evidence":[%s],"remedies":[%s],"since":"2026-11-23T14:02:00Z","checkedAt":"2026-11-23T14:02:00Z","ignored":false,"doc":"checks/%s"}""".formatted(
                        id,
                        group,
                        severity,
                        title,
                        effect.isEmpty() ? "null" : "\"" + effect + "\"",
                        proof.isEmpty() ? "" : "{\"source\":\"%s\",\"detail\":\"\"}".formatted(proof),
                        remedies,
                        id);
    }

    static String action(String text, String... words) {
        return """
               {"kind":"action","action":"%s","argv":["lamplighter",%s],"text":"%s"}""".formatted(words[0], "\"" + String.join("\",\"", words) + "\"", text);
    }

    static String report(String name, String installer, String version, String verdict, boolean up, String findings) {
        String running = up
                ? fact(
                        "true",
                        "systemctl --user show lamplighter-%s.service".formatted(name),
                        "active/running, pid 4242")
                : fact("false", "systemctl --user show lamplighter-%s.service".formatted(name), "inactive/dead");
        return """
               {"name":"%s","expected":"running",
                "provenance":{"installer":"%s","origin":%s,"version":"%s","evidence":[]},
                "verdict":%s,
                "facts":{"installed":%s,"enabled":%s,"running":%s,"answering":%s,"mine":%s},
                "findings":[%s],"reportedAt":"2026-11-23T14:02:00Z","tookMillis":41}""".formatted(
                        name,
                        installer,
                        installer.equals("venv")
                                ? "{\"kind\":\"git\",\"url\":\"https://github.com/example/%s.git\",\"requestedRevision\":\"v%s\",\"revisionKind\":\"tag\"}"
                                        .formatted(name, version)
                                : "{\"kind\":\"index\"}",
                        version,
                        verdict,
                        fact("true", "~/.npm/lib/node_modules/%s/package.json".formatted(name), "version " + version),
                        fact("true", "~/.config/systemd/user/lamplighter-%s.service".formatted(name), "enabled"),
                        running,
                        fact(up ? "false" : "null", "GET http://127.0.0.1:8088/", "no answer in 5 s"),
                        fact("null", "/proc/net/tcp", "nothing listens on 8088"),
                        findings);
    }

    static String well(String name, String version) {
        return report(
                        name,
                        "npm",
                        version,
                        "{\"kind\":\"current\"}",
                        true,
                        finding(
                                "answering",
                                "running",
                                "ok",
                                "Answers",
                                "",
                                "GET http://127.0.0.1:8080/: HTTP 200",
                                ""))
                .replace("\"value\":false", "\"value\":true")
                .replace("\"value\":null", "\"value\":true");
    }

    static String greeter() {
        return report(
                "greeter",
                "venv",
                "1.0.0",
                "{\"kind\":\"outdated\",\"to\":\"1.1.0\",\"publishedAt\":\"2026-11-20T09:00:00Z\"}",
                true,
                String.join(
                        ",",
                        finding("process", "running", "ok", "Its process runs", "", "pid 4242 since Tue 09:12", ""),
                        finding(
                                "answering",
                                "running",
                                "failure",
                                "Not answering, though it is running",
                                "Nobody can use it until it answers.",
                                "GET http://127.0.0.1:8088/ gave no answer in 5 s (3 tries)",
                                action("Restart greeter…", "restart", "greeter")),
                        finding(
                                "is-this-copy",
                                "running",
                                "unknown",
                                "Could not check whether this copy answers",
                                "",
                                "nothing listens on 8088",
                                ""),
                        finding(
                                "update",
                                "version",
                                "info",
                                "1.1.0 is ready",
                                "",
                                "tag v1.1.0, published 20 Nov; source unchanged",
                                action("Upgrade to 1.1.0…", "upgrade", "greeter")),
                        finding(
                                "installed",
                                "version",
                                "ok",
                                "1.0.0 is installed",
                                "",
                                "~/.venvs/greeter/lib/python3.13/site-packages/greeter-1.0.0.dist-info",
                                ""),
                        finding(
                                "runtime",
                                "needs",
                                "ok",
                                "Its Python 3.13 is there",
                                "",
                                "~/.venvs/greeter/bin/python",
                                ""),
                        finding(
                                "service-path",
                                "needs",
                                "warning",
                                "The service cannot find tmux; your shell can",
                                "",
                                "shell: /opt/tools/bin/tmux; service PATH lacks /opt/tools/bin",
                                "{\"kind\":\"command\",\"command\":\"sudo apt install tmux\",\"text\":\"Copy\"}"),
                        finding(
                                "service-file",
                                "at-login",
                                "ok",
                                "The service file is as it was written",
                                "",
                                "~/.config/systemd/user/lamplighter-greeter.service",
                                ""),
                        finding(
                                "log-out",
                                "at-login",
                                "ok",
                                "Keeps running when you log out",
                                "",
                                "loginctl: Linger=yes",
                                "")));
    }

    static void writeReports(Path folder) throws Exception {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("greeter.json"), greeter());
        Files.writeString(
                folder.resolve("http-server.json"),
                well("http-server", "14.1.0")
                        .replace(
                                "{\"kind\":\"current\"}",
                                "{\"kind\":\"outdated\",\"to\":\"14.1.1\",\"publishedAt\":\"2022-05-30T00:00:00Z\"}"));
        Files.writeString(
                folder.resolve("code-server.json"),
                report(
                        "code-server",
                        "npm",
                        "4.96.2",
                        "{\"kind\":\"current\"}",
                        true,
                        finding(
                                "unstable",
                                "running",
                                "warning",
                                "Crashed 4 times since 13:20",
                                "",
                                "exit status 1 each time; last line EADDRINUSE: 8088",
                                action("Show log", "logs", "code-server"))));
        Files.writeString(folder.resolve("node-red.json"), well("node-red", "4.0.9"));
        Files.writeString(folder.resolve("lamplighter.json"), well("lamplighter", "0.1.0"));
        Files.writeString(
                folder.resolve("httpie.json"),
                well("httpie", "3.2.4").replace("\"expected\":\"running\"", "\"expected\":\"command\""));
    }

    static FakeVerbs verbs() {
        FakeVerbs verbs = new FakeVerbs();
        verbs.answer(
                "list",
                0,
                LIST,
                "broken: its description cannot be read (~/.config/lamplighter/tools/broken.json:4:3, a comma is missing). "
                        + "It was left as it is.");
        verbs.answer("doctor greeter", "{\"tools\":[" + greeter() + "]}");
        verbs.answer("service status greeter", """
                {"name":"greeter","outcome":"done","state":"running","pid":4242,"since":"2026-11-23T09:12:00Z","restarts":0,
                 "file":"~/.config/systemd/user/lamplighter-greeter.service","owner":"ours","drift":false,"words":"active/running",
                 "facts":{"enabled":{"value":true},"running":{"value":true}}}""");
        verbs.answer(
                "service status node-red",
                1,
                "{\"name\":\"node-red\",\"state\":\"unknown\"}",
                "No systemd user manager answers in this session. Log in with a desktop or over SSH, then try again.");
        verbs.answer("service status", "{\"name\":\"x\",\"state\":\"not-installed\",\"outcome\":\"done\"}");
        verbs.answer(
                "restart greeter",
                "{\"name\":\"greeter\",\"outcome\":\"done\",\"reason\":\"It answers again after 0.4 s\"}");
        verbs.answer("upgrade greeter --dry-run", """
                {"tools":[{"name":"greeter","outcome":"planned","from":"1.0.0","to":"1.1.0","dataMayHaveChanged":true,"downtimeMillis":800,
                 "commands":["~/.venvs/.lamplighter/greeter/stage/bin/python -m pip install git+https://github.com/example/greeter.git@v1.1.0","systemctl --user stop lamplighter-greeter.service","systemctl --user start lamplighter-greeter.service"]}]}""");
        verbs.answer("upgrade greeter --yes", 1, """
                {"tools":[{"name":"greeter","outcome":"rolled-back","from":"1.0.0","to":"1.1.0","downtimeMillis":41000,
                 "reason":"1.1.0 ended at once: cannot import name app"}]}""", "");
        verbs.answer("history", """
                {"tools":[
                 {"name":"greeter","outcome":"rolled-back","from":"1.0.0","to":"1.1.0-rc1","downtimeMillis":41000,"reason":"1.1.0-rc1 ended at once: cannot import name app","startedAt":"2026-11-22T18:31:00Z"},
                 {"name":"greeter","outcome":"upgraded","from":"0.9.0","to":"1.0.0","downtimeMillis":800,"startedAt":"2026-11-02T10:00:00Z"}]}""");
        verbs.answer("autostart", "{\"on\":true}");
        verbs.log = new Verbs.Lines(
                java.util.stream.IntStream.range(0, 40)
                        .mapToObj(
                                at -> "2026-11-23 14:%02d:07  127.0.0.1 GET / 200 in %d ms".formatted(at % 60, at * 3))
                        .toList(),
                "");
        return verbs;
    }
}
