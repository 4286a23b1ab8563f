package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.release.Verdict;
import io.github.lamplighter.service.ServiceEnvironment;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.Manifest.RequiredProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/// The checks of the group *requirements*.
class RequirementChecksTest extends CheckTestCase {

    static Stream<Arguments> rows() {
        RequiredProgram tmux = new RequiredProgram("tmux", Optional.of(">=3.2"), List.of("-V"), Map.of());
        return Stream.of(
                row("runtime", Severity.OK, "Node 22.11.0 is compatible", _ -> {}),
                row(
                        "runtime",
                        Severity.FAILURE,
                        "Node 22.11.0 was removed",
                        c -> c.home.resolve("node/bin/node").toFile().delete()),
                row(
                        "runtime",
                        Severity.FAILURE,
                        "Needs Node >=24 (this installation has 22.11.0)",
                        c -> c.runtimeFloor = ">=24"),
                row("runtime", Severity.OK, "Java 25.0.5.1 is compatible", runtime("java", "25.0.5.1", ">=25")),
                row(
                        "runtime",
                        Severity.FAILURE,
                        "Needs Java >=25 (this installation has 24.0.2)",
                        runtime("java", "24.0.2", ">=25")),
                row(
                        "runtime",
                        Severity.UNKNOWN,
                        "Could not check whether Java abc is compatible",
                        runtime("java", "abc", ">=25")),
                row(
                        "runtime",
                        Severity.UNKNOWN,
                        "Could not check whether Python 3.11.4+ is compatible",
                        runtime("python", "3.11.4+", ">=3.9")),
                row(
                        "runtime",
                        Severity.UNKNOWN,
                        "Could not check whether Node 22 is compatible",
                        runtime("node", "22", ">=20")),
                row("runtime", Severity.OK, "ruby 3.3.0.1 is compatible", runtime("ruby", "3.3.0.1", ">=3.3")),
                row("program-tmux", Severity.FAILURE, "tmux is not installed", c -> c.programs.add(tmux)),
                row("program-tmux", Severity.UNKNOWN, "Could not check whether tmux is installed", c -> {
                    c.programs.add(tmux);
                    c.shellHangs = true;
                }),
                row("program-tmux", Severity.FAILURE, "Needs tmux >=3.2 (an older version is installed)", c -> {
                    c.programs.add(tmux);
                    c.onServicePath.put("tmux", Path.of("/service/bin/tmux"));
                    c.said = "tmux 2.9a";
                }),
                // A shim of a version manager whose program is missing.
                row("program-tmux", Severity.UNKNOWN, "Could not check the version of tmux", c -> {
                    c.programs.add(tmux);
                    c.onServicePath.put("tmux", Path.of("/service/bin/tmux"));
                    c.status = 127;
                }),
                row("program-tmux", Severity.OK, "tmux found", c -> {
                    c.programs.add(tmux);
                    c.onShellPath.put("tmux", Path.of("/shell/bin/tmux"));
                }),
                row("service-path", Severity.FAILURE, "The service cannot find tmux; your shell can", c -> {
                    c.programs.add(tmux);
                    c.onShellPath.put("tmux", Path.of("/shell/bin/tmux"));
                }),
                row("service-path", Severity.INFO, "The service finds a different tmux than your shell", c -> {
                    c.programs.add(tmux);
                    c.onServicePath.put("tmux", Path.of("/service/bin/tmux"));
                    c.onShellPath.put("tmux", Path.of("/shell/bin/tmux"));
                }),
                row("service-path", Severity.OK, "The service finds all required programs", c -> {
                    c.programs.add(tmux);
                    c.onServicePath.put("tmux", Path.of("/service/bin/tmux"));
                }),
                row("service-path", Severity.FAILURE, "The service cannot find tmux; your shell can", c -> {
                    c.programs.add(tmux);
                    c.onShellPath.put("tmux", Path.of("/shell/bin/tmux"));
                    c.owner = Owner.FOREIGN;
                    c.path("/wherever/the/file/says");
                    c.variables = Optional.of(new ServiceEnvironment()
                            .with(Map.of("PATH", c.servicePath()), "the user's service manager"));
                }),
                row("service-path", Severity.UNKNOWN, "Could not check the service's PATH", c -> {
                    c.programs.add(tmux);
                    c.owner = Owner.FOREIGN;
                    c.file = Optional.of("[Service]\nExecStart=muxplex\n");
                }),
                row("service-folders", Severity.OK, "All folders in the service's PATH exist", c -> c.path("/bin")),
                row(
                        "service-folders",
                        Severity.INFO,
                        "A folder in the service's PATH is missing",
                        c -> c.path("/bin:" + c.home.resolve("node/v22/bin"))),
                row(
                        "service-folders",
                        Severity.WARNING,
                        "The service's PATH contains a relative folder",
                        c -> c.path("/bin::/usr/bin")),
                row(
                        "service-folders",
                        Severity.WARNING,
                        "The service's PATH contains a relative folder",
                        c -> c.path("/bin:node_modules/.bin")),
                row(
                        "service-folders",
                        Severity.WARNING,
                        "The service's PATH contains ~ or $, which is not expanded",
                        c -> c.path("~/bin:$HOME/go/bin:/bin")),
                row(
                        "service-folders",
                        Severity.WARNING,
                        "A folder in the service's PATH is writable by anyone",
                        c -> c.path("/bin:" + open(c.home.resolve("everybodys")))));
    }

