package io.github.lamplighter.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.RegistryPackages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Versions and ranges are read as pip's and npm's own libraries read them: tens of thousands of made-up ones, all in
/// one run of Python and one of Node. The same seed each time; `-Dlamplighter.seed=…` takes another.
@Tag("slow")
class PackageManagerAgreementIT {

    private static final int QUESTIONS = 20_000;
    private static final long SEED = Long.getLong("lamplighter.seed", 20_261_130);

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);

    @Test
    void versionsAndSetsOfPython() throws IOException {
        List<Question> questions = questions(this::python, this::pythonSet);
        String script = """
            import json, sys
            from packaging.specifiers import SpecifierSet, InvalidSpecifier
            from packaging.version import Version, InvalidVersion
            def version(text):
                try: return Version(text)
                except InvalidVersion: return None
            def answer(q):
                a, b = version(q["one"]), version(q["other"])
                order = "?" if a is None or b is None else str((a > b) - (a < b))
                try: inside = str(SpecifierSet(q["range"]).contains(q["one"].strip(), prereleases=True)).lower()
                except InvalidSpecifier: inside = "no range"
                return [order, inside]
            json.dump([answer(q) for q in json.load(open(sys.argv[1]))], sys.stdout)
            """;
        List<String> theirs = asked(
                questions,
                RegistryPackages.python("packaging").resolve("bin/python").toString(),
                "-c",
                script);
        assertAgreement(
                questions,
                theirs,
                question -> ours(question, Version.Scheme.PEP440, List.of(VersionRange.pep440(question.range()))));
    }

    @Test
    void versionsAndRangesOfNpm() throws IOException {
        List<Question> questions = questions(this::node, this::nodeRange);
        String script = """
            const semver = require(process.argv[1] + "/node_modules/semver"), fs = require("fs");
            const answer = q => {
              const a = semver.parse(q.one), b = semver.parse(q.other);
              const inside = options => semver.validRange(q.range, options) === null
                ? "no range" : String(semver.satisfies(q.one, q.range, options));
              return [a && b ? String(semver.compare(a, b)) : "?", inside({}), inside({ includePrerelease: true })];
            };
            process.stdout.write(JSON.stringify(JSON.parse(fs.readFileSync(process.argv[2])).map(answer)));
            """;
        List<String> theirs = asked(
                questions, "node", "-e", script, RegistryPackages.node("semver").toString());
        assertAgreement(
                questions,
                theirs,
                question -> ours(
                        question,
                        Version.Scheme.SEMVER,
                        List.of(VersionRange.npm(question.range()), VersionRange.engines(question.range()))));
    }

    private record Question(String one, String other, String range) {}

    private interface Answering {
        String answer(Question question);
    }

    private static List<Question> questions(Supplier<String> version, Supplier<String> range) {
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < QUESTIONS; i++) {
            questions.add(new Question(version.get(), version.get(), range.get()));
        }
        return questions;
    }

    private static String ours(Question question, Version.Scheme scheme, List<Optional<VersionRange>> ranges) {
        Version one = Version.parse(scheme, question.one());
        Version other = Version.parse(scheme, question.other());
        List<String> words = new ArrayList<>();
        words.add(
                one instanceof Pep440 a && other instanceof Pep440 b
                        ? "" + Integer.signum(a.compareTo(b))
                        : one instanceof SemVer a && other instanceof SemVer b
                                ? "" + Integer.signum(a.compareTo(b))
                                : "?");
        ranges.forEach(
                range -> words.add(range.map(known -> "" + known.accepts(one)).orElse("no range")));
        return String.join(" ", words);
    }

    private List<String> asked(List<Question> questions, String... argv) throws IOException {
        ArrayNode json = JsonFile.MAPPER.createArrayNode();
        questions.forEach(question -> {
            ObjectNode one = json.addObject();
            one.put("one", question.one()).put("other", question.other()).put("range", question.range());
        });
        Path file = folder.resolve("questions.json");
        Files.writeString(file, JsonFile.MAPPER.writeValueAsString(json));
        List<String> command = new ArrayList<>(List.of(argv));
        command.add(file.toString());
        String out = Child.run(Map.copyOf(System.getenv()), Duration.ofMinutes(2), command.toArray(String[]::new))
                .well()
                .out();
        List<String> answers = new ArrayList<>();
        for (JsonNode answer : JsonFile.MAPPER.readTree(out)) {
            answers.add(String.join(
                    " ", answer.valueStream().map(JsonNode::asString).toList()));
        }
        return answers;
    }

    private static void assertAgreement(List<Question> questions, List<String> theirs, Answering ours) {
        List<String> different = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            String answer = ours.answer(questions.get(i));
            if (!answer.equals(theirs.get(i))) {
                different.add("%s: theirs %s, ours %s".formatted(questions.get(i), theirs.get(i), answer));
            }
        }
        assertThat(theirs).hasSameSizeAs(questions);
        assertThat(different.stream().limit(20).toList())
                .as("seed %d: %d of %d are different", SEED, different.size(), questions.size())
                .isEmpty();
    }

    /// Mostly valid, with small numbers, so that many are equal or next to each other.
    private String python() {
        StringBuilder text = new StringBuilder(often(20) ? one("v", " ", "V") : "");
        text.append(often(10) ? one("0!", "1!") : "").append(release(4));
        text.append(
                often(3)
                        ? one("a", "b", "rc", ".alpha", "-beta", "_c", "pre", "preview.") + one("", "0", "1", "2")
                        : "");
        text.append(often(4) ? one(".post", "-", ".r", "rev", "-post.") + one("0", "1", "2") : "");
        text.append(often(4) ? one(".dev", "dev", "-dev.") + one("", "0", "1") : "");
        text.append(often(5) ? one("+a", "+1", "+a.1", "+1-a", "+Ubuntu_2", "+01") : "");
        return text + (often(40) ? one(".*", "x", " ", "-", "..1", "+", "!1") : "");
    }

    private String pythonSet() {
        List<String> clauses = new ArrayList<>();
        for (int i = 1 + (often(3) ? random.nextInt(3) : 0); i > 0; i--) {
            clauses.add(
                    often(40)
                            ? one("", "1.0", "=1.0", ">", "~=1", "== ", "=>1", ">=1.0 <2", ">=1.*", "latest")
                            : one("==", "!=", "<=", ">=", "<", ">", "~=", "===")
                                    + one("", "", " ")
                                    + (often(3) ? release(3) + one("", ".*", "") : python()));
        }
        return String.join(one(",", ",", ", ", " , "), clauses) + (often(30) ? "," : "");
    }

    private String node() {
        StringBuilder text = new StringBuilder(often(20) ? one("v", "=") : "");
        text.append(random.nextInt(3))
                .append('.')
                .append(random.nextInt(3))
                .append('.')
                .append(random.nextInt(3));
        text.append(often(2) ? tag() : "");
        text.append(often(10) ? one("+build", "+1.b") : "");
        return text + (often(50) ? one(".1", "-", "x", "-01") : "");
    }

    private String tag() {
        String part = one("alpha", "1", "0", "rc", "x-1", "22", "beta");
        return "-" + part + (often(2) ? "." + one("0", "1", "rc", "a") : "");
    }

    private String nodeRange() {
        List<String> alternatives = new ArrayList<>();
        for (int i = 1 + (often(4) ? 1 : 0); i > 0; i--) {
            alternatives.add(
                    often(5)
                            ? partial() + " - " + partial()
                            : comparator() + (often(2) ? one(" ", "  ") + comparator() : ""));
        }
        return String.join(one("||", " || "), alternatives);
    }

    private String comparator() {
        return often(60)
                ? one("latest", ">", "^", "1.2.3.4", "1..2", ">=x.y", "01.2.3", "1.2.3-01", "<", "=>1")
                : one("", "", "^", "^", "~", "~>", ">=", ">", "<=", "<", "=") + one("", "", "", " ", "v") + partial();
    }

    private String partial() {
        String number = "" + random.nextInt(3);
        return switch (random.nextInt(8)) {
            case 0 -> number;
            case 1 -> number + "." + random.nextInt(3);
            case 2 -> number + one(".x", ".*", ".X.x", ".x.1");
            case 3 -> number + "." + random.nextInt(3) + one(".x", ".*");
            case 4 -> often(3) ? one("*", "x", "", "X.1") : number + ".0.0" + tag();
            case 5 -> number + "." + random.nextInt(3) + "." + random.nextInt(3) + tag() + one("", "+build");
            default -> number + "." + random.nextInt(3) + "." + random.nextInt(3);
        };
    }

    private String release(int most) {
        StringBuilder text = new StringBuilder(number());
        for (int i = random.nextInt(most); i > 0; i--) {
            text.append('.').append(number());
        }
        return text.toString();
    }

    private String number() {
        return often(25) ? one("1844674407370955161" + random.nextInt(2), "01", "10") : "" + random.nextInt(3);
    }

    private boolean often(int inverse) {
        return random.nextInt(inverse) == 0;
    }

    private String one(String... words) {
        return words[random.nextInt(words.length)];
    }
}
