package io.github.lamplighter.release;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.installer.python.UvProgram;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.release.PythonIndex.Page;
import io.github.lamplighter.release.PythonIndex.Published;
import io.github.lamplighter.release.Verdict.NotCheckable;
import io.github.lamplighter.release.Verdict.Reason;
import io.github.lamplighter.release.Verdict.SkippedRelease;
import io.github.lamplighter.release.Verdict.UncheckableReason;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.text.UntrustedText;
import io.github.lamplighter.version.Pep440;
import io.github.lamplighter.version.Version;
import io.github.lamplighter.version.VersionRange;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The verdict on a Python package from an index: the newest version that was not yanked, that is in the
/// requested range, and that supports the tool's Python.
final class PythonReleases {

    private static final Pattern EXACT = Pattern.compile("===?\\s*[^*,]+");

    private static final Pattern UV_VERSION = Pattern.compile("^uv ([0-9][0-9A-Za-z.+]*)");

    private static final String NAME_ITS_INDEX = "add its index to the package manager's configuration";

    private final PythonIndex index;
    private final PipConfiguration pip;
    private final UvConfiguration uv;
    private final Releases.Access access;
    private final ProcessRunner runner;

    PythonReleases(ProcessRunner runner, HttpFetcher documents, Releases.Access access) {
        this.runner = runner;
        this.index = new PythonIndex(documents);
        this.pip = new PipConfiguration(access.directories(), access.ownClock());
        this.uv = new UvConfiguration(access.directories(), access.ownClock());
        this.access = access;
    }

    /// The releases of all configured indexes.
    private sealed interface AvailableReleases {
        /// @param releases files by version, the newest first
        /// @param source the indexes, without credentials
        record Known(TreeMap<Pep440, List<Published>> releases, PythonIndexes pythonIndexes, String source)
                implements AvailableReleases {}

        record NoAnswer(NotCheckable gap) implements AvailableReleases {}
    }

    Verdict verdict(Provenance provenance, Map<String, String> variables) {
        if (!(Version.parse(Version.Scheme.PEP440, provenance.version()) instanceof Pep440 installed)) {
            return new NotCheckable(
                    UncheckableReason.NO_ORDER,
                    "The installed version %s is not a valid Python version number.".formatted(provenance.version()));
        }
        Optional<VersionRange> wanted =
                VersionRange.pep440(provenance.installRequest().specifier());
        if (wanted.isEmpty()) {
            return new NotCheckable(
                    UncheckableReason.NO_ORDER,
                    "The requested version %s is not a valid range."
                            .formatted(UntrustedText.quotation(
                                    provenance.installRequest().specifier())));
        }
        boolean isExact = isExact(provenance);
        Predicate<AvailableReleases.Known> willDo = known -> known.releases().entrySet().stream()
                .anyMatch(release -> willDo(provenance, wanted.get(), release.getKey(), release.getValue(), known));
        return switch (offer(provenance, variables, willDo)) {
            case AvailableReleases.NoAnswer(var gap) -> isExact ? held(provenance, List.of()) : gap;
            case AvailableReleases.Known known -> {
                Choice choice = choose(provenance, wanted.get(), installed, known);
                yield isExact ? held(provenance, choice.notTaken()) : compared(provenance, installed, known, choice);
            }
        };
    }

    Releases.Choice named(Provenance provenance, Map<String, String> variables, String wanted) {
        if (!(Version.parse(Version.Scheme.PEP440, wanted) instanceof Pep440 version)) {
            return new Releases.Choice.NotThere("%s is not a valid Python version number.".formatted(wanted));
        }
        return switch (offer(provenance, variables, known -> known.releases().containsKey(version))) {
            case AvailableReleases.NoAnswer(var gap) -> new Releases.Choice.NotThere(gap.sentence());
            case AvailableReleases.Known known ->
                Optional.ofNullable(known.releases().get(version))
                        .map(files -> unusable(provenance, version, files, known)
                                .<Releases.Choice>map(reason -> new Releases.Choice.NotThere(
                                        "%s %s.".formatted(provenance.packageName(), reason.title())))
                                .orElseGet(() -> new Releases.Choice.Found(new UpgradeTarget.IndexVersion(
                                        known.releases().floorKey(version).text()))))
                        .orElseGet(() -> new Releases.Choice.NotThere("%s has no version %s of %s."
                                .formatted(known.source(), wanted, provenance.packageName())));
        };
    }