    private static Consumer<Case> runtime(String name, String version, String floor) {
        return tool -> {
            tool.runtimeName = name;
            tool.runtimeVersion = version;
            tool.runtimeFloor = floor;
        };
    }

    /// What the service file says does not count then, so writing it anew would change nothing.
    @Test
    void aPathThatIsSetAboveTheServiceFileIsPutRightWhereItIsSet() throws IOException {
        Path folder = Files.createDirectories(home.resolve("muxplex.service.d"));
        Path other = Files.writeString(folder.resolve("a.conf"), "[Service]\nNice=5\n");
        Path guilty = Files.writeString(
                folder.resolve("x.conf"), "[Service]\nEnvironment=PATH=%s\n".formatted(new Case(home).servicePath()));
        Case tool = new Case(home).with(c -> {
            c.path("/as/the/file/says");
            c.programs.add(new RequiredProgram("git", Optional.empty(), List.of(), Map.of()));
            c.onShellPath.put("git", Path.of("/shell/bin/git"));
            c.additions = List.of(other, guilty);
            c.variables = Optional.of(new ServiceEnvironment().with(Map.of("PATH", c.servicePath()), Case.UNIT));
        });
        Finding finding = tool.finding("service-path").orElseThrow();
        assertThat(finding.remedies())
                .containsExactly(new Remedy.Open("~/muxplex.service.d/x.conf", "Open the drop-in file"));
        assertThat(finding.evidence())
                .contains(new Evidence("~/muxplex.service.d/x.conf", "sets this PATH and overrides the service file"));
        tool.additions = List.of();
        tool.variables = Optional.of(new ServiceEnvironment().with(Map.of("PATH", tool.servicePath()), "~/lamp.env"));
        tool.owner = Owner.FOREIGN;
        assertThat(tool.finding("service-path").orElseThrow().remedies())
                .as("no `service install`")
                .containsExactly(new Remedy.Wait("Fix the cause shown in the details"));
    }

