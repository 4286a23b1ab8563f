package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.tool.Manifest.ToolDoctor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The group *Its own doctor*: runs the tool's own doctor command and shows its lines as findings. Commands
/// that it suggests are never run.
final class ToolDoctorCheck {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int OUTPUT_LIMIT = 256 * 1024;
    private static final int MOST_LINES = 100;
    private static final int TITLE_LIMIT = 120;
    private static final int ID_LIMIT = 40;

    /// Control sequences of a terminal (ECMA-48: CSI, and OSC up to its end).
    private static final Pattern TERMINAL =
            Pattern.compile("\\x1b\\[[0-?]*[ -/]*[@-~]|\\x1b\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)|\\x1b[@-Z\\\\-_]");

    private static final Pattern MARKED = Pattern.compile("^\\s*([✓✔✗✘✖!⚠])\\x{FE0F}?\\s+(\\S.*)$");

    private ToolDoctorCheck() {}

    static Optional<Result> ask(DiagnosisContext context) {
        return context.manifest().doctor().map(own -> {
            String line = Command.of(LIMIT, own.command()).line();
            ProcessResult result = context.around().runner().run(command(context, own));
            return switch (result) {
                case ProcessResult.Exited exited -> read(context, own, line, exited);
                case ProcessResult.TimedOut _ ->
                    Result.of(Severity.UNKNOWN, "own-doctor.late", LIMIT.toSeconds())
                            .proof(line, "timed out after %d s".formatted(LIMIT.toSeconds()))
                            .remedy(again(line));
                case ProcessResult.NotStarted notStarted ->
                    Result.of(Severity.UNKNOWN, "own-doctor.gone")
                            .proof(line, notStarted.reason())
                            .remedy(again(line));
            };
        });
    }

    /// With the `PATH` of its service, so that it sees what the service sees.
    private static Command command(DiagnosisContext context, ToolDoctor own) {
        Command command = Command.of(LIMIT, own.command())
                .keeping(OUTPUT_LIMIT)
                .withAll(context.described())
                .with("NO_COLOR", "1")
                .with("TERM", "dumb");
        Optional<Path> directory = context.manifest()
                .service()
                .flatMap(service -> service.workingDirectory())
                .filter(folder -> folder.toFile().isDirectory());
        if (directory.isPresent()) {
            command = command.in(directory.get());
        }
        return context.servicePath().isPresent()
                ? command.with("PATH", context.servicePath().get())
                : command;
    }

    private static Result read(DiagnosisContext context, ToolDoctor own, String line, ProcessResult.Exited exited) {
        List<Line> lines = switch (own.format()) {
            // What is well often goes to one stream, and what is not to the other.
            case MARKS -> marks(exited.out() + "\n" + exited.err());
            case JSON -> json(exited.out());
        };
        String end = "exited with code " + exited.status();
        if (lines.isEmpty()) {
            return Result.of(Severity.UNKNOWN, "own-doctor.unclear")
                    .proof(line, end + firstWords(exited))
                    .remedy(again(line));
        }
        long troubles =
                lines.stream().filter(said -> said.severity() != Severity.OK).count();
        SequencedMap<String, Result> parts = new LinkedHashMap<>();
        for (Line said : lines) {
            Result part = new Result(said.severity(), said.title(), Optional.empty(), List.of(), List.of());
            for (String more : said.details()) {
                part = part.proof(context.name() + "'s own doctor", more);
            }
            String id = unique(said.title(), parts);
            parts.put(
                    id,
                    switch (said.severity()) {
                        case OK -> part;
                        case WARNING -> part.remedy(again(line)).remedy(ignore(context, id));
                        case FAILURE, CRASHED, UNKNOWN, INFO -> part.remedy(again(line));
                    });
        }
        Result itself;
        if (troubles == 0 && exited.status() != 0) {
            // An exit code without a line that explains it is not passed over.
            itself = Result.of(Severity.WARNING, "own-doctor.disagrees", exited.status())
                    .proof(line, end)
                    .remedy(again(line));
        } else if (isCut(exited.out()) || isCut(exited.err())) {
            itself = Result.of(Severity.UNKNOWN, "own-doctor.long")
                    .proof(line, "%s; only the first %d KB were read".formatted(end, OUTPUT_LIMIT / 1024))
                    .remedy(again(line));
        } else {
            itself = (lines.size() == 1
                            ? Result.of(Severity.OK, "own-doctor.ran-one")
                            : Result.of(Severity.OK, "own-doctor.ran", lines.size()))
                    .proof(line, end);
        }
        return itself.with(parts);
    }

