package io.github.lamplighter;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rules of the design, each with its reason.
class ArchitectureTest {

    private static final String ROOT = "io.github.lamplighter.";
    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.github.lamplighter");

    private static final String[] CORE = Stream.of(
                    "tool",
                    "installer",
                    "version",
                    "release",
                    "service",
                    "readiness",
                    "doctor",
                    "upgrade",
                    "status",
                    "settings",
                    "setup",
                    "process",
                    "client",
                    "demo",
                    "file",
                    "text")
            .map(feature -> ROOT + feature + "..")
            .toArray(String[]::new);

    @Test
    void onlyTheWindowKnowsJavaFx() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "window..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javafx..", "atlantafx..", "org.controlsfx..", "org.kordamp..", "com.sun.javafx..")
                .because("a resident process that loads JavaFX weighs four times as much")
                .check(PROGRAM);
    }

    @Test
    void theWindowWaitsWithoutAnimations() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("javafx.animation..")
                .because("one that plays makes JavaFX compute 60 frames a second")
                .check(PROGRAM);
    }

    @Test
    void onlyTheStatusItemOfMacosKnowsAwt() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + "tray.MacStatusItem")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.awt..", "javax.swing..")
                .because("AWT starts a toolkit, and its tray is XEmbed, which today's panels do not show")
                .check(PROGRAM);
    }

    @Test
    void theCoreKnowsNoFaceNoPlatformNoBusAndNoCommandLine() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "cli..",
                        ROOT + "tray..",
                        ROOT + "window..",
                        ROOT + "app..",
                        ROOT + "platform..",
                        "org.freedesktop..",
                        "picocli..")
                .because("the same core serves every face on every system")
                .check(PROGRAM);
    }

    @Test
    void noFaceKnowsAnother() {
        List<String> faces = List.of("cli", "tray", "window");
        for (String face : faces) {
            String[] others = faces.stream()
                    .filter(other -> !other.equals(face))
                    .map(other -> ROOT + other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + face + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .because("faces share files, not memory")
                    .allowEmptyShould(true)
                    .check(PROGRAM);
        }
    }

    @Test
    void onlyTheCompositionRootSeesAProvider() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "app..", ROOT + "platform..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "platform..")
                .because("everybody else works with a port, on every system")
                .check(PROGRAM);
    }

    @Test
    void programsAreStartedInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "process..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.ProcessBuilder")
                .orShould()
                .callMethodWhere(target(owner(assignableTo(Runtime.class))).and(target(name("exec"))))
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("org.zeroturnaround..")
                .because("each start needs a limit, drained streams and an end of its whole tree")
                .check(PROGRAM);
    }

    @Test
    void environmentClockAndExitBelongToTheCompositionRoot() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "app..")
                .should()
                .callMethodWhere(target(owner(assignableTo(System.class)))
                        .and(target(name("getenv"))
                                .or(target(name("getProperty")))
                                .or(target(name("exit")))
                                .or(target(name("currentTimeMillis")))))
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.OffsetDateTime.class, "now")
                .orShould()
                .callMethod(java.time.LocalDate.class, "now")
                .orShould()
                .callMethod(java.time.InstantSource.class, "system")
                .orShould()
                .callMethod(java.time.ZoneId.class, "systemDefault")
                .because("what a process is given is read once and passed on, so that a test can give it")
                .check(PROGRAM);
    }

    @Test
    void onlyTheCommandLineTouchesTheStandardStreams() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "cli..", ROOT + "app..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .because("standard output carries the result and nothing else")
                .check(PROGRAM);
    }

    @Test
    void textFileAndProcessAreTheGroundFloor() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "text..", ROOT + "file..", ROOT + "process..", ROOT + "version..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(Stream.of(CORE)
                        .filter(core -> !core.matches(".*\\.(text|file|process|version)\\.\\."))
                        .toArray(String[]::new))
                .because("every other package uses them")
                .check(PROGRAM);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + "(*)..")
                .should()
                .beFreeOfCycles()
                .because("data flows one way: facts, findings, faces")
                .check(PROGRAM);
    }

    @Test
    void namesSayWhatAThingIs() {
        classes()
                .should()
                .haveNameNotMatching(".*\\.[A-Za-z]*(Util|Utils|Helper|Impl|Common|Misc)")
                .because("a bag of things has no one reason to change")
                .check(PROGRAM);
    }

    @Test
    void noTwoTypesShareAName() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            Map<String, List<Path>> byName = files.filter(
                            file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .collect(Collectors.groupingBy(file -> file.getFileName().toString()));
            byName.values().removeIf(same -> same.size() == 1);
            assertThat(byName).as("a search for a type finds one").isEmpty();
        }
    }

    /// A single word is seldom enough to find a type by. These are terms of the field, or this program's own that its
    /// documentation explains.
    @Test
    void aTypeOfOneWordIsATermThatIsSearchedFor() {
        Set<String> terms = Set.of(
                // terms of this program: docs/dev/architecture.md
                "Glance",
                "Recipes",
                "Verdict",
                "Provenance",
                "Origin",
                "Finding",
                "Remedy",
                "Report",
                "Severity",
                "Facts",
                "Drift",
                "Evidence",
                "Group",
                "Check",
                "Redaction",
                "Tool",
                "Manifest",
                // terms of the field
                "Action",
                "Autostart",
                "Command",
                "Console",
                "Deadline",
                "Digest",
                "Distribution",
                "Endpoints",
                "Envelope",
                "Fxml",
                "Inhibitor",
                "Installer",
                "Journal",
                "Journals",
                "Launchctl",
                "Lazy",
                "Lingering",
                "Main",
                "Memoized",
                "Messages",
                "Notifications",
                "Pep440",
                "Pixmap",
                "Platform",
                "Probe",
                "Progress",
                "Releases",
                "Requirement",
                "Setting",
                "Settings",
                "Shebang",
                "Snapshot",
                "Snapshots",
                "Step",
                "Theme",
                "Transaction",
                "Tray",
                "Version");
        assertThat(PROGRAM.stream()
                        .filter(JavaClass::isTopLevelClass)
                        .map(JavaClass::getSimpleName)
                        .filter(name -> name.matches("[A-Z][a-z0-9]*")))
                .as("two words say what the one does, or for whom")
                .isSubsetOf(terms);
    }

    /// Documents outside of the project cannot be looked up by its readers.
    @Test
    void onlyDocumentsOfThisProjectAreReferredTo() throws IOException {
        Pattern outside = Pattern.compile("(?i)\\b(?:design|ux(?: guide)?|field notes?|style guide) (?:§|\\d)");
        List<String> found = new ArrayList<>();
        for (String folder : List.of("src", "docs", "packaging")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(path -> path.toString().matches(".*\\.(java|md|fxml|properties|json)"))
                        .toList()) {
                    if (outside.matcher(Files.readString(file)).find()) {
                        found.add(file.toString());
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    /// Relative links of the documentation, and the pages that comments name.
    @Test
    void everyLinkOfTheDocumentationLeadsSomewhere() throws IOException {
        Pattern link = Pattern.compile("\\]\\((?!https?:|#|mailto:)([^)#\\s]+)");
        Pattern page = Pattern.compile("\\bdocs/[\\w./-]+\\.(?:md|json|png)\\b");
        List<String> dangling = new ArrayList<>();
        List<Path> sources =
                new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md"), Path.of("CHANGELOG.md")));
        for (String folder : List.of("docs", "src")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                files.filter(path -> path.toString().matches(".*\\.(java|md)")).forEach(sources::add);
            }
        }
        for (Path source : sources) {
            String text = Files.readString(source);
            if (source.toString().endsWith(".md")) {
                link.matcher(text).results().map(found -> found.group(1)).forEach(to -> {
                    if (!Files.exists(Path.of("").resolve(source).resolveSibling(to))) {
                        dangling.add(source + ": " + to);
                    }
                });
            } else {
                page.matcher(text).results().map(MatchResult::group).forEach(to -> {
                    if (!Files.exists(Path.of(to))) {
                        dangling.add(source + ": " + to);
                    }
                });
            }
        }
        assertThat(dangling).isEmpty();
    }

    @Test
    void everyPackageHasItsSentence() throws IOException {
        try (Stream<Path> folders = Files.walk(Path.of("src/main/java/io/github/lamplighter"))) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                if (hasSources(folder)) {
                    assertThat(folder.resolve("package-info.java"))
                            .exists()
                            .content()
                            .startsWith("/// ");
                }
            }
        }
    }

    @Test
    void everyTestClassIsOneThatRuns() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            List<Path> silent = files.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.getFileName().toString().matches(".*(Test|IT)\\.java"))
                    .filter(path -> contains(path, "@(Parameterized)?Test\\b.*"))
                    .filter(path -> !contains(path, "abstract class .*")) // runs in its subclasses
                    .toList();
            assertThat(silent).as("Surefire skips these silently").isEmpty();
        }
    }

    private static boolean hasSources(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        }
    }

    private static boolean contains(Path file, String line) {
        try {
            return Files.readString(file)
                    .lines()
                    .map(String::strip)
                    .anyMatch(Pattern.compile(line).asMatchPredicate());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