    @Test
    void aPythonThatHasBecomeAnotherOneIsNotTheOneItWasInstalledFor() throws IOException {
        Case tool = new Case(home).with(c -> {
            c.runtimeName = "python";
            c.runtimeVersion = "3.11.2";
            c.runtimeFloor = ">=3.9";
            c.executable("usr/bin/python3.13");
        });
        Path link = home.resolve("lib/node_modules/muxplex/bin/python");
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, home.resolve("usr/bin/python3.13"));
        assertThat(tool.finding("runtime").orElseThrow())
                .returns(Severity.FAILURE, Finding::severity)
                .returns("Python 3.11.2 was replaced by 3.13", Finding::title);
        Files.delete(link);
        Files.createSymbolicLink(link, tool.executable("usr/bin/python3.11"));
        assertThat(tool.finding("runtime").orElseThrow().severity()).isEqualTo(Severity.OK);
    }

    @Test
    void forEachProgramItIsSaidWhereTheShellAndWhereTheServiceFindIt() {
        Case tool = new Case(home).with(c -> {
            c.programs.add(new RequiredProgram("tmux", Optional.empty(), List.of(), Map.of()));
            c.programs.add(new RequiredProgram("git", Optional.empty(), List.of(), Map.of()));
            c.onShellPath.put("tmux", Path.of("/shell/bin/tmux"));
            c.onShellPath.put("git", Path.of("/shell/bin/git"));
            c.onServicePath.put("git", Path.of("/shell/bin/git"));
        });
        assertThat(tool.finding("service-path").orElseThrow().evidence())
                .contains(
                        new Evidence("tmux", "service: not found; shell: /shell/bin/tmux"),
                        new Evidence(Case.UNIT, "the service's PATH lacks /shell/bin"),
                        new Evidence("git", "service: /shell/bin/git; shell: /shell/bin/git"));
        tool.shellPath = Optional.empty();
        assertThat(tool.finding("service-path").orElseThrow().evidence())
                .as("a shell that was never asked is asked, not said to find nothing")
                .contains(new Evidence("git", "service: /shell/bin/git; shell: /shell/bin/git"));
    }

    @Test
    void whatLiesThereAndMayNotBeExecutedIsSaid() throws IOException {
        Case tool = new Case(home).with(c -> {
            c.programs.add(new RequiredProgram("tmux", Optional.empty(), List.of(), Map.of()));
            c.onShellPath.put("tmux", Path.of("/shell/bin/tmux"));
        });
        Files.writeString(home.resolve("service/bin/tmux"), "");
        assertThat(tool.finding("service-path").orElseThrow().evidence())
                .contains(new Evidence(Case.UNIT, "~/service/bin/tmux is not executable"));
    }

    @Test
    void aNodeThatIsTooOldIsReplacedByOneThatIsThereOrAskedFor() throws IOException {
        Case tool = new Case(home).with(c -> {
            c.runtimeFloor = ">=24";
            c.executable(".nvm/versions/node/v22.11.0/bin/muxplex");
            c.executable(".nvm/versions/node/v22.11.0/bin/node");
            c.executable(".nvm/versions/node/v23.1.0/bin/node");
            c.prefix = c.home.resolve(".nvm/versions/node/v22.11.0");
        });
        assertThat(tool.finding("runtime").orElseThrow().remedies().getFirst())
                .isEqualTo(new Remedy.Wait("Install Node >=24; then Lamplighter shows the next command here"));
        tool.executable(".nvm/versions/node/v24.4.0/bin/node");
        Path fresh = home.resolve(".nvm/versions/node/v24.4.0");
        assertThat(tool.finding("runtime").orElseThrow().remedies())
                .containsExactly(new Remedy.CopyCommand(
                        "PATH=%1$s/bin:\"$PATH\" %1$s/bin/npm install --global --prefix %1$s muxplex@0.9.2 && lamplighter add muxplex --program %1$s/bin/muxplex"
                                .formatted(fresh),
                        "Reinstall with Node >=24"));
        tool.verdict = new Verdict.Current("0.9.2", List.of(NEEDS_24));
        assertThat(tool.finding("why-not-newer").orElseThrow().remedies())
                .singleElement()
                .isInstanceOfSatisfying(
                        Remedy.CopyCommand.class,
                        move -> assertThat(move.command()).contains("muxplex@2.41.3", fresh + "/bin/npm"));
        // What is held would be installed there as it is.
        tool.verdict = new Verdict.Pinned("It is held.", List.of(NEEDS_24));
        assertThat(whyNotNewer(tool).remedies()).singleElement().isInstanceOf(Remedy.Wait.class);
    }

    @Test
    void aNodeThatTookItsPackagesAlongIsSaidOnceAndItsPlaceIsTaken() throws IOException {
        Case tool = new Case(home).with(c -> {
            c.prefix = c.home.resolve(".nvm/versions/node/v22.11.0");
            c.executable(".nvm/versions/node/v24.4.0/bin/node");
            c.lastSeen = Optional.of(c.install());
            c.installed = false;
        });
        assertThat(tool.report().findings())
                .filteredOn(finding -> finding.severity() == Severity.FAILURE)
                .singleElement()
                .returns("runtime", Finding::id)
                .returns("Node 22.11.0 was removed", Finding::title)
                .satisfies(finding -> assertThat(finding.remedies())
                        .singleElement()
                        .asString()
                        .contains("v24.4.0/bin/npm install --global", "muxplex@0.9.2"));
    }
}
