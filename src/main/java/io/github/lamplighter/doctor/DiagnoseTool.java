package io.github.lamplighter.doctor;

import io.github.lamplighter.doctor.Check.Result;
import io.github.lamplighter.doctor.CheckCatalog.CheckDefinition;
import io.github.lamplighter.doctor.Facts.Fact;
import io.github.lamplighter.file.UnreadableFolders;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.readiness.IdentityResult;
import io.github.lamplighter.readiness.ProbeResult;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.ServiceState;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.tool.Manifest;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Checks one tool: runs every check that applies, all at the same time, each within its own limit. A check
/// that crashes is a finding; it never loses the report. It is long because limits, crashes and facts of all checks are
/// handled in one place.
public final class DiagnoseTool {

    private final DoctorPorts around;
    private final boolean isSourceKnown;

    public DiagnoseTool(DoctorPorts around) {
        this(around, false);
    }

    private DiagnoseTool(DoctorPorts around, boolean isSourceKnown) {
        this.around = around;
        this.isSourceKnown = isSourceKnown;
    }

    /// The same for one tool whose source has already been queried.
    public DiagnoseTool knowing(Verdict verdict) {
        return new DiagnoseTool(around.answering(verdict), true);
    }

    /// A copy for one run over these tools, which reads the tables of the system once for all of them.
    public DiagnoseTool snapshot(List<Manifest> tools) {
        return new DiagnoseTool(around.snapshot(tools), isSourceKnown);
    }

    /// Which checks run.
    public enum Scope {
        FULL,
        /// Without the checks that need the network.
        OFFLINE,
        /// What a service command may have changed.
        SERVICE,
        /// What its source says, and what it takes to know the source.
        SOURCE,
        /// For a tool that is not managed: reads files, runs no program of the tool.
        DISK;

        private static final Set<String> WHO_REACHES_IT =
                Set.of(CheckId.ADDRESS, CheckId.SIGN_IN, CheckId.ENVIRONMENT_FILE);
        private static final Set<String> ON_DISK = Set.of(
                CheckId.LAUNCHER, CheckId.INSTALLED_VERSION, CheckId.MISSING_FILES, CheckId.SOURCE, CheckId.RUNTIME);

        private boolean asks(CheckDefinition checkDefinition) {
            return switch (this) {
                case FULL -> true;
                // Some tools are known to have no source without the network.
                case OFFLINE -> !checkDefinition.needsNetwork() || checkDefinition.isOfTheSource();
                case SERVICE ->
                    checkDefinition.group() == Group.RUNNING
                            || checkDefinition.group() == Group.AT_LOGIN
                            || WHO_REACHES_IT.contains(checkDefinition.id());
                case SOURCE ->
                    checkDefinition.isOfTheSource()
                            || checkDefinition.id().equals(CheckId.INSTALLED_VERSION)
                            || checkDefinition.id().equals(CheckId.SOURCE);
                case DISK -> ON_DISK.contains(checkDefinition.id());
            };
        }
    }

    /// @param report the findings of this run; [ReportStore] fills in `since` and `ignored`
    /// @param leftOut the ids of checks that did not run, whose earlier results stay
    public record Diagnosis(Report report, Set<String> leftOut) {
        public Diagnosis {
            leftOut = Set.copyOf(leftOut);
        }
    }

    /// The ids whose new failure undoes an upgrade (`program` stands for all of `program-NAME`).
    public static List<String> gates() {
        return CheckCatalog.ids().stream().filter(DiagnoseTool::isGate).toList();
    }

    /// Whether a finding's new failure undoes an upgrade.
    public static boolean isGate(String id) {
        return CheckCatalog.find(id).filter(CheckDefinition::isGate).isPresent();
    }

    /// Whether there is such a check.
    public static boolean knows(String id) {
        return CheckCatalog.find(id).isPresent();
    }

    /// All ids in the order of the catalog; `program` stands for one check for each required program.
    public static List<String> ids() {
        return CheckCatalog.ids();
    }

    /// What a check examines and why, for `explain`.
    public static Optional<String> explanation(String id) {
        return CheckCatalog.find(id).flatMap(checkDefinition -> Messages.ifPresent(CheckId.family(id) + ".explain"));
    }

    /// The page of the manual on a check.
    public static String page(String id) {
        return CheckCatalog.find(id).map(CheckDefinition::page).orElse("checks/" + id);
    }

    /// What the service manager and the upgrade journal report of a tool at one moment. Findings about the service
    /// that were made in two moments contradict each other.
    public record Moment(Optional<ServiceState> service, boolean upgrading) {}

