package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Catalogue.Entry;
import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.doctor.Facts.Fact;
import io.github.lamplighter.installer.Evidence;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.readiness.Answering;
import io.github.lamplighter.readiness.Mine;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.tool.Manifest;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Examines one tool: every check that applies, all at the same time, each within its own limit. A check
/// that breaks is a finding; it never loses the report.
public final class DiagnoseTool {

    private final Surroundings around;

    public DiagnoseTool(Surroundings around) {
        this.around = around;
    }

    /// The same for one run over these tools: the tables of the system are read once for all of them.
    public DiagnoseTool asOfNow(List<Manifest> tools) {
        return new DiagnoseTool(around.asOfNow(tools));
    }

    /// How much is asked.
    public enum Scope {
        FULL,
        /// Without the checks that need the network.
        OFFLINE,
        /// What a service verb may have changed.
        SERVICE,
        /// For a tool that nobody looks after: files are read, nothing of it is run.
        DISK;

        private static final Set<String> WHO_REACHES_IT = Set.of("address", "sign-in", "environment-file");
        private static final Set<String> ON_DISK =
                Set.of("launcher", "installed-version", "parts", "source", "runtime");

        private boolean asks(Entry entry) {
            return switch (this) {
                case FULL -> true;
                // Of some tools it is known without the network that there is nobody to ask.
                case OFFLINE -> !entry.needsNetwork() || entry.isOfTheSource();
                case SERVICE ->
                    entry.group() == Group.RUNNING
                            || entry.group() == Group.AT_LOGIN
                            || WHO_REACHES_IT.contains(entry.id());
                case DISK -> ON_DISK.contains(entry.id());
            };
        }
    }

    /// @param report what was found now; its `since` and *set aside* are the store's business
    /// @param leftOut the ids that were not asked, whose earlier answers stay
    public record Diagnosis(Report report, Set<String> leftOut) {
        public Diagnosis {
            leftOut = Set.copyOf(leftOut);
        }
    }

    /// The ids whose new failure undoes an upgrade (`program` stands for all of `program-NAME`).
    public static List<String> gates() {
        return Catalogue.ids().stream().filter(DiagnoseTool::isGate).toList();
    }

    /// Whether a finding's new failure undoes an upgrade.
    public static boolean isGate(String id) {
        return Catalogue.find(id).filter(Entry::isGate).isPresent();
    }

    /// Whether there is such a check.
    public static boolean knows(String id) {
        return Catalogue.find(id).isPresent();
    }

    /// All ids in the order of the catalogue; `program` stands for one check a required program.
    public static List<String> ids() {
        return Catalogue.ids();
    }

    /// What a check asks and why, for `explain`.
    public static Optional<String> explanation(String id) {
        return Catalogue.find(id).flatMap(entry -> Messages.ifPresent(Catalogue.family(id) + ".explain"));
    }

    /// The page of the manual on a check.
    public static String page(String id) {
        return Catalogue.find(id).map(Entry::page).orElse("checks/" + id);
    }

    public Diagnosis examine(Manifest manifest, Scope scope) {
        return examine(manifest, scope, Progress.none());
    }