    /// What stands behind the limit was not seen, and may be what matters.
    private static boolean isCut(String said) {
        return said.getBytes(StandardCharsets.UTF_8).length >= OUTPUT_LIMIT;
    }

    private static String firstWords(ProcessResult.Exited exited) {
        String said = exited.out().isBlank() ? exited.err() : exited.out();
        return TERMINAL.matcher(said)
                .replaceAll("")
                .lines()
                .filter(text -> !text.isBlank())
                .findFirst()
                .map(text -> ": " + text.strip())
                .orElse(" and printed nothing");
    }

    /// A tool may warn of what is meant to be so, such as a service of its own that is not installed.
    private static Remedy ignore(DiagnosisContext context, String id) {
        return new Remedy.Action(
                "ignore",
                List.of("lamplighter", "ignore", context.name(), id),
                Messages.text("remedy.ignore-own-doctor"));
    }

    private static Remedy again(String line) {
        return new Remedy.CopyCommand(line, Messages.text("remedy.own-doctor"));
    }

    /// One line of a tool's own doctor.
    ///
    /// @param details the lines below it that carry no mark of their own and stand further in
    record Line(Severity severity, String title, List<String> details) {}

    /// Lines that begin with `✓`, `✗` or `!`, with or without colours; others belong to the one above when
    /// they stand further in.
    static List<Line> marks(String output) {
        List<Line> lines = new ArrayList<>();
        List<String> details = new ArrayList<>();
        int depth = 0;
        for (String raw : TERMINAL.matcher(output).replaceAll("").lines().toList()) {
            Matcher marked = MARKED.matcher(raw);
            if (marked.matches()) {
                details = new ArrayList<>();
                depth = marked.start(1);
                lines.add(new Line(severity(marked.group(1)), title(marked.group(2)), details));
            } else if (raw.isBlank() || indent(raw) <= depth) {
                details = new ArrayList<>();
            } else if (details.size() < 5) {
                details.add(raw.strip());
            }
        }
        return kept(lines);
    }

    /// Not endless; what is not well comes before what is.
    private static List<Line> kept(List<Line> lines) {
        if (lines.size() <= MOST_LINES) {
            return lines;
        }
        Set<Line> worst = Collections.newSetFromMap(new IdentityHashMap<>());
        lines.stream()
                .sorted(Comparator.comparingInt((Line line) -> -line.severity().weight()))
                .limit(MOST_LINES)
                .forEach(worst::add);
        return lines.stream().filter(worst::contains).toList();
    }

    /// `{"findings": [{"severity": …, "title": …}]}`, severities as in the contract.
    static List<Line> json(String output) {
        List<Line> lines = new ArrayList<>();
        try {
            JsonNode findings = JsonFile.MAPPER.readTree(output).path("findings");
            for (JsonNode finding : findings) {
                String word = finding.path("severity").asString("");
                Optional<Severity> severity = Severity.of(word);
                String title = title(finding.path("title").asString(""));
                List<String> details = new ArrayList<>();
                if (severity.isEmpty()) {
                    details.add("severity: \"%s\"".formatted(word));
                }
                if (finding.path("detail").isString()) {
                    details.add(finding.path("detail").stringValue());
                }
                // What is not understood is not known to be well.
                lines.add(new Line(
                        title.isEmpty() ? Severity.UNKNOWN : severity.orElse(Severity.UNKNOWN),
                        title.isEmpty() ? "Result without a title" : title,
                        details));
            }
        } catch (JacksonException _) {
            return List.of();
        }
        return kept(lines);
    }

    private static Severity severity(String mark) {
        return switch (mark) {
            case "✓", "✔" -> Severity.OK;
            case "!", "⚠" -> Severity.WARNING;
            default -> Severity.FAILURE;
        };
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    private static String title(String text) {
        String clean = UntrustedText.masked(text);
        return clean.length() <= TITLE_LIMIT ? clean : clean.substring(0, TITLE_LIMIT - 1) + "…";
    }

    /// The words of a line up to its first number or colon, so that a count that changes keeps its id.
    private static String unique(String title, Map<String, ?> taken) {
        String words = title.split("[:0-9(]", 2)[0];
        String slug = (words.isBlank() ? title : words)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}]+", "-")
                .replaceAll("^-+|-+$", "");
        slug = slug.length() > ID_LIMIT ? slug.substring(0, ID_LIMIT) : slug;
        String base = CheckId.OWN_PREFIX + (slug.isEmpty() ? "line" : slug);
        String id = base;
        for (int i = 2; taken.containsKey(id) || id.equals(CheckId.OWN_DOCTOR); i++) {
            id = base + "-" + i;
        }
        return id;
    }
}