    public Moment moment(Manifest manifest) {
        DiagnosisContext context = new DiagnosisContext(manifest, around);
        return new Moment(
                context.isService() ? Optional.of(context.service()) : Optional.empty(), isBeingUpgraded(context));
    }

    /// Whether a check examines what a start, a stop or an upgrade of the service changes.
    public static boolean isOfTheService(String id) {
        return CheckCatalog.find(id).filter(CheckDefinition::isOfTheService).isPresent();
    }

    public Diagnosis examine(Manifest manifest, Scope scope) {
        return examine(manifest, scope, Progress.none());
    }

    /// @param progress receives the start and the end of every check
    public Diagnosis examine(Manifest manifest, Scope scope, Progress progress) {
        long started = System.nanoTime();
        DiagnosisContext context = new DiagnosisContext(manifest, around);
        Set<String> leftOut = new LinkedHashSet<>();
        List<CheckDefinition> entries = new ArrayList<>();
        for (CheckDefinition checkDefinition : CheckCatalog.of(context)) {
            boolean inBetween = checkDefinition.isPausedByUpgrade() && isBeingUpgraded(context);
            if (scope.asks(checkDefinition) && !inBetween) {
                entries.add(checkDefinition);
            } else {
                leftOut.add(checkDefinition.id());
            }
        }
        progress.began(
                manifest.name().value(),
                entries.stream().map(CheckDefinition::id).toList());
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("check-", 0).factory());
        try {
            List<Future<List<Finding>>> running = new ArrayList<>();
            for (CheckDefinition checkDefinition : entries) {
                running.add(threads.submit(() -> {
                    try {
                        return mayAsk(scope, checkDefinition, context)
                                ? answer(checkDefinition, context)
                                : List.<Finding>of();
                    } finally {
                        progress.answered(manifest.name().value(), checkDefinition.id());
                    }
                }));
            }
            Future<Facts> facts = threads.submit(() -> scope == Scope.SOURCE ? noFacts() : facts(context));
            Future<Optional<Provenance>> provenance = threads.submit(context::provenance);
            Future<Optional<Verdict>> verdict = threads.submit(
                    () -> maySourceBeAsked(scope, context) ? context.verdict() : Optional.<Verdict>empty());
            Future<Optional<Report.RolledBack>> rolledBack = threads.submit(() ->
                    maySourceBeAsked(scope, context) ? context.rolledBack() : Optional.<Report.RolledBack>empty());
            List<Finding> findings = new ArrayList<>();
            Set<String> late = new LinkedHashSet<>();
            for (int i = 0; i < entries.size(); i++) {
                findings.addAll(collect(context, entries.get(i), running.get(i), started, late));
            }
            if (scope == Scope.OFFLINE
                    && within(verdict, started).flatMap(found -> found).isEmpty()) {
                leftOut.addAll(CheckCatalog.OF_THE_SOURCE);
            }
            beganMeanwhile(context, entries, leftOut, findings);
            Optional<Provenance> known = within(provenance, started).flatMap(found -> found);
            if (within(verdict, started).flatMap(found -> found).isPresent()) {
                known = known.isPresent() ? context.provenanceAsTold() : known;
                sourceAsTold(context, entries, findings);
            }
            return new Diagnosis(
                    new Report(
                            context.name(),
                            manifest.expected(),
                            known,
                            within(verdict, started).flatMap(found -> found),
                            Optional.empty(),
                            within(facts, started).orElseGet(this::noFacts),
                            explained(findings, entries),
                            around.clock().instant(),
                            millisSince(started),
                            late,
                            within(rolledBack, started).flatMap(found -> found)),
                    leftOut);
        } finally {
            threads.shutdownNow();
        }
    }

    /// Runs the check `source` again if the query told whether the revision is a tag or a branch.
    private void sourceAsTold(DiagnosisContext context, List<CheckDefinition> entries, List<Finding> findings) {
        if (!context.provenanceAsTold().equals(context.provenance())) {
            entries.stream()
                    .filter(checkDefinition -> checkDefinition.id().equals(CheckId.SOURCE))
                    .forEach(checkDefinition ->
                            findings.replaceAll(finding -> finding.id().equals(checkDefinition.id())
                                    ? answer(checkDefinition, context).getFirst()
                                    : finding));
        }
    }

    private boolean mayAsk(Scope scope, CheckDefinition checkDefinition, DiagnosisContext context) {
        return !checkDefinition.isOfTheSource() || maySourceBeAsked(scope, context);
    }

    private boolean maySourceBeAsked(Scope scope, DiagnosisContext context) {
        if (isBeingUpgraded(context)) {
            return false;
        }
        return switch (scope) {
            case FULL, SOURCE -> true;
            case OFFLINE -> isSourceKnown || context.hasNoSourceToAsk();
            case SERVICE, DISK -> false;
        };
    }

    /// False if that cannot be read, which the check on the same question reports.
    private static boolean isBeingUpgraded(DiagnosisContext context) {
        try {
            return context.isBeingUpgraded();
        } catch (RuntimeException _) {
            return false;
        }
    }

    /// Leaves out the checks of the service if an upgrade began while they ran, because they saw a state in
    /// between.
    private void beganMeanwhile(
            DiagnosisContext before, List<CheckDefinition> entries, Set<String> leftOut, List<Finding> findings) {
        DiagnosisContext now = new DiagnosisContext(before.manifest(), around);
        if (isBeingUpgraded(before) || !isBeingUpgraded(now)) {
            return;
        }
        for (CheckDefinition checkDefinition : entries) {
            if (checkDefinition.isPausedByUpgrade()) {
                leftOut.add(checkDefinition.id());
                findings.removeIf(finding -> finding.id().equals(checkDefinition.id()));
            } else if (checkDefinition.id().equals(CheckId.BEING_UPGRADED)) {
                findings.addAll(answer(checkDefinition, now));
            }
        }
        findings.sort(CheckCatalog::inOrder);
    }

    /// Removes findings that another finding explains. Only one that is at least as severe explains: a check
    /// that could not run must not hide a known failure.
    private static List<Finding> explained(List<Finding> findings, List<CheckDefinition> entries) {
        Map<String, Severity> troubled = new LinkedHashMap<>();
        findings.stream()
                .filter(DiagnoseTool::isTrouble)
                .forEach(finding -> troubled.put(finding.id(), finding.severity()));
        return findings.stream()
                .filter(finding -> !isTrouble(finding)
                        || entries.stream()
                                .filter(checkDefinition -> checkDefinition.id().equals(finding.id()))
                                .findFirst()
                                .flatMap(CheckDefinition::dependsOn)
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

    private List<Finding> answer(CheckDefinition checkDefinition, DiagnosisContext context) {
        long started = System.nanoTime();
        List<Finding> findings = new ArrayList<>();
        checkDefinition.check().ask(context).ifPresent(result -> {
            findings.add(finding(checkDefinition.id(), checkDefinition, result, started));
            result.parts().forEach((id, part) -> findings.add(finding(id, checkDefinition, part, started)));
        });
        return findings;
    }

    private List<Finding> collect(
            DiagnosisContext context,
            CheckDefinition checkDefinition,
            Future<List<Finding>> future,
            long started,
            Set<String> late) {
        long left = checkDefinition.limit().toNanos() - (System.nanoTime() - started);
        try {
            return future.get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            future.cancel(true);
            late.add(checkDefinition.id());
            Result timedOut = Result.of(
                            Severity.UNKNOWN,
                            "check.late",
                            checkDefinition.limit().toSeconds())
                    .proof(
                            "check " + checkDefinition.id(),
                            "timed out after %d s"
                                    .formatted(checkDefinition.limit().toSeconds()))
                    .remedy(new Remedy.Wait(Messages.text("remedy.wait")));
            return List.of(finding(checkDefinition.id(), checkDefinition, timedOut, started));
        } catch (ExecutionException e) {
            Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
            Result broken = Result.of(Severity.CRASHED, "check.broken")
                    .proof("check " + checkDefinition.id(), "crashed with: " + withCauses(cause))
                    .remedy(new Remedy.CopyCommand(
                            "lamplighter doctor %s --json".formatted(context.name()),
                            Messages.text("remedy.copy-report")));
            return List.of(finding(checkDefinition.id(), checkDefinition, broken, started));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /// The exception and what caused it. A class that could not be initialized tells why in its last cause only.
    private static String withCauses(Throwable crash) {
        return Stream.iterate(crash, Objects::nonNull, Throwable::getCause)
                .limit(5)
                .map(Throwable::toString)
                .collect(Collectors.joining("; caused by "));
    }

    private Finding finding(String id, CheckDefinition checkDefinition, Result result, long started) {
        Instant now = around.clock().instant();
        return new Finding(
                id,
                checkDefinition.group(),
                result.severity(),
                around.directories().display(result.title()),
                result.effect().map(around.directories()::display),
                shown(result.evidence()),
                result.remedies().stream().map(this::displayed).toList(),
                now,
                now,
                false,
                millisSince(started));
    }

    /// Writes the home folder as `~`, here for all checks.
    private List<Evidence> shown(List<Evidence> evidence) {
        return evidence.stream()
                .map(one -> new Evidence(
                        around.directories().display(one.source()),
                        around.directories().display(one.detail())))
                .toList();
    }

    private Remedy displayed(Remedy remedy) {
        return remedy instanceof Remedy.Open(String target, String text)
                ? new Remedy.Open(around.directories().display(target), text)
                : remedy;
    }

    private static <T> Optional<T> within(Future<T> future, long started) {
        long left = CheckCatalog.SOURCE.toNanos() - (System.nanoTime() - started);
        try {
            return Optional.of(future.get(Math.max(0, left), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | ExecutionException _) {
            // The check on the same question reports it.
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

    private Facts facts(DiagnosisContext context) {
        Fact installed = fact(() -> {
            var program = context.manifest().install().program();
            boolean there = context.provenance().isPresent();
            boolean closed = UnreadableFolders.on(context.manifest().install().environment())
                    .isPresent();
            return new Known(
                    !there && closed ? Optional.empty() : Optional.of(there),
                    List.of(new Evidence(
                            context.display(program),
                            Files.exists(program, LinkOption.NOFOLLOW_LINKS)
                                    ? "command found"
                                    : closed ? "cannot be read" : "file does not exist")));
        });
        if (!context.isService()) {
            Fact nothing = fact(() -> new Known(
                    Optional.empty(), List.of(new Evidence(Fact.DESCRIPTION, "a command, so it has no service"))));
            return new Facts(installed, nothing, nothing, nothing, nothing);
        }
        Fact enabled = fact(() -> {
            ServiceState state = context.service();
            Optional<Boolean> value = state.phase() == Phase.NOT_INSTALLED ? Optional.of(false) : state.enabled();
            return new Known(value, ProcessChecks.evidence(state));
        });
        Fact running = fact(() -> {
            ServiceState state = context.service();
            Optional<Boolean> value =
                    state.phase() == Phase.UNKNOWN ? Optional.empty() : Optional.of(state.isRunning());
            return new Known(value, ProcessChecks.evidence(state));
        });
        Fact answering = fact(() -> context.probeResult()
                .map(answer -> switch (answer) {
                    case ProbeResult.Yes yes -> known(context, true, yes.detail());
                    case ProbeResult.No no
                    when EndpointChecks.isNotListeningYet(context) ->
                        new Known(
                                Optional.empty(),
                                known(context, false, no.detail()).evidence());
                    case ProbeResult.No no -> known(context, false, no.detail());
                })
                .orElseGet(() -> notAsked(context)));
        Fact mine = fact(() -> context.identityResult()
                .map(answer -> switch (answer) {
                    case IdentityResult.Yes yes ->
                        known(
                                context,
                                true,
                                yes.detail() + yes.besides().map("; "::concat).orElse(""));
                    case IdentityResult.No no -> known(context, false, no.detail());
                    case IdentityResult.Unknown unknown ->
                        new Known(
                                Optional.empty(),
                                known(context, false, unknown.detail()).evidence());
                })
                .orElseGet(() -> context.endpoint().isEmpty() || context.isAskingAStart()
                        ? notAsked(context)
                        : new Known(Optional.empty(), List.of(new Evidence("address", "nothing responds there")))));
        return new Facts(installed, enabled, running, answering, mine);
    }

    private record Known(Optional<Boolean> value, List<Evidence> evidence) {}

    private static Known known(DiagnosisContext context, boolean value, String detail) {
        return new Known(
                Optional.of(value),
                List.of(new Evidence(
                        context.endpoint().map(Manifest.Endpoint::url).orElse(context.unit()),
                        UntrustedText.masked(detail))));
    }

    private static Known notAsked(DiagnosisContext context) {
        return new Known(
                Optional.empty(),
                List.of(
                        context.endpoint().isEmpty()
                                ? new Evidence(Fact.DESCRIPTION, "contains no endpoint")
                                : new Evidence(context.unit(), "not asked, because a connection starts it")));
    }

    private Fact fact(Supplier<Known> question) {
        try {
            Known known = question.get();
            return new Fact(
                    known.value(), shown(known.evidence()), around.clock().instant());
        } catch (RuntimeException _) {
            // The check on the same question reports the crash.
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
