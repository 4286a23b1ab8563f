package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.doctor.DiagnoseTool;
import io.github.lamplighter.doctor.Facts;
import io.github.lamplighter.doctor.Finding;
import io.github.lamplighter.doctor.Group;
import io.github.lamplighter.doctor.Remedy;
import io.github.lamplighter.doctor.Report;
import io.github.lamplighter.doctor.ReportBuilder;
import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.doctor.Severity;
import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.release.CommitList;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.AtLogin;
import io.github.lamplighter.service.LogLine;
import io.github.lamplighter.service.ResourceUsage;
import io.github.lamplighter.service.ServiceControl;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.service.ServiceStatus;
import io.github.lamplighter.status.SeenState;
import io.github.lamplighter.status.StateDays;
import io.github.lamplighter.status.UpgradeHistory;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.Manifest.Expected;
import io.github.lamplighter.tool.ManifestEntry;
import io.github.lamplighter.tool.Tool;
import io.github.lamplighter.tool.ToolCatalog;
import io.github.lamplighter.upgrade.UpgradeOutcome;
import io.github.lamplighter.upgrade.UpgradeOutcome.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Envelopes and reports of sample tools.
final class Examples {

    static final Instant NOW = Instant.parse("2026-11-23T14:06:00Z");

    private static final Instant CHECKED = Instant.parse("2026-11-23T14:02:00Z");

    private Examples() {}

    /// A store of reports in `home`, in which it is always [NOW].
    static ReportStore store(Path home) {
        return new ReportStore(
                AppDirectories.linux(Map.of(), home),
                InstantSource.fixed(NOW),
                () -> java.time.ZoneOffset.UTC,
                () -> java.time.Duration.ofHours(12));
    }

    static Finding finding(
            String id, Group group, Severity severity, String title, String effect, String proof, Remedy... remedies) {
        return new Finding(
                id,
                group,
                severity,
                title,
                Optional.of(effect).filter(text -> !text.isEmpty()),
                proof.isEmpty() ? List.of() : List.of(new Evidence(proof, "")),
                List.of(remedies),
                CHECKED,
                CHECKED,
                false,
                12);
    }

    static Remedy action(String text, String... words) {
        List<String> argv = new ArrayList<>(List.of("lamplighter"));
        argv.addAll(List.of(words));
        return new Remedy.Action(words[0], argv, text);
    }

    private static Facts.Fact fact(Optional<Boolean> value, String source, String detail) {
        return new Facts.Fact(value, List.of(new Evidence(source, detail)), CHECKED);
    }

    private static Facts facts(String name, String version, boolean up, Optional<Boolean> answers) {
        String unit = "systemctl --user show lamplighter-%s.service".formatted(name);
        return new Facts(
                fact(
                        Optional.of(true),
                        "~/.npm/lib/node_modules/%s/package.json".formatted(name),
                        "version " + version),
                fact(Optional.of(true), "~/.config/systemd/user/lamplighter-%s.service".formatted(name), "enabled"),
                fact(Optional.of(up), unit, up ? "active/running, pid 4242" : "inactive/dead"),
                fact(answers, "GET http://127.0.0.1:8088/", answers.orElse(false) ? "HTTP 200" : "no response in 5 s"),
                fact(answers.filter(yes -> yes), "/proc/net/tcp", "port 8088"));
    }

    static Report report(
            String name,
            InstallerKind installer,
            String version,
            Verdict verdict,
            Optional<Boolean> answers,
            Finding... findings) {
        Origin origin = installer == InstallerKind.VENV
                ? new Origin.Git(repository(name), Optional.of("v" + version), Origin.RevisionKind.TAG, "a".repeat(40))
                : new Origin.Index();
        Path environment = Path.of("/home/ada/tools", name);
        return new ReportBuilder(name, Expected.RUNNING, CHECKED)
                .provenance(new Provenance(
                        installer,
                        name,
                        environment,
                        environment.resolve(name),
                        version,
                        origin,
                        new Provenance.Runtime("node", Path.of("/usr/bin/node"), "24.4.0", ""),
                        List.of()))
                .verdict(verdict)
                .facts(facts(name, version, true, answers))
                .findings(findings)
                .took(41)
                .build();
    }

