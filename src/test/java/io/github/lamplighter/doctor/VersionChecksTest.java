package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.installer.MissingParts;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Origin.Unknown.Cause;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.settings.Setting;
import io.github.lamplighter.text.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/// The checks of the group *version*.
class VersionChecksTest extends CheckTestCase {

    static Stream<Arguments> rows() {
        return Stream.of(
                row(
                        "launcher",
                        Severity.FAILURE,
                        "Command muxplex is missing",
                        c -> c.program().toFile().delete()),
                row(
                        "launcher",
                        Severity.FAILURE,
                        "Command muxplex is not executable",
                        c -> c.program().toFile().setExecutable(false)),
                row(
                        "launcher",
                        Severity.FAILURE,
                        "The interpreter of command muxplex is missing",
                        c -> text(c.program(), "#!/nowhere/bin/python3\n")
                                .toFile()
                                .setExecutable(true)),
                row(
                        "launcher",
                        Severity.FAILURE,
                        "The interpreter of command muxplex is missing",
                        c -> text(c.program(), "#!/bin/sh\n'''exec' \"/no where/bin/python\" \"$0\" \"$@\"\n' '''\n")
                                .toFile()
                                .setExecutable(true)),
                row(
                        "launcher",
                        Severity.FAILURE,
                        "The interpreter of command muxplex is missing",
                        c -> text(c.program(), "#!/usr/bin/env no-such-bun\n")
                                .toFile()
                                .setExecutable(true)),
                row(
                        "launcher",
                        Severity.FAILURE,
                        "The interpreter of command muxplex is missing",
                        c -> text(c.program(), "#!/usr/bin/env -S A=1 no-such-bun --smol\n")
                                .toFile()
                                .setExecutable(true)),
                row("launcher", Severity.OK, "Command muxplex found", c -> {
                    c.onShellPath.put("bun", Path.of("/shell/bin/bun"));
                    text(c.program(), "#!/usr/bin/env bun\n").toFile().setExecutable(true);
                }),
                row("launcher", Severity.UNKNOWN, "Could not check command muxplex", c -> {
                    c.shellHangs = true;
                    text(c.program(), "#!/usr/bin/env bun\n").toFile().setExecutable(true);
                }),
                row(
                        "launcher",
                        Severity.FAILURE,
                        "Command muxplex has Windows line endings",
                        c -> text(c.program(), "#!/usr/bin/env node\r\n")
                                .toFile()
                                .setExecutable(true)),
                row("installed-version", Severity.UNKNOWN, "Could not read the installed version", c -> c.version = ""),
                row("installed-version", Severity.FAILURE, "No longer installed", c -> c.installed = false),
                row(
                        "running-version",
                        Severity.WARNING,
                        "0.9.2 is installed, but 0.9.1 is still running",
                        c -> c.runningVersion = Optional.of("v0.9.1")),
                row("running-version", Severity.WARNING, "0.9.2 is installed, but the service reports 0.9.1", c -> {
                    c.executable("lib/node_modules/muxplex/package.json");
                    c.since = Instant.now().plusSeconds(60);
                    c.runningVersion = Optional.of("0.9.1");
                }),
                row(
                        "running-version",
                        Severity.OK,
                        "Running the installed version (0.9.2)",
                        c -> c.runningVersion = Optional.of("v0.9.2+build.7")),
                row(
                        "running-version",
                        Severity.UNKNOWN,
                        "Could not check the running version",
                        c -> c.runningVersion = Optional.empty()),
                row("running-version", Severity.WARNING, "0.9.2 was installed after it started", c -> {
                    c.tellsItsVersion = false;
                    c.executable("lib/node_modules/muxplex/package.json");
                }),
                row(
                        "running-version",
                        Severity.WARNING,
                        "0.9.2 was installed after it started",
                        c -> c.executable("lib/node_modules/muxplex/package.json")),
                row("running-version", Severity.WARNING, "/usr/bin/node was replaced after it started", c -> {
                    c.tellsItsVersion = false;
                    c.replacedProgram = Optional.of(Path.of("/usr/bin/node"));
                }),
                row(
                        "running-version",
                        Severity.WARNING,
                        "/usr/bin/node was replaced after it started",
                        c -> c.replacedProgram = Optional.of(Path.of("/usr/bin/node"))),
                row("update", Severity.OK, "Up to date", _ -> {}),
                row("update", Severity.INFO, "0.9.4 is available", c -> c.outdated("0.9.4")),
                row(
                        "update",
                        Severity.UNKNOWN,
                        "Could not check for updates: server not reachable",
                        c -> c.verdict = new Verdict.NotCheckable(Verdict.UncheckableReason.NOT_REACHED, "no network")),
                row(
                        "update",
                        Severity.UNKNOWN,
                        "Could not check for updates: unsupported URL",
                        c -> c.verdict = new Verdict.NotCheckable(Verdict.UncheckableReason.NEVER_ASKED, "git+http")),
                row("update", Severity.INFO, "No update check: the source publishes no versions", c -> {
                    c.origin = new Origin.Archive("https://x.example/a.tgz");
                    c.verdict = new Verdict.NotCheckable(Verdict.UncheckableReason.NO_SOURCE, "an archive");
                }),
                row("held", Severity.INFO, "Pinned to commit 1a2b3c4", c -> {
                    c.origin = new Origin.Git(
                            "https://x.example/m",
                            Optional.of("1a2b3c4"),
                            Origin.RevisionKind.COMMIT,
                            "1a2b3c4d".repeat(5));
                    c.verdict = new Verdict.Pinned("a commit");
                }),
                row(
                        "update",
                        Severity.OK,
                        "Up to date (a newer version is not offered)",
                        c -> c.verdict = new Verdict.Current("0.9.2", List.of(NEEDS_24))),
                row("why-not-newer", Severity.INFO, "2.41.3 needs Node >=24 (installed: 22.11.0)", c -> {
                    c.outdated("0.9.4");
                    c.verdict = new Verdict.Outdated(
                            ((Verdict.Outdated) c.verdict).upgradeTarget(), Optional.empty(), List.of(NEEDS_24));
                }),
                row("source", Severity.OK, "Installed with npm (npm does not record the source)", _ -> {}),
                row(
                        "source",
                        Severity.WARNING,
                        "Source metadata cannot be read",
                        c -> c.origin = new Origin.Unknown("Could not read d.json: it is cut off.", Cause.NOT_READ)),
                row(
                        "source",
                        Severity.WARNING,
                        "Metadata names different sources",
                        c -> c.origin = new Origin.Unknown("It is there twice.", Cause.NOT_AGREED)),
                row(
                        "source",
                        Severity.INFO,
                        "Installed from a source without published versions",
                        c -> c.origin = new Origin.Unknown("It was installed from hg.", Cause.NOT_FOLLOWED)),
                row(
                        "source",
                        Severity.OK,
                        "Installed from git tag v0.9.2",
                        c -> c.origin = new Origin.Git(
                                "https://x.example/m",
                                Optional.of("v0.9.2"),
                                Origin.RevisionKind.TAG,
                                "ab".repeat(20))),
                row(
                        "parts",
                        Severity.FAILURE,
                        "Some of its files are missing",
                        c -> c.missingParts =
                                new MissingParts(List.of(new Evidence("~/x.py", "no such file")), List.of())),
                row(
                        "parts",
                        Severity.WARNING,
                        "2 required packages are missing",
                        c -> c.missingParts = new MissingParts(
                                List.of(), List.of(new Evidence("~/m", "needs a"), new Evidence("~/m", "needs b")))));
    }