    /// Whether it is pinned to one version.
    private static boolean isExact(Provenance provenance) {
        return provenance.installRequest().pinned().isPresent()
                || EXACT.matcher(provenance.installRequest().specifier().strip())
                        .matches();
    }

    private static Verdict held(Provenance provenance, List<SkippedRelease> newer) {
        return new Verdict.Pinned(
                provenance
                        .installRequest()
                        .pinned()
                        .orElseGet(() -> (provenance.installer() == InstallerKind.PIPX
                                        ? "It was installed as %s, so Lamplighter doesn't upgrade it."
                                                + " `pipx upgrade` ignores that and installs the newest version."
                                        : "It is pinned to %s and isn't upgraded automatically.")
                                .formatted(UntrustedText.quotation(
                                        provenance.installRequest().specifier()))),
                newer);
    }

    /// @param willDo whether what one index has is enough to ask no further, where that is how uv goes about it
    private AvailableReleases offer(
            Provenance provenance, Map<String, String> variables, Predicate<AvailableReleases.Known> willDo) {
        Map<String, String> environment = access.with(variables);
        boolean asUv = provenance.installer() == InstallerKind.UV
                || provenance.installRequest().search().withUv();
        PythonIndexes.Resolution resolution = asUv
                ? uv.feeds(
                        environment,
                        provenance.installRequest(),
                        PythonIndex.normalised(provenance.packageName()),
                        this::uvVersion)
                : pip.feeds(environment, provenance.environment(), provenance.installRequest());
        return switch (resolution) {
            case PythonIndexes.Resolution.Ambiguous(var why) ->
                new AvailableReleases.NoAnswer(new NotCheckable(UncheckableReason.SETTINGS, why));
            case PythonIndexes.Resolution.Found(PythonIndexes pythonIndexes) -> ask(provenance, pythonIndexes, willDo);
        };
    }