    static Report well(String name, String version, Verdict verdict) {
        return report(
                name,
                name.equals("lamplighter") ? InstallerKind.SELF : InstallerKind.NPM,
                version,
                verdict,
                Optional.of(true),
                finding(
                        "answering",
                        Group.RUNNING,
                        Severity.OK,
                        "Responding",
                        "",
                        "GET http://127.0.0.1:8080/: HTTP 200"));
    }

    static Verdict current(String version) {
        return new Verdict.Current(version);
    }

    private static String repository(String name) {
        return "https://github.com/example/%s.git".formatted(name);
    }

    static Report greeter() {
        return report(
                "greeter",
                InstallerKind.VENV,
                "1.0.0",
                new Verdict.Outdated(
                        new UpgradeTarget.GitCommit(repository("greeter"), "v1.1.0", "b".repeat(40), "1.1.0"),
                        Optional.of(OffsetDateTime.parse("2026-11-20T09:00:00Z"))),
                Optional.of(false),
                finding("process", Group.RUNNING, Severity.OK, "Running", "", "pid 4242 since Tue 09:12"),
                finding(
                        "answering",
                        Group.RUNNING,
                        Severity.FAILURE,
                        "Running, but not responding",
                        "",
                        "GET http://127.0.0.1:8088/ no response in 5 s (3 tries)",
                        action("Restart greeter…", "restart", "greeter")),
                finding(
                        "is-this-copy",
                        Group.RUNNING,
                        Severity.UNKNOWN,
                        "Could not check which process is responding",
                        "",
                        "nothing listens on 8088"),
                finding(
                        "installed",
                        Group.VERSION,
                        Severity.OK,
                        "1.0.0 is installed",
                        "",
                        "~/.venvs/greeter/lib/python3.13/site-packages/greeter-1.0.0.dist-info"),
                finding(
                        "update",
                        Group.VERSION,
                        Severity.INFO,
                        "1.1.0 is available",
                        "",
                        "tag v1.1.0, published 20 Nov; source unchanged",
                        action("Upgrade to 1.1.0…", "upgrade", "greeter")),
                finding(
                        "runtime",
                        Group.NEEDS,
                        Severity.OK,
                        "Python 3.13 is installed",
                        "",
                        "~/.venvs/greeter/bin/python"),
                finding(
                        "service-path",
                        Group.NEEDS,
                        Severity.WARNING,
                        "The service cannot find tmux; your shell can",
                        "",
                        "shell: /opt/tools/bin/tmux; service PATH lacks /opt/tools/bin",
                        action("Give the service your shell's PATH", "service", "install", "greeter"),
                        action("Restart greeter without the folder", "restart", "greeter"),
                        new Remedy.CopyCommand("sudo apt install tmux", "Copy")),
                finding(
                        "service-file",
                        Group.AT_LOGIN,
                        Severity.OK,
                        "Service file is unchanged",
                        "",
                        "~/.config/systemd/user/lamplighter-greeter.service"),
                finding(
                        "log-out",
                        Group.AT_LOGIN,
                        Severity.OK,
                        "Keeps running when you log out",
                        "",
                        "loginctl: Linger=yes"));
    }

    /// The reports of the sample tools, in the store of `home`.
    static void writeReports(Path home) {
        for (Report report : List.of(
                greeter(),
                well(
                        "http-server",
                        "14.1.0",
                        new Verdict.Outdated(
                                new UpgradeTarget.IndexVersion("14.1.1"),
                                Optional.of(OffsetDateTime.parse("2022-05-30T00:00:00Z")))),
                report(
                        "code-server",
                        InstallerKind.NPM,
                        "4.96.2",
                        current("4.96.2"),
                        Optional.of(true),
                        finding(
                                "unstable",
                                Group.RUNNING,
                                Severity.WARNING,
                                "Crashed 4 times since 13:20",
                                "",
                                "exit status 1 each time; last line EADDRINUSE: 8088",
                                action("Show log", "logs", "code-server"))),
                well("node-red", "4.0.9", current("4.0.9")),
                well("lamplighter", "0.1.0", current("0.1.0")),
                well("httpie", "3.2.4", current("3.2.4")))) {
            write(home, report);
        }
    }

