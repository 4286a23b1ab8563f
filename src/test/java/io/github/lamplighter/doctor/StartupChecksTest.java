package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.service.AtLogin;
import io.github.lamplighter.service.ServiceState.Owner;
import io.github.lamplighter.service.ServiceState.Phase;
import io.github.lamplighter.text.Evidence;
import io.github.lamplighter.tool.Manifest.Expected;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/// The checks of the group *startup*.
class StartupChecksTest extends CheckTestCase {

    static Stream<Arguments> rows() {
        return Stream.of(
                row("service-file", Severity.OK, "Service file is up to date", _ -> {}),
                row(
                        "service-file",
                        Severity.WARNING,
                        "Service file was changed by hand",
                        c -> c.file = Optional.of(
                                "[Service]\nExecStart=muxplex\nKillMode=none\nEnvironment=\"PATH=/service/bin\"")),
                row(
                        "service-file",
                        Severity.INFO,
                        "Service file was not created by Lamplighter",
                        c -> c.owner = Owner.FOREIGN),
                row("service-file", Severity.INFO, "Service file was changed after the service started", c -> {
                    Path file = c.home.resolve(".config/systemd/user").resolve(Case.UNIT);
                    c.write(file, "[Service]\n", c.since.plusSeconds(60));
                }),
                row("service-file", Severity.OK, "Service file is up to date", c -> {
                    Path file = c.home.resolve(".config/systemd/user").resolve(Case.UNIT);
                    c.write(file, "[Service]\n", c.since.minusSeconds(60));
                }),
                row("service-file", Severity.UNKNOWN, "Could not read the service file", c -> c.file = Optional.of("")),
                row(
                        "service-file",
                        Severity.INFO,
                        "The service has drop-in files",
                        c -> c.additions = List.of(c.home.resolve("muxplex.service.d/path.conf"))),
                row(
                        "service-file",
                        Severity.WARNING,
                        "Service file cannot be updated",
                        c -> c.refused = Optional.of("The folder ~/mux, in which it shall run, is not there.")),
                row("service-file", Severity.WARNING, "Service file is missing", c -> c.isFileThere = false),
                row(
                        "service-file",
                        Severity.WARNING,
                        "The service starts a program that does not exist",
                        c -> c.command = List.of(c.home + "/nowhere/muxplex", "serve")),
                row("service-file", Severity.FAILURE, "The service starts a program that does not exist", c -> {
                    c.phase = Phase.STOPPED;
                    c.owner = Owner.FOREIGN;
                    c.command = List.of("/usr/bin/node", c.home + "/nowhere/muxplex");
                }),
                row("service-file", Severity.WARNING, "The service starts a different installation", c -> {
                    c.phase = Phase.STOPPED;
                    c.command = List.of(c.executable("other/bin/muxplex") + "");
                }),
                row("service-file", Severity.OK, "Service file is up to date", c -> {
                    c.command = List.of(c.program() + "", c.home + "/other/bin/nobody");
                }),
                row(
                        "service-duplicate",
                        Severity.WARNING,
                        "More than one service starts this tool",
                        c -> c.foreign.add(c.unit("system/muxplex.service", true))),
                row("service-file", Severity.OK, "Service file is up to date", c -> c.phase = Phase.UNKNOWN),
                row("service-file", Severity.INFO, "Service file was not created by Lamplighter", c -> {
                    c.phase = Phase.UNKNOWN;
                    c.owner = Owner.FOREIGN;
                }),
                row("at-login", Severity.OK, "Starts when you log in", _ -> {}),
                row("at-login", Severity.OK, "Enabled until you log out", c -> c.endsAtLogout = Optional.of("why")),
                row("log-out", Severity.INFO, "Stops when you log out", c -> c.endsAtLogout = Optional.of("why")),
                row("at-login", Severity.INFO, "Does not start when you log in", c -> c.enabled = Optional.of(false)),
                row("at-login", Severity.OK, "Starts on the first connection (socket activation)", c -> {
                    c.enabled = Optional.of(false);
                    c.socketEnabled = Optional.of(true);
                }),
                row("platform", Severity.OK, "Background services are supported here", _ -> {}),
                row(
                        "platform",
                        Severity.WARNING,
                        "Background services are not available here",
                        c -> c.unavailable = Optional.of("This is a container without a service manager.")),
                row("platform", Severity.UNKNOWN, "Could not check: your service manager doesn't respond", c -> {
                    c.silent = true;
                    c.unavailable = Optional.of("Your service manager did not respond within 3 s.");
                }),
                row("platform", Severity.INFO, "Background services are not available here", c -> {
                    c.expected = Expected.ON_DEMAND;
                    c.unavailable = Optional.of("This is a container without a service manager.");
                }),
                row("log-out", Severity.INFO, "Stops when you log out", c -> c.lingers = Optional.of(false)),
                row("at-login", Severity.INFO, "Does not start when you log in: no [Install] section", c -> {
                    c.owner = Owner.FOREIGN;
                    c.file = Optional.of("[Service]\nExecStart=muxplex\n");
                    c.enabled = Optional.of(false);
                }),
                row(
                        "at-login",
                        Severity.WARNING,
                        "Enabled, but does not start when you log in",
                        c -> c.atLogin = Optional.of(new AtLogin.Unreached(List.of("multi-user.target")))),
                row(
                        "at-login",
                        Severity.WARNING,
                        "Starts with a graphical session only",
                        c -> c.atLogin = Optional.of(new AtLogin.WithDesktop(List.of("graphical-session.target")))),
                row("at-login", Severity.INFO, "Started by another unit", c -> {
                    c.owner = Owner.FOREIGN;
                    c.file = Optional.of("[Service]\nExecStart=muxplex\n");
                    c.enabled = Optional.empty();
                }));
    }