    /// @param progress is told of every check that is asked, and when it has answered
    public Diagnosis examine(Manifest manifest, Scope scope, Progress progress) {
        long started = System.nanoTime();
        Subject subject = new Subject(manifest, around);
        Set<String> leftOut = new LinkedHashSet<>();
        List<Entry> entries = new ArrayList<>();
        for (Entry entry : Catalogue.of(subject)) {
            boolean inBetween = entry.isOfTheService() && isBeingUpgraded(subject);
            if (scope.asks(entry) && !inBetween) {
                entries.add(entry);
            } else {
                leftOut.add(entry.id());
            }
        }
        progress.began(manifest.name().value(), entries.stream().map(Entry::id).toList());
        // Not numbered: the JVM's counter of names takes 5 ms at its first use.
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("check").factory());
        try {
            List<Future<List<Finding>>> running = new ArrayList<>();
            for (Entry entry : entries) {
                running.add(threads.submit(() -> {
                    try {
                        return mayAsk(scope, entry, subject) ? answer(entry, subject) : List.<Finding>of();
                    } finally {
                        progress.answered(manifest.name().value(), entry.id());
                    }
                }));
            }
            Future<Facts> facts = threads.submit(() -> facts(subject));
            Future<Optional<Provenance>> provenance = threads.submit(subject::provenance);
            Future<Optional<Verdict>> verdict = threads.submit(
                    () -> maySourceBeAsked(scope, subject) ? subject.verdict() : Optional.<Verdict>empty());
            List<Finding> findings = new ArrayList<>();
            for (int i = 0; i < entries.size(); i++) {
                findings.addAll(collect(subject, entries.get(i), running.get(i), started));
            }
            if (scope == Scope.OFFLINE
                    && within(verdict, started).flatMap(found -> found).isEmpty()) {
                leftOut.addAll(Catalogue.OF_THE_SOURCE);
            }
            beganMeanwhile(subject, entries, leftOut, findings);
            Optional<Provenance> known = within(provenance, started).flatMap(found -> found);
            if (within(verdict, started).flatMap(found -> found).isPresent()) {
                known = known.isPresent() ? subject.provenanceAsTold() : known;
                sourceAsTold(subject, entries, findings);
            }
            return new Diagnosis(
                    new Report(
                            subject.name(),
                            manifest.expected(),
                            known,
                            within(verdict, started).flatMap(found -> found),
                            Optional.empty(),
                            within(facts, started).orElseGet(this::noFacts),
                            explained(findings, entries),
                            around.clock().instant(),
                            millisSince(started)),
                    leftOut);
        } finally {
            threads.shutdownNow();
        }
    }

    /// Where it came from was looked at while its source was still being asked what the tag or branch is.
    private void sourceAsTold(Subject subject, List<Entry> entries, List<Finding> findings) {
        if (!subject.provenanceAsTold().equals(subject.provenance())) {
            entries.stream()
                    .filter(entry -> entry.id().equals("source"))
                    .forEach(
                            entry -> findings.replaceAll(finding -> finding.id().equals(entry.id())
                                    ? answer(entry, subject).getFirst()
                                    : finding));
        }
    }

    private static boolean mayAsk(Scope scope, Entry entry, Subject subject) {
        return !entry.isOfTheSource() || maySourceBeAsked(scope, subject);
    }

    private static boolean maySourceBeAsked(Scope scope, Subject subject) {
        return switch (scope) {
            case FULL -> true;
            case OFFLINE -> subject.hasNoSourceToAsk();
            case SERVICE, DISK -> false;
        };
    }

    /// Where that cannot be told, the check on the same question breaks and says so; the report stays.
    private static boolean isBeingUpgraded(Subject subject) {
        try {
            return subject.isBeingUpgraded();
        } catch (RuntimeException _) {
            return false;
        }
    }

    /// A transaction may begin while the checks run: then what was seen of the service was in between.
    private void beganMeanwhile(Subject before, List<Entry> entries, Set<String> leftOut, List<Finding> findings) {
        Subject now = new Subject(before.manifest(), around);
        if (isBeingUpgraded(before) || !isBeingUpgraded(now)) {
            return;
        }
        for (Entry entry : entries) {
            if (entry.isOfTheService()) {
                leftOut.add(entry.id());
                findings.removeIf(finding -> finding.id().equals(entry.id()));
            } else if (entry.id().equals(Catalogue.BEING_UPGRADED)) {
                findings.addAll(answer(entry, now));
            }
        }
        findings.sort(Catalogue::inOrder);
    }

    /// What is explained by another finding is not said twice. Only what is at least as grave explains:
    /// something that could not be checked must not silence what is known to be broken.
    private static List<Finding> explained(List<Finding> findings, List<Entry> entries) {
        Map<String, Severity> troubled = new LinkedHashMap<>();
        findings.stream()
                .filter(DiagnoseTool::isTrouble)
                .forEach(finding -> troubled.put(finding.id(), finding.severity()));
        return findings.stream()
                .filter(finding -> !isTrouble(finding)
                        || entries.stream()
                                .filter(entry -> entry.id().equals(finding.id()))
                                .findFirst()
                                .flatMap(Entry::dependsOn)
                                .flatMap(id -> Optional.ofNullable(troubled.get(id)))
                                .filter(severity ->
                                        severity.weight() >= finding.severity().weight())
                                .isEmpty())
                .toList();
    }

    private static boolean isTrouble(Finding finding) {
        return switch (finding.severity()) {
            case FAILURE, UNKNOWN, WARNING -> true;
            case OK, INFO, CRASHED -> false;
        };
    }

    private List<Finding> answer(Entry entry, Subject subject) {
        long started = System.nanoTime();
        List<Finding> findings = new ArrayList<>();
        entry.check().ask(subject).ifPresent(result -> {
            findings.add(finding(entry.id(), entry, result, started));
            result.parts().forEach((id, part) -> findings.add(finding(id, entry, part, started)));
        });
        return findings;
    }

    private List<Finding> collect(Subject subject, Entry entry, Future<List<Finding>> future, long started) {
        long left = entry.limit().toNanos() - (System.nanoTime() - started);
        try {
            return future.get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            future.cancel(true);
            Result late = Result.of(
                            Severity.UNKNOWN, "check.late", entry.limit().toSeconds())
                    .proof(
                            "check " + entry.id(),
                            "no answer in %d s".formatted(entry.limit().toSeconds()))
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")));
            return List.of(finding(entry.id(), entry, late, started));
        } catch (ExecutionException e) {
            Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
            Result broken = Result.of(Severity.CRASHED, "check.broken")
                    .proof("check " + entry.id(), "it stopped at: " + cause)
                    .remedy(new Remedy.CopyCommand(
                            "lamplighter doctor %s --json".formatted(subject.name()),
                            Messages.text("remedy.copy-report")));
            return List.of(finding(entry.id(), entry, broken, started));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private Finding finding(String id, Entry entry, Result result, long started) {
        Instant now = around.clock().instant();
        return new Finding(
                id,
                entry.group(),
                result.severity(),
                around.places().display(result.title()),
                result.effect().map(around.places()::display),
                shown(result.evidence()),
                result.remedies().stream().map(this::displayed).toList(),
                now,
                now,
                false,
                millisSince(started));
    }

    /// The one place where the home becomes `~`, so that no check has to think of it.
    private List<Evidence> shown(List<Evidence> evidence) {
        return evidence.stream()
                .map(one -> new Evidence(
                        around.places().display(one.source()), around.places().display(one.detail())))
                .toList();
    }

    private Remedy displayed(Remedy remedy) {
        return remedy instanceof Remedy.Open(String target, String text)
                ? new Remedy.Open(around.places().display(target), text)
                : remedy;
    }

    private static <T> Optional<T> within(Future<T> future, long started) {
        long left = Catalogue.SOURCE.toNanos() - (System.nanoTime() - started);
        try {
            return Optional.of(future.get(Math.max(0, left), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | ExecutionException _) {
            // The check that asked the same question has said so.
            future.cancel(true);
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static long millisSince(long started) {
        return (System.nanoTime() - started) / 1_000_000;
    }

    private Facts facts(Subject subject) {
        Fact installed = fact(() -> {
            var program = subject.manifest().install().program();
            boolean there = subject.provenance().isPresent();
            boolean closed =
                    Closed.on(subject.manifest().install().environment()).isPresent();
            return new Known(
                    !there && closed ? Optional.empty() : Optional.of(there),
                    List.of(new Evidence(
                            subject.display(program),
                            Files.exists(program, LinkOption.NOFOLLOW_LINKS)
                                    ? "the launcher is there"
                                    : closed ? "it may not be looked at" : "there is no such file")));
        });
        if (!subject.isService()) {
            Fact nothing = fact(() -> new Known(
                    Optional.empty(), List.of(new Evidence(Fact.DESCRIPTION, "a command; nothing runs by itself"))));
            return new Facts(installed, nothing, nothing, nothing, nothing);
        }
        Fact enabled = fact(() -> {
            ServiceState state = subject.service();
            Optional<Boolean> value = state.phase() == Phase.NOT_INSTALLED ? Optional.of(false) : state.enabled();
            return new Known(value, RunningChecks.evidence(state));
        });
        Fact running = fact(() -> {
            ServiceState state = subject.service();
            Optional<Boolean> value =
                    state.phase() == Phase.UNKNOWN ? Optional.empty() : Optional.of(subject.hasProcess());
            return new Known(value, RunningChecks.evidence(state));
        });
        Fact answering = fact(() -> subject.answering()
                .map(answer -> switch (answer) {
                    case Answering.Yes yes -> known(subject, true, yes.detail());
                    case Answering.No no -> known(subject, false, no.detail());
                })
                .orElseGet(DiagnoseTool::noAddress));
        Fact mine = fact(() -> subject.mine()
                .map(answer -> switch (answer) {
                    case Mine.Yes yes ->
                        known(
                                subject,
                                true,
                                yes.detail() + yes.besides().map("; "::concat).orElse(""));
                    case Mine.No no -> known(subject, false, no.detail());
                    case Mine.Unknown unknown ->
                        new Known(
                                Optional.empty(),
                                known(subject, false, unknown.detail()).evidence());
                })
                .orElseGet(() -> subject.endpoint().isEmpty()
                        ? noAddress()
                        : new Known(Optional.empty(), List.of(new Evidence("its address", "nothing answers there")))));
        return new Facts(installed, enabled, running, answering, mine);
    }

    private record Known(Optional<Boolean> value, List<Evidence> evidence) {}

    private static Known known(Subject subject, boolean value, String detail) {
        return new Known(
                Optional.of(value),
                List.of(new Evidence(
                        subject.endpoint().map(Manifest.Endpoint::url).orElse(subject.unit()), Foreign.clean(detail))));
    }

    private static Known noAddress() {
        return new Known(Optional.empty(), List.of(new Evidence(Fact.DESCRIPTION, "names no address to ask")));
    }

    private Fact fact(Supplier<Known> question) {
        try {
            Known known = question.get();
            return new Fact(
                    known.value(), shown(known.evidence()), around.clock().instant());
        } catch (RuntimeException _) {
            // The check on the same question is the one that says how it broke.
            return unknown();
        }
    }

    private Fact unknown() {
        return new Fact(
                Optional.empty(),
                List.of(new Evidence("the doctor", "could not check")),
                around.clock().instant());
    }

    private Facts noFacts() {
        return new Facts(unknown(), unknown(), unknown(), unknown(), unknown());
    }
}