    static void write(Path home, Report report) {
        try {
            Report _ = store(home).merge(new DiagnoseTool.Diagnosis(report, Set.of()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sample tools: Lamplighter, managed ones, one with a broken manifest, and two that aren't managed.
    static List<Tool> tools() {
        return List.of(
                new Tool(
                        "lamplighter",
                        "lamplighter",
                        Optional.empty(),
                        Optional.of(provenance("lamplighter", InstallerKind.SELF, "0.1.0")),
                        true,
                        Expected.COMMAND,
                        "self"),
                managed("greeter", InstallerKind.VENV, "1.0.0", Expected.RUNNING),
                managed("http-server", InstallerKind.NPM, "14.1.0", Expected.RUNNING),
                managed("code-server", InstallerKind.NPM, "4.96.2", Expected.RUNNING),
                managed("node-red", InstallerKind.NPM, "4.0.9", Expected.RUNNING),
                managed("httpie", InstallerKind.VENV, "3.2.4", Expected.COMMAND),
                managed("mkdocs", InstallerKind.VENV, "1.6.1", Expected.ON_DEMAND),
                new Tool(
                        "broken",
                        "broken",
                        Optional.of(new ManifestEntry.Broken(
                                "broken",
                                Path.of("/home/ada/.config/lamplighter/tools/broken.json"),
                                4,
                                3,
                                "a comma is missing")),
                        Optional.empty(),
                        true,
                        Expected.COMMAND,
                        "manifest"),
                found("npm", InstallerKind.NPM, "11.6.0"),
                found("prettier", InstallerKind.NPM, "3.6.2"));
    }

    /// Tools before any of them is managed.
    static List<Tool> foundTools() {
        return List.of(
                found("muxplex", InstallerKind.UV, "0.9.2"),
                found("http-server", InstallerKind.NPM, "14.1.1"),
                found("node-red", InstallerKind.NPM, "4.0.9"),
                found("jupyterlab", InstallerKind.PIPX, "4.4.3"),
                found("ruff", InstallerKind.UV, "0.14.2"),
                found("httpie", InstallerKind.PIPX, "3.2.4"),
                found("yt-dlp", InstallerKind.UV, "2026.11.12"));
    }

    static Tool found(String name, InstallerKind installer, String version) {
        return new Tool(
                name,
                name,
                Optional.empty(),
                Optional.of(provenance(name, installer, version)),
                false,
                Expected.COMMAND,
                "detected");
    }

    static Tool managed(String name, InstallerKind installer, String version, Expected expected) {
        Provenance provenance = provenance(name, installer, version);
        Manifest assumed = ToolCatalog.assumedManifest(provenance).orElseThrow();
        Manifest manifest = new Manifest(
                assumed.name(),
                expected,
                assumed.install(),
                name,
                Optional.empty(),
                Optional.empty(),
                assumed.requires(),
                List.of(),
                List.of(),
                List.of());
        return new Tool(
                name,
                name,
                Optional.of(new ManifestEntry.Readable(
                        manifest, Path.of("/home/ada/.config/lamplighter/tools/" + name + ".json"))),
                Optional.of(provenance),
                true,
                expected,
                "recipe");
    }

    private static Provenance provenance(String name, InstallerKind installer, String version) {
        Path environment = Path.of("/home/ada/tools", name);
        return new Provenance(
                installer,
                name,
                environment,
                environment.resolve(name),
                version,
                new Origin.Index(),
                new Provenance.Runtime("node", Path.of("/usr/bin/node"), "24.4.0", ""),
                List.of());
    }

    /// A service of ours in this phase, since 09:12.
    static ServiceState state(String name, ServiceState.Phase phase) {
        return service(name, phase, true).state();
    }

    /// The same state since another time.
    static ServiceState since(Instant start, ServiceState state) {
        return new ServiceState(
                state.unit(),
                state.phase(),
                state.load(),
                state.atLogin(),
                state.pid(),
                Optional.of(start),
                state.restarts(),
                state.lastExit(),
                state.file(),
                state.owner(),
                state.words(),
                state.controlGroup(),
                state.invocation(),
                state.sentence());
    }

    /// The sample tools, with the reports in the store of `home`.
    static FakeWindowData data(Path home) {
        FakeWindowData data = new FakeWindowData(store(home), tools());
        data.services.put("greeter", service("greeter", Phase.RUNNING, true));
        data.services.put(
                "node-red",
                status(
                        "node-red",
                        ServiceState.unknown(
                                "lamplighter-node-red.service",
                                "No systemd user manager in this session. Log in with a desktop or over SSH, then try"
                                        + " again.")));
        data.services.put("http-server", service("http-server", Phase.NOT_INSTALLED, false));
        data.services.put("code-server", service("code-server", Phase.RUNNING, true));
        data.setups.put(
                "greeter",
                new ServiceSetup(
                        List.of("/home/ada/.venvs/greeter/bin/greeter", "--port", "8088", "--host", "127.0.0.1"),
                        Optional.of(Path.of("/home/ada/sites/greeter")),
                        Map.of("GREETER_THEME", "dark"),
                        Optional.of(Path.of("/home/ada/.config/lamplighter/greeter.env")),
                        Optional.empty(),
                        List.of("/opt/tools/bin", "/home/ada/.local/bin", "/usr/local/bin", "/usr/bin", "/bin"),
                        List.of("/home/ada/.local/bin", "/usr/local/bin", "/usr/bin", "/bin"),
                        List.of(),
                        Path.of("/home/ada/.config/lamplighter/tools/greeter.json")));
        data.history.add(outcome("greeter", Result.ROLLED_BACK, "1.0.0", "1.1.0-rc1", "2026-11-22T18:31:00Z"));
        data.history.add(outcome("greeter", Result.UPGRADED, "0.9.0", "1.0.0", "2026-11-02T10:00:00Z"));
        data.kept.add(new WindowData.KeptVersion("0.9.0", Instant.parse("2026-11-02T10:00:00Z"), 64_000_000, false));
        data.kept.add(new WindowData.KeptVersion("0.8.2", Instant.parse("2026-10-02T10:00:00Z"), 61_000_000, true));
        data.days.put("greeter", days("?????ooooowooooofoooooossooooowf"));
        data.days.put("http-server", days("oooooooooooooooooooooooooooooo"));
        data.days.put("code-server", days("ooooooo????oooooowwoooooooowow"));
        data.days.put("node-red", days("??????????????????????????oooo"));
        data.upgraded.put(
                "node-red", new UpgradeHistory.Upgraded("4.0.8", "4.0.9", Instant.parse("2026-11-23T11:40:00Z"), true));
        data.news = new WindowData.News(
                Optional.empty(),
                Optional.empty(),
                new CommitList(
                        List.of(
                                "Answer while the clock is being wound",
                                "Read GREETER_THEME once, and say which file it came from if its value is not known",
                                "Drop Python 3.10"),
                        true));
        data.usage.put("greeter", new ResourceUsage(Duration.ofSeconds(10), 212_000_000, NOW));
        data.differences.put(
                "greeter",
                new ServiceControl.Difference.Lines(
                        List.of(" [Service]", "-KillMode=mixed", "+KillMode=control-group", " Restart=on-failure")));
        data.log = new WindowData.LogReading(
                java.util.stream.IntStream.range(0, 60)
                        .mapToObj(at -> new LogLine(
                                NOW.minusSeconds(3600 - at * 60L).toEpochMilli() * 1000,
                                at % 17 == 3 ? 3 : at % 11 == 5 ? 4 : 6,
                                at % 17 == 3
                                        ? "EADDRINUSE: port 8088 is in use"
                                        : "127.0.0.1 GET / 200 in %d ms".formatted(at * 3)))
                        .toList(),
                Optional.empty(),
                Optional.empty());
        return data;
    }

    /// Days up to today, a letter each: `?` no data, `o` OK, `w` warning, `f` failed, `s` stopped.
    static StateDays days(String letters) {
        List<StateDays.Day> days = new ArrayList<>();
        String last = letters.substring(letters.length() - StateDays.COUNT);
        for (int at = 0; at < StateDays.COUNT; at++) {
            SeenState state = switch (last.charAt(at)) {
                case 'o' -> SeenState.OK;
                case 'w' -> SeenState.WARNING;
                case 'f' -> SeenState.FAILED;
                case 's' -> SeenState.STOPPED;
                default -> SeenState.UNKNOWN;
            };
            days.add(new StateDays.Day(LocalDate.of(2026, 10, 25).plusDays(at), state));
        }
        return new StateDays(days);
    }

    static UpgradeOutcome undone(String name, String from, String to) {
        return outcome(name, Result.ROLLED_BACK, from, to, "2026-11-23T13:31:00Z");
    }

    static UpgradeOutcome outcome(String name, Result result, String from, String to, String at) {
        boolean failed = result == Result.ROLLED_BACK;
        return new UpgradeOutcome(
                name,
                UpgradeOutcome.Asked.UPGRADE,
                result,
                from,
                to,
                failed ? Optional.of(to + " exited right after it started: cannot import name app") : Optional.empty(),
                failed ? 41_000 : 800,
                UpgradeOutcome.DataRisk.NONE,
                Optional.empty(),
                List.of(),
                Instant.parse(at));
    }

    static ServiceStatus service(String name, Phase phase, boolean enabled) {
        boolean runs = phase == Phase.RUNNING;
        return status(
                name,
                new ServiceState(
                        "lamplighter-%s.service".formatted(name),
                        phase,
                        ServiceState.Load.USABLE,
                        AtLogin.of(Optional.of(enabled)),
                        runs ? Optional.of(4242L) : Optional.empty(),
                        Optional.of(Instant.parse("2026-11-23T09:12:00Z")),
                        0,
                        Optional.empty(),
                        phase == Phase.NOT_INSTALLED
                                ? Optional.empty()
                                : Optional.of(Path.of(
                                        "/home/ada/.config/systemd/user/lamplighter-%s.service".formatted(name))),
                        Owner.OURS,
                        runs ? "active/running" : "inactive/dead",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private static ServiceStatus status(String name, ServiceState state) {
        return new ServiceStatus(
                name,
                state,
                Optional.empty(),
                Optional.empty(),
                Optional.of(false),
                false,
                state.phase() == Phase.UNKNOWN ? Optional.empty() : Optional.of(true),
                Optional.empty(),
                NOW);
    }

    static WindowServices windowServices(FakeCliClient cli, Path home, UpgradeFeed steps, TaskExecutor taskExecutor) {
        return windowServices(cli, data(home), home, steps, taskExecutor);
    }

    /// Services with a fake command line, prepared data and a fixed clock.
    static WindowServices windowServices(
            FakeCliClient cli, WindowData data, Path home, UpgradeFeed steps, TaskExecutor taskExecutor) {
        return new WindowServices(
                cli,
                data,
                steps,
                taskExecutor,
                InstantSource.fixed(NOW),
                new HumanFormat(ZoneOffset.UTC, "/home/ada"),
                AppDirectories.linux(Map.of(), Path.of("/home/ada")),
                () -> Duration.ofHours(12),
                "0.1.0",
                page -> cli.called.add("browse " + page));
    }

    /// The data of an envelope about tools.
    static String tools(String... tools) {
        return "{\"tools\":[%s]}".formatted(String.join(",", tools));
    }

    /// What `upgrade --dry-run` says of a tool that is running.
    ///
    /// @param isMeasured whether it was upgraded before
    static String planned(String name, String from, String to, boolean isMeasured) {
        return """
            {"name":"%1$s","outcome":"ready","from":"%2$s","to":"%3$s","reason":null,"downtimeMillis":0,
             "dataMayHaveChanged":false,"plan":{"hash":"1","source":"index","megabytes":64,"downtimeMillis":800,
             "downtimeMeasured":%4$s,"running":true,"dataMayHaveChanged":true,
             "commands":["~/.venvs/.lamplighter/%1$s/stage/bin/python -m pip install %1$s==%3$s"],
             "sentences":["Needs 64 MB of disk space"],"warnings":["Closes 2 tmux sessions."]}}\
            """.formatted(name, from, to, isMeasured);
    }

    /// What `upgrade` says of a tool in the end.
    static String ended(String name, String outcome, String from, String to) {
        return """
            {"name":"%s","outcome":"%s","from":"%s","to":"%s","reason":null,"downtimeMillis":800}\
            """.formatted(name, outcome, from, to);
    }

    static FakeCliClient cliClient() {
        FakeCliClient cli = new FakeCliClient();
        cli.answer("doctor greeter", 1, "{\"tools\":[{\"name\":\"greeter\"}]}", "");
        cli.answer("service status greeter", """
            {"name":"greeter","outcome":"done","state":"running","pid":4242,"since":"2026-11-23T09:12:00Z","restarts":0,
             "file":"~/.config/systemd/user/lamplighter-greeter.service","owner":"ours","drift":false,"words":"active/running",
             "facts":{"enabled":{"value":true},"running":{"value":true}}}\
            """);
        cli.answer(
                "service status node-red",
                1,
                "{\"name\":\"node-red\",\"state\":\"unknown\"}",
                "No systemd user manager in this session. Log in with a desktop or over SSH, then try again.");
        cli.answer("service status", "{\"name\":\"x\",\"state\":\"not-installed\",\"outcome\":\"done\"}");
        cli.answer(
                "restart greeter",
                "{\"name\":\"greeter\",\"outcome\":\"done\",\"reason\":\"It answers again after 0.4 s\"}");
        String plan = planned("greeter", "1.0.0", "1.1.0", true);
        cli.answer("upgrade greeter --dry-run", tools(plan));
        cli.answer(
                "upgrade greeter http-server --dry-run",
                tools(plan, planned("http-server", "14.1.0", "14.1.1", false)));
        cli.answer("upgrade http-server --yes", tools(ended("http-server", "upgraded", "14.1.0", "14.1.1")));
        cli.answer(
                "upgrade greeter --yes",
                1,
                """
                {"tools":[{"name":"greeter","outcome":"rolled-back","from":"1.0.0","to":"1.1.0","downtimeMillis":41000,
                 "reason":"1.1.0 exited right after it started: cannot import name app"}]}\
                """,
                "Upgrade failed: 1.1.0 exited right after it started: cannot import name app. Down for" + " 41.0 s.");
        cli.answer("history", """
            {"tools":[
             {"name":"greeter","outcome":"rolled-back","from":"1.0.0","to":"1.1.0-rc1","downtimeMillis":41000,"reason":"1.1.0-rc1 exited right after it started: cannot import name app","startedAt":"2026-11-22T18:31:00Z"},
             {"name":"greeter","outcome":"upgraded","from":"0.9.0","to":"1.0.0","downtimeMillis":800,"startedAt":"2026-11-02T10:00:00Z"}]}\
            """);
        cli.answer("autostart", "{\"on\":true,\"words\":\"The tray icon starts at login.\"}");
        cli.log = new CliClient.Lines(
                java.util.stream.IntStream.range(0, 40)
                        .mapToObj(
                                at -> "2026-11-23 14:%02d:07  127.0.0.1 GET / 200 in %d ms".formatted(at % 60, at * 3))
                        .toList(),
                "");
        return cli;
    }
}