    /// What cannot be adopted is not offered to be.
    @Test
    void aServiceThatCannotBeAdoptedSaysWhyOrWhatEndsIt() {
        Case wrapped = new Case(home).with(c -> {
            c.owner = Owner.FOREIGN;
            c.foreign.add(
                    c.unit(Case.UNIT, true, Optional.of("It starts the tool through ~/start.sh."), Optional.empty()));
        });
        Finding found = wrapped.finding("service-file").orElseThrow();
        assertThat(found.remedies()).noneMatch(Remedy.Action.class::isInstance);
        assertThat(found.evidence()).extracting(Evidence::detail).contains("It starts the tool through ~/start.sh.");

        Path entry = home.resolve(".config/autostart/muxplex.desktop");
        Case desktop = new Case(home).with(c -> {
            c.owner = Owner.FOREIGN;
            c.foreign.add(c.unit(Case.UNIT, true, Optional.of("It comes from it."), Optional.of(entry)));
        });
        assertThat(desktop.finding("service-file").orElseThrow().remedies())
                .singleElement()
                .satisfies(remedy -> assertThat(((Remedy.CopyCommand) remedy).command())
                        .startsWith("sed -i --follow-symlinks ")
                        .contains("Hidden=true", entry + " && systemctl --user daemon-reload"));
    }

    @Test
    void aServiceThatRunsAnotherCopyIsNotOfferedToBeAdopted() {
        Case other = new Case(home).with(c -> {
            c.owner = Owner.FOREIGN;
            c.command = List.of(c.executable("other/bin/muxplex") + "");
            older(text(c.home.resolve(".config/systemd/user/" + Case.UNIT), ""));
        });
        assertThat(other.finding("service-file").orElseThrow().remedies().toString())
                .doesNotContain("adopt");
        assertThat(other.finding("is-this-copy").orElseThrow().remedies().toString())
                .contains("lamplighter forget muxplex && lamplighter add " + home);
    }

    @Test
    void whereNothingCanRunThatIsSaidOnceAndWhetherItRunsIsNotAskedAgain() {
        Case tool = new Case(home).with(c -> {
            c.unavailable = Optional.of("This is a container without a service manager.");
            c.phase = Phase.UNKNOWN;
        });
        assertThat(tool.finding("process")).as("the same cause").isEmpty();
        assertThat(tool.finding("platform").orElseThrow().evidence())
                .extracting(Evidence::detail)
                .containsExactly("This is a container without a service manager.");
        assertThat(new Case(home).command().finding("platform"))
                .as("a command needs none")
                .isEmpty();
    }

    @Test
    void aFileThatWasChangedByHandCanBeKeptAndOneOfAnEarlierDescriptionCannot() {
        Case tool = new Case(home)
                .with(c -> c.file =
                        Optional.of("[Service]\nExecStart=muxplex\nKillMode=none\nEnvironment=\"PATH=/service/bin\""));
        assertThat(tool.finding("service-file").orElseThrow().remedies())
                .extracting(Remedy::text)
                .anySatisfy(text -> assertThat(text).isEqualTo("Keep mine"));
        tool.changedByHand = false;
        assertThat(tool.finding("service-file").orElseThrow().remedies())
                .extracting(Remedy::text)
                .doesNotContain("Keep mine");
    }

    @Test
    void everySecondServiceIsNamedWithTheWayToEndIt() {
        Case two = new Case(home).with(c -> {
            c.foreign.add(c.unit("mux-by-hand.service", true));
            c.foreign.add(c.unit("system/muxplex.service", true));
        });
        Finding finding = two.finding("service-duplicate").orElseThrow();
        assertThat(finding.evidence()).hasSize(3);
        assertThat(finding.remedies())
                .extracting(remedy -> remedy instanceof Remedy.CopyCommand copy ? copy.command() : "")
                .containsExactly(
                        "systemctl --user disable --now mux-by-hand.service",
                        "sudo systemctl disable --now muxplex.service");
        Case off = new Case(home).with(c -> {
            c.phase = Phase.STOPPED;
            c.foreign.add(c.unit("mux-by-hand.service", false));
        });
        assertThat(off.finding("service-duplicate"))
                .as("what is off and does not run")
                .isEmpty();
    }
}
