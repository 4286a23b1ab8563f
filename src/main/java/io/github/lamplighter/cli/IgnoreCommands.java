package io.github.lamplighter.cli;

import io.github.lamplighter.cli.Console.Problem;
import io.github.lamplighter.doctor.DiagnoseTool;
import io.github.lamplighter.doctor.ReportStore;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.status.ExamineTools;
import io.github.lamplighter.tool.Manifest;
import io.github.lamplighter.tool.ManifestStore;
import io.github.lamplighter.tool.ToolName;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ignore`, `unignore` and `explain`: what the user does with a finding besides putting it right.
public final class IgnoreCommands {

    private IgnoreCommands() {}

    static final class Ids implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return DiagnoseTool.ids().iterator();
        }
    }

    /// `ignore NAME ID [--until …]`
    @Command(
            name = "ignore",
            header = "Ignore a finding (undo with unignore)",
            description = "An ignored finding stays visible but is no longer counted.",
            footer = {
                "lamplighter ignore n8n update --until 2.31.0",
                "lamplighter ignore http-server log-out --until always"
            })
    public static final class Ignore implements Callable<Integer> {

        private final ManifestStore manifests;
        private final Supplier<Optional<Manifest>> itself;
        private final ReportStore reports;
        private final ExamineTools examineTools;
        private final String file;
        private final ActivityRecorder activityRecorder;
        private final Console console;

        @Parameters(index = "0", paramLabel = "NAME", description = "Managed tool")
        private String name = "";

        @Parameters(
                index = "1",
                paramLabel = "ID",
                description = "Check ID, as in `lamplighter doctor NAME --json`",
                completionCandidates = Ids.class)
        private String id = "";

        @Option(
                names = "--until",
                paramLabel = "DATE|VERSION|change|always",
                description = "When to stop ignoring it (default: change)")
        private String until = "change";

        @Option(names = "--json", description = "Print the result as JSON")
        private boolean json;

        /// @param file where what is set aside is kept, as people write it
        public Ignore(
                ManifestStore manifests,
                Supplier<Optional<Manifest>> itself,
                ReportStore reports,
                ExamineTools examineTools,
                String file,
                ActivityRecorder activityRecorder,
                Console console) {
            this.manifests = manifests;
            this.itself = itself;
            this.reports = reports;
            this.examineTools = examineTools;
            this.file = file;
            this.activityRecorder = activityRecorder;
            this.console = console;
        }

        private static final Pattern UNTIL = Pattern.compile("change|always|v?\\d[\\w.+!-]*");
        private static final Pattern A_DATE_OF_ANOTHER_FORM =
                Pattern.compile("\\d{1,2}[.-]\\d{1,2}[.-](?:19|20)\\d\\d");

        @Override
        public Integer call() {
            Optional<Problem> wrong = wrong(manifests, itself.get(), name, id);
            if (wrong.isPresent()) {
                return console.problem(json, "ignore", ExitCode.USAGE, wrong.get());
            }
            if (!UNTIL.matcher(until).matches()
                    || A_DATE_OF_ANOTHER_FORM.matcher(until).matches()) {
                return console.problem(
                        json,
                        "ignore",
                        ExitCode.USAGE,
                        new Problem(
                                "usage",
                                "--until takes a date such as 2026-12-01, a version such as 14.1.1, `change` or `always`; %s is none of them."
                                        .formatted(until)));
            }
            Optional<String> before = reports.setAsideUntil(new ToolName(name), id);
            try {
                Optional<Integer> refused = switch (reports.ignore(new ToolName(name), id, until)) {
                    case DONE -> Optional.empty();
                    case NO_SUCH_FINDING ->
                        Optional.of(console.problem(
                                json,
                                "ignore",
                                ExitCode.REFUSED,
                                new Problem(
                                        "no-such-finding",
                                        "The last report on %s says nothing about %s. `lamplighter doctor %s` checks again."
                                                .formatted(name, id, name))));
                    case OVER ->
                        Optional.of(console.problem(
                                json,
                                "ignore",
                                ExitCode.USAGE,
                                new Problem(
                                        "usage",
                                        "%s is here already, so nothing would be set aside. --until takes a later day or version, `change` or `always`."
                                                .formatted(until))));
                };
                if (refused.isPresent()) {
                    return refused.get();
                }
            } catch (IOException e) {
                return notKept(console, json, "ignore", e);
            }
            activityRecorder.add(
                    name,
                    "set %s of %s aside (%s)".formatted(id, name, until(until)),
                    file,
                    command(name, id, until),
                    before.map(earlier -> command(name, id, earlier))
                            .orElse("lamplighter unignore %s %s".formatted(name, id)));
            examineTools.refreshGlance();
            if (json) {
                return console.envelope(
                        "ignore",
                        ExitCode.OK,
                        JsonFile.MAPPER
                                .createObjectNode()
                                .put("name", name)
                                .put("id", id)
                                .put("until", until),
                        List.of());
            }
            console.out()
                    .println("%s of %s is set aside (%s). `lamplighter unignore %s %s` takes it up again."
                            .formatted(id, name, until(until), name, id));
            return ExitCode.OK;
        }
    }

    /// `unignore NAME ID`
    @Command(name = "unignore", header = "Stop ignoring a finding", footer = "lamplighter unignore n8n update")
    public static final class Unignore implements Callable<Integer> {

        private final ManifestStore manifests;
        private final Supplier<Optional<Manifest>> itself;
        private final ReportStore reports;
        private final ExamineTools examineTools;
        private final String file;
        private final ActivityRecorder activityRecorder;
        private final Console console;

        @Parameters(index = "0", paramLabel = "NAME", description = "Managed tool")
        private String name = "";

        @Parameters(
                index = "1",
                paramLabel = "ID",
                description = "Check ID, as in `lamplighter doctor NAME --json`",
                completionCandidates = Ids.class)
        private String id = "";

        @Option(names = "--json", description = "Print the result as JSON")
        private boolean json;

        /// @param file where what is set aside is kept, as people write it
        public Unignore(
                ManifestStore manifests,
                Supplier<Optional<Manifest>> itself,
                ReportStore reports,
                ExamineTools examineTools,
                String file,
                ActivityRecorder activityRecorder,
                Console console) {
            this.manifests = manifests;
            this.itself = itself;
            this.reports = reports;
            this.examineTools = examineTools;
            this.file = file;
            this.activityRecorder = activityRecorder;
            this.console = console;
        }

        @Override
        public Integer call() {
            Optional<Problem> wrong = wrong(manifests, itself.get(), name, id);
            if (wrong.isPresent()) {
                return console.problem(json, "unignore", ExitCode.USAGE, wrong.get());
            }
            try {
                Optional<String> until = reports.unignore(new ToolName(name), id);
                boolean was = until.isPresent();
                until.ifPresent(earlier -> activityRecorder.add(
                        name,
                        "took %s of %s up again".formatted(id, name),
                        file,
                        "lamplighter unignore %s %s".formatted(name, id),
                        command(name, id, earlier)));
                examineTools.refreshGlance();
                if (json) {
                    return console.envelope(
                            "unignore",
                            ExitCode.OK,
                            JsonFile.MAPPER
                                    .createObjectNode()
                                    .put("name", name)
                                    .put("id", id)
                                    .put("was", was),
                            List.of());
                }
                console.out()
                        .println(
                                was
                                        ? "%s of %s counts again.".formatted(id, name)
                                        : "%s of %s was not set aside.".formatted(id, name));
                return ExitCode.OK;
            } catch (IOException e) {
                return notKept(console, json, "unignore", e);
            }
        }
    }

    /// `explain ID`
    @Command(name = "explain", header = "Explain a check", footer = "lamplighter explain service-path")
    public static final class Explain implements Callable<Integer> {

        private final Console console;

        @Parameters(
                index = "0",
                paramLabel = "ID",
                description = "Check ID, such as `update` or `service-path`",
                completionCandidates = Ids.class)
        private String id = "";

        public Explain(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            Optional<String> explanation = DiagnoseTool.explanation(id);
            if (explanation.isEmpty()) {
                return console.problem(false, "explain", ExitCode.USAGE, noCheck(id));
            }
            console.out().println(explanation.get());
            return ExitCode.OK;
        }
    }

    private static String until(String until) {
        return until.equals("change") ? "until it changes" : until;
    }

    private static String command(String name, String id, String until) {
        return "lamplighter ignore %s %s --until %s".formatted(name, id, until);
    }

    private static Optional<Problem> wrong(ManifestStore manifests, Optional<Manifest> itself, String name, String id) {
        Optional<Problem> unknown =
                ToolSelection.of(manifests, itself, List.of(name)).unknown();
        return unknown.isPresent() || DiagnoseTool.knows(id) ? unknown : Optional.of(noCheck(id));
    }

    private static Problem noCheck(String id) {
        return new Problem(
                "unknown-check",
                "There is no check `%s`. There are: %s.".formatted(id, String.join(", ", DiagnoseTool.ids())));
    }

    private static int notKept(Console console, boolean json, String verb, IOException e) {
        return console.problem(
                json, verb, ExitCode.FAILED, new Problem("not-kept", "It could not be written: " + e.getMessage()));
    }
}