    private Optional<String> uvVersion() {
        return new UvProgram(runner, access.directories().home())
                .find()
                .map(uv -> runner.run(Command.of(access.limit(), uv.toString(), "--version")))
                .flatMap(result ->
                        result instanceof ProcessResult.Exited exited ? Optional.of(exited.out()) : Optional.empty())
                .map(UV_VERSION::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1));
    }

    private AvailableReleases ask(
            Provenance provenance, PythonIndexes pythonIndexes, Predicate<AvailableReleases.Known> willDo) {
        Deadline deadline = Deadline.in(access.limit());
        String name = PythonIndex.normalised(provenance.packageName());
        TreeMap<Pep440, List<Published>> releases = new TreeMap<>(Comparator.reverseOrder());
        List<String> sources = new ArrayList<>();
        for (URI place : pythonIndexes.findLinks()) {
            switch (index.links(place, name, pythonIndexes.networkSettings(), deadline)) {
                case Page.NoAnswer(var gap) -> {
                    return new AvailableReleases.NoAnswer(gap);
                }
                case Page.Absent() -> {}
                case Page.Files(var files) -> {
                    files.forEach(file -> releases.computeIfAbsent(file.version(), _ -> new ArrayList<>())
                            .add(file));
                    if (!files.isEmpty()) {
                        sources.add(shown(place));
                    }
                }
            }
        }
        for (URI address : pythonIndexes.indexes()) {
            boolean isEnough;
            switch (index.page(address, name, pythonIndexes.networkSettings(), deadline)) {
                // If one index is missing, an older version could look like the newest.
                case Page.NoAnswer(var gap) -> {
                    return new AvailableReleases.NoAnswer(gap);
                }
                case Page.Absent() -> {
                    continue;
                }
                case Page.Files(var files) -> {
                    AvailableReleases.Known here =
                            new AvailableReleases.Known(byVersion(files), pythonIndexes, shown(address));
                    isEnough = switch (pythonIndexes.strategy()) {
                        case FIRST_INDEX -> true;
                        // What came before has nothing that will do, so it does no harm beside it.
                        case FIRST_MATCH -> willDo.test(here);
                        case ALL -> false;
                    };
                    here.releases()
                            .forEach((version, some) -> releases.computeIfAbsent(version, _ -> new ArrayList<>())
                                    .addAll(some));
                    sources.add(shown(address));
                }
            }
            if (isEnough) {
                break;
            }
        }
        if (releases.isEmpty()) {
            return new AvailableReleases.NoAnswer(new NotCheckable(
                    UncheckableReason.NOT_THERE,
                    pythonIndexes.indexes().isEmpty()
                            ? "No location of `find-links` has %s.".formatted(name)
                            : pythonIndexes.indexes().size() == 1
                                    ? "%s has no package %s. It may be private, removed, or installed from another index."
                                            .formatted(
                                                    shown(pythonIndexes
                                                            .indexes()
                                                            .getFirst()),
                                                    name)
                                    : "None of the configured indexes has %s. It may be private, removed, or installed from another index."
                                            .formatted(name),
                    "If it is private, sign in; otherwise " + NAME_ITS_INDEX,
                    Optional.empty()));
        }
        return new AvailableReleases.Known(releases, pythonIndexes, String.join(", ", sources));
    }

    private static TreeMap<Pep440, List<Published>> byVersion(List<Published> files) {
        TreeMap<Pep440, List<Published>> releases = new TreeMap<>(Comparator.reverseOrder());
        files.forEach(file ->
                releases.computeIfAbsent(file.version(), _ -> new ArrayList<>()).add(file));
        return releases;
    }

    /// Whether uv would install a version; `updates.minimumAge` doesn't apply to it.
    private boolean willDo(
            Provenance provenance,
            VersionRange wanted,
            Pep440 version,
            List<Published> files,
            AvailableReleases.Known known) {
        boolean mayBe = version.isFinal()
                || known.pythonIndexes().preReleases()
                || wanted.namesPreRelease()
                || provenance.installRequest().preReleases();
        return mayBe
                && obstacle(provenance, wanted, version, files, known)
                        .filter(reason -> reason.reason() != Reason.TOO_YOUNG)
                        .isEmpty();
    }

    /// @param best the version that an upgrade would install
    private record Choice(Optional<Pep440> best, List<SkippedRelease> notTaken) {}

    private Choice choose(Provenance provenance, VersionRange wanted, Pep440 installed, AvailableReleases.Known known) {
        boolean hasFinal = known.releases().entrySet().stream()
                .anyMatch(entry -> entry.getKey().isFinal() && !isYanked(entry.getValue()));
        boolean preReleases = known.pythonIndexes().preReleases()
                || wanted.namesPreRelease()
                || provenance.installRequest().preReleases();
        List<Pep440> possible = new ArrayList<>();
        Map<Reason, SkippedRelease> reasons = new EnumMap<>(Reason.class);
        List<SkippedRelease> inOrder = new ArrayList<>();
        for (Map.Entry<Pep440, List<Published>> release : known.releases().entrySet()) {
            Pep440 version = release.getKey();
            boolean mayBe = version.isFinal() || preReleases || !installed.isFinal() || !hasFinal;
            if (version.compareTo(installed) <= 0 || !version.local().isEmpty() || !mayBe) {
                continue;
            }
            Optional<SkippedRelease> obstacle = obstacle(provenance, wanted, version, release.getValue(), known);
            if (obstacle.isEmpty()) {
                possible.add(version);
            } else if (possible.isEmpty()
                    && (version.isFinal() || !hasFinal)
                    && reasons.putIfAbsent(obstacle.get().reason(), obstacle.get()) == null) {
                inOrder.add(obstacle.get());
            }
        }
        // From a pre-release, its final version is preferred over the next pre-release.
        Optional<Pep440> best = possible.stream()
                .filter(version -> preReleases || version.isFinal())
                .findFirst()
                .or(() -> possible.stream().findFirst());
        return new Choice(best, inOrder);
    }

    private Optional<SkippedRelease> obstacle(
            Provenance provenance,
            VersionRange wanted,
            Pep440 version,
            List<Published> files,
            AvailableReleases.Known known) {
        String text = version.text();
        if (isYanked(files)) {
            String why = files.stream()
                    .flatMap(file -> file.yanked().stream())
                    .filter(reason -> !reason.isBlank())
                    .findFirst()
                    .map(UntrustedText::quotation)
                    .orElse("no reason given");
            return Optional.of(new SkippedRelease(
                    text,
                    Reason.WITHDRAWN,
                    text + " was withdrawn by its authors",
                    new Evidence(known.source(), "%s was yanked: %s".formatted(text, why))));
        }
        boolean isOutside = !wanted.accepts(version);
        if (isOutside && !isExact(provenance)) {
            return Optional.of(outside(provenance, text));
        }
        Optional<SkippedRelease> unusable = unusable(provenance, version, files, known);
        // Of what is held at one version everything lies outside: what would be in the way without that says more.
        if (isOutside
                && unusable.filter(reason -> reason.reason() == Reason.RUNTIME).isEmpty()) {
            return Optional.of(outside(provenance, text));
        }
        return unusable.or(() -> uploaded(usable(files)).flatMap(at -> tooYoung(text, at, access, known.source())));
    }

    private static List<Published> usable(List<Published> files) {
        return files.stream().filter(file -> file.yanked().isEmpty()).toList();
    }

    /// What makes the package manager refuse a version, even if the user requests it.
    private static Optional<SkippedRelease> unusable(
            Provenance provenance, Pep440 version, List<Published> files, AvailableReleases.Known known) {
        String text = version.text();
        List<Published> usable = isYanked(files) ? files : usable(files);
        List<Published> running =
                usable.stream().filter(file -> runs(provenance, file)).toList();
        if (running.isEmpty()) {
            String needs = usable.getFirst().requiresPython();
            return Optional.of(new SkippedRelease(
                    text,
                    Reason.RUNTIME,
                    "%s needs Python %s (installed: %s)"
                            .formatted(
                                    text,
                                    UntrustedText.quotation(needs),
                                    provenance.runtime().version()),
                    UntrustedText.quotation(needs),
                    new Evidence(known.source(), "requires-python of %s is %s".formatted(text, needs))));
        }
        Optional<Instant> cutOff = known.pythonIndexes().cutOff();
        if (cutOff.isEmpty() || running.stream().anyMatch(Published::isLink)) {
            return Optional.empty();
        }
        Optional<Instant> published = uploaded(running);
        return published.isPresent() && !published.get().isAfter(cutOff.get())
                ? Optional.empty()
                : Optional.of(new SkippedRelease(
                        text,
                        Reason.CUT_OFF,
                        published.isPresent()
                                ? "%s is newer than the configured cutoff".formatted(text)
                                : "%s has no date, which the configured cutoff needs".formatted(text),
                        new Evidence(
                                "exclude-newer",
                                "%s; %s was published %s"
                                        .formatted(
                                                seconds(cutOff.get()),
                                                text,
                                                published
                                                        .map(PythonReleases::seconds)
                                                        .map(Instant::toString)
                                                        .orElse("at an unknown time")))));
    }

    private static SkippedRelease outside(Provenance provenance, String version) {
        return new SkippedRelease(
                version,
                Reason.CONSTRAINT,
                "%s is outside the requested version range".formatted(version),
                new Evidence(
                        provenance.installer().word(),
                        "installed as %s%s%s"
                                .formatted(
                                        provenance.packageName(),
                                        provenance.installRequest().specifier(),
                                        provenance.installer() == InstallerKind.PIPX
                                                ? "; `pipx upgrade` ignores this range"
                                                : "")));
    }

    /// Releases that are newer than `updates.minimumAge` allows.
    static Optional<SkippedRelease> tooYoung(String version, Instant published, Releases.Access access, String source) {
        Duration age = Duration.between(published, access.clock().instant());
        return age.compareTo(access.minimumAge()) >= 0
                ? Optional.empty()
                : Optional.of(new SkippedRelease(
                        version,
                        Reason.TOO_YOUNG,
                        "%s was released %s ago and is offered after %d h"
                                .formatted(
                                        version, hours(age), access.minimumAge().toHours()),
                        new Evidence(source, "%s was published %s".formatted(version, published))));
    }

    /// A time counted from now has nanoseconds.
    static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    private static String hours(Duration age) {
        return age.toHours() > 0 ? age.toHours() + " h" : Math.max(0, age.toMinutes()) + " min";
    }

    private static Verdict compared(
            Provenance provenance, Pep440 installed, AvailableReleases.Known known, Choice choice) {
        Optional<Pep440> newest = known.releases().entrySet().stream()
                .filter(entry -> !isYanked(entry.getValue()))
                .map(Map.Entry::getKey)
                .filter(Pep440::isFinal)
                .findFirst()
                .or(() -> Optional.of(known.releases().firstKey()));
        boolean isListed = known.releases().containsKey(installed)
                || known.releases().keySet().stream().anyMatch(version -> version.samePublic(installed));
        // A folder of `find-links` often has only the newest version.
        if (!isListed
                && !known.pythonIndexes().indexes().isEmpty()
                && known.releases().firstKey().compareTo(installed) > 0
                && newest.get().compareTo(installed) > 0) {
            return new NotCheckable(
                    UncheckableReason.ELSEWHERE,
                    "%s doesn't have version %s. It may have been removed, or installed from another index."
                            .formatted(known.source(), provenance.version()),
                    "To get update checks, " + NAME_ITS_INDEX,
                    Optional.empty());
        }
        if (choice.best().isPresent()) {
            Pep440 best = choice.best().get();
            List<SkippedRelease> newer = choice.notTaken().stream()
                    .filter(one -> Version.parse(Version.Scheme.PEP440, one.version()) instanceof Pep440 version
                            && version.compareTo(best) > 0)
                    .toList();
            return new Verdict.Outdated(
                    new UpgradeTarget.IndexVersion(best.text()),
                    uploaded(known.releases().getOrDefault(best, List.of())).map(at -> at.atOffset(ZoneOffset.UTC)),
                    newer);
        }
        return newest.get().compareTo(installed) < 0
                ? new Verdict.Ahead(newest.get().text())
                : new Verdict.Current(provenance.version(), choice.notTaken());
    }

    /// A version is yanked if all its files are.
    private static boolean isYanked(List<Published> files) {
        return files.stream().allMatch(file -> file.yanked().isPresent());
    }

    private static boolean runs(Provenance provenance, Published file) {
        Optional<VersionRange> range = Releases.nonEmpty(file.requiresPython()).flatMap(VersionRange::pep440);
        Version python =
                Version.parse(Version.Scheme.PEP440, provenance.runtime().version());
        return range.isEmpty() || !(python instanceof Pep440) || range.get().accepts(python);
    }

    private static Optional<Instant> uploaded(List<Published> files) {
        return files.stream()
                .flatMap(file -> file.uploadedAt().stream())
                .map(OffsetDateTime::toInstant)
                .min(Comparator.naturalOrder());
    }

    private static String shown(URI address) {
        return "file".equalsIgnoreCase(address.getScheme())
                ? UntrustedText.quotation(String.valueOf(address.getPath()))
                : HttpFetcher.host(address);
    }
}