    /// Whoever wrote a check: what it quotes names the home as people do.
    @Test
    void aCommandThatAnotherPackageManagerTookStartsAnotherCopy() {
        Case tool = new Case(home).with(c -> c.takenOver = true);
        Finding finding = tool.finding("launcher").orElseThrow();
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.evidence().toString())
                .contains("which is muxplex 0.7.0, installed with npm", "describes the installation in");
        assertThat(commands(finding)).first().asString().contains("add muxplex --program");
    }

    /// `npm link` makes two links: to the program, and to its folder.
    @Test
    void aFolderThatWasMovedIsNamedBehindABrokenLink() throws IOException {
        Case tool = new Case(home);
        Files.delete(tool.program());
        Path linked = Files.createDirectories(home.resolve("lib/node_modules")).resolve("linked");
        Files.createSymbolicLink(linked, home.resolve("src/muxplex"));
        Files.createSymbolicLink(tool.program(), Path.of("../lib/node_modules/linked/cli.js"));
        assertThat(tool.finding("launcher").orElseThrow().evidence().toString())
                .contains("~/lib/node_modules/linked, detail=links to ~/src/muxplex, which does not exist");
    }

    /// As `mise upgrade` leaves it.
    @Test
    void anInstallationThatIsGoneNamesTheOneThatTookItsPlace() {
        Case one = new Case(home).with(c -> {
            c.installed = false;
            c.otherCopies.add("v2");
            c.executable("v2/bin/muxplex");
        });
        assertThat(commands(one.finding("installed-version").orElseThrow()))
                .singleElement()
                .asString()
                .endsWith("v2/bin/muxplex");

        Case two = new Case(home).with(c -> {
            c.installed = false;
            c.otherCopies.addAll(List.of("v2", "v3"));
            c.executable("v2/bin/muxplex");
            c.executable("v3/bin/muxplex");
        });
        assertThat(commands(two.finding("installed-version").orElseThrow()))
                .as("nothing tells which of the two")
                .noneMatch(command -> command.contains("--program"));

        two.onShellPath.put("muxplex", home.resolve("v3/bin/muxplex"));
        assertThat(commands(two.finding("installed-version").orElseThrow()))
                .as("the one that the shell starts")
                .singleElement()
                .asString()
                .endsWith("v3/bin/muxplex");

        Case stale = new Case(home).with(c -> {
            c.installed = false;
            c.otherCopies.add("empty");
        });
        assertThat(commands(stale.finding("installed-version").orElseThrow()))
                .as("a copy without the command takes no place")
                .noneMatch(command -> command.contains("--program"));
    }

    private static List<String> commands(Finding finding) {
        return finding.remedies().stream()
                .flatMap(remedy -> remedy instanceof Remedy.CopyCommand copy ? Stream.of(copy.command()) : Stream.of())
                .toList();
    }

    @Test
    void aSourceIsWaitedForAsLongAsTheUserMaySet() {
        assertThat(CheckCatalog.find("update").orElseThrow().limit()).isEqualTo(CheckCatalog.SOURCE);
        assertThat(Setting.NETWORK_LIMIT.objection(CheckCatalog.SOURCE.toSeconds() + "s"))
                .as("what may be set is shorter")
                .isPresent();
    }

    @Test
    void whatIsGoneComesBackFromWhereItCameOrNotAtAll() {
        Case gone = new Case(home).with(c -> c.installed = false);
        assertThat(gone.finding("installed-version").orElseThrow().remedies())
                .as("its source is not known")
                .noneMatch(Remedy.CopyCommand.class::isInstance);

        gone.lastSeen = Optional.of(gone.install());
        assertThat(gone.finding("installed-version").orElseThrow().remedies())
                .contains(new Remedy.CopyCommand(
                        "npm install --global --prefix %s muxplex@0.9.2".formatted(home), "Reinstall the tool"));

        gone.origin =
                new Origin.Git("https://x.example/m", Optional.of("v0.9.2"), Origin.RevisionKind.TAG, "ab".repeat(20));
        gone.lastSeen = Optional.of(gone.install());
        assertThat(gone.finding("installed-version").orElseThrow().remedies())
                .as("npm keeps no record of a repository")
                .noneMatch(Remedy.CopyCommand.class::isInstance);
    }

    @Test
    void whatCouldNotBeCheckedDoesNotSilenceWhatIsBroken() throws IOException {
        Case tool = new Case(home).with(c -> c.version = "");
        Files.delete(tool.program());
        assertThat(tool.finding("installed-version").orElseThrow().severity()).isEqualTo(Severity.UNKNOWN);
        assertThat(tool.finding("launcher").orElseThrow().severity()).isEqualTo(Severity.FAILURE);
    }

    @Test
    void aFileThatWasCopiedBackIsNoOtherVersionAndOneWithoutANameIsNotNamed() throws IOException {
        Case tool = new Case(home).with(c -> {
            c.tellsItsVersion = false;
            c.executable("lib/node_modules/muxplex/package.json");
            c.since = Instant.now();
        });
        Path file = home.resolve("lib/node_modules/muxplex/package.json");
        Await.until("a change of the file that is later than the start", Duration.ofSeconds(10), () -> {
            Files.writeString(file, Files.readString(file));
            return Files.getLastModifiedTime(file).toInstant().isAfter(tool.since.plusSeconds(2));
        });
        assertThat(tool.finding("running-version")).isEmpty();

        tool.since = Case.NOW.minusSeconds(3600);
        assertThat(tool.finding("running-version")).isPresent();
        tool.version = "";
        assertThat(tool.finding("running-version")).isEmpty();
    }

    @Test
    void aCheckoutIsHeldByNobody() {
        Case tool = new Case(home).with(c -> {
            c.origin = new Origin.Linked(c.home.resolve("code/muxplex"));
            c.verdict = new Verdict.Pinned("It is a link to ~/code/muxplex. To update it, update that folder.");
        });
        assertThat(tool.finding("held").orElseThrow())
                .returns("Follows its local folder", Finding::title)
                .returns(List.of(new Remedy.Wait("No action needed")), Finding::remedies);
    }

    @Test
    void whatItsSourceSaidOfATagIsKnownAlsoOffline() {
        Case tool = new Case(home);
        tool.origin = new Origin.Git(
                "https://x.example/m", Optional.of("v0.9.2"), Origin.RevisionKind.UNRESOLVED, "ab".repeat(20));
        assertThat(tool.finding("source").orElseThrow().title())
                .isEqualTo("Installed from git, v0.9.2 (commit abababa)");
        tool.revisionKind = Origin.RevisionKind.TAG;
        Report online = tool.report();
        assertThat(online.findings())
                .filteredOn(finding -> finding.id().equals("source"))
                .extracting(Finding::title)
                .containsExactly("Installed from git tag v0.9.2");
        assertThat(online.provenance().orElseThrow().origin())
                .isInstanceOfSatisfying(
                        Origin.Git.class, git -> assertThat(git.kind()).isEqualTo(Origin.RevisionKind.TAG));

        tool.revisionKind = Origin.RevisionKind.UNRESOLVED;
        tool.lastSeen = online.provenance();
        assertThat(tool.finding("source").orElseThrow().title()).isEqualTo("Installed from git tag v0.9.2");
        tool.origin = new Origin.Git(
                "https://x.example/m", Optional.of("v0.9.2"), Origin.RevisionKind.UNRESOLVED, "cd".repeat(20));
        assertThat(tool.finding("source").orElseThrow().title())
                .isEqualTo("Installed from git, v0.9.2 (commit cdcdcdc)");
    }

    @Test
    void whatIsInstalledAgainGoesWhereItIsAndComesFromWhereItCame() throws IOException {
        Case tool = new Case(home);
        tool.recorded = Map.of("npm_config_registry", "https://ours.example/", "npm_config_prefix", "/elsewhere");
        Files.delete(tool.program());
        assertThat(tool.finding("launcher").orElseThrow().remedies())
                .containsExactly(new Remedy.CopyCommand(
                        "npm_config_registry=https://ours.example/ npm install --global --prefix %s muxplex@0.9.2"
                                .formatted(home),
                        "Reinstall the tool"));
    }

    @Test
    void whatIsTooYoungCanStillBeHadByAClickAndWhatDoesNotFitCannot() {
        Case tool = new Case(home);
        tool.verdict = new Verdict.Current(
                "0.9.2",
                List.of(new Verdict.SkippedRelease(
                        "0.9.4",
                        Verdict.Reason.TOO_YOUNG,
                        "0.9.4 was released 3 h ago and is offered after 24 h",
                        PROOF)));
        assertThat(whyNotNewer(tool).remedies())
                .containsExactly(new Remedy.Action(
                        "upgrade",
                        List.of("lamplighter", "upgrade", tool.manifest().name().value()),
                        "Upgrade to 0.9.4…"));
        tool.verdict = new Verdict.Current("0.9.2", List.of(NEEDS_24));
        assertThat(whyNotNewer(tool).remedies()).singleElement().isInstanceOf(Remedy.Wait.class);
        assertThat(whyNotNewer(tool).evidence()).containsExactly(PROOF);
    }

    @Test
    void whatIsTooYoungIsNotOfferedBesideAnotherVersion() {
        Case tool = new Case(home);
        tool.verdict = new Verdict.Outdated(
                new UpgradeTarget.IndexVersion("0.9.3"),
                Optional.empty(),
                List.of(new Verdict.SkippedRelease("0.9.4", Verdict.Reason.TOO_YOUNG, "0.9.4 is too new", PROOF)));
        assertThat(whyNotNewer(tool).remedies()).singleElement().isInstanceOf(Remedy.Wait.class);
    }

    @Test
    void aVersionThatWasRolledBackSaysWhyAndIsTriedAgainByItsNameOnly() {
        Finding update = new Case(home)
                .outdated("0.9.4")
                .triedBefore("0.9.4", "0.9.4 did not start.")
                .finding("update")
                .orElseThrow();
        assertThat(update.evidence())
                .contains(new Evidence("upgrade to 0.9.4", "0.9.4 did not start."))
                .anySatisfy(proof -> assertThat(proof.detail()).isEqualTo("newest is 0.9.4"));
        assertThat(update.remedies())
                .singleElement()
                .isInstanceOfSatisfying(
                        Remedy.CopyCommand.class,
                        again -> assertThat(again.command()).isEqualTo("lamplighter upgrade muxplex --to 0.9.4"));
    }
}
