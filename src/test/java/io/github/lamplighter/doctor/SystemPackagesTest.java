package io.github.lamplighter.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.LocalProcessRunner;
import io.github.lamplighter.tool.Manifest.RequiredProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a person is told to install is there to be installed.
class SystemPackagesTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private Optional<SystemPackages.PackageOffer> here(String program) {
        return new SystemPackages(new LocalProcessRunner(System.getenv()), AppDirectories.linux(Map.of(), home))
                .of(program);
    }

    /// On a busy machine, apt may take longer than the doctor waits.
    private SystemPackages.PackageOffer found(String program) {
        AtomicReference<Optional<SystemPackages.PackageOffer>> offer = new AtomicReference<>(Optional.empty());
        Await.until(program + " is found", LIMIT, () -> {
            offer.set(here(program));
            return offer.get().isPresent();
        });
        return offer.get().orElseThrow();
    }

    /// With the real apt of this machine.
    @Test
    void aptIsAskedWhetherThereIsSuchAPackage() {
        LocalProcessRunner programs = new LocalProcessRunner(System.getenv());
        assumeTrue(
                programs.run(Command.of(LIMIT, "apt-cache", "policy", "tmux"))
                        .toString()
                        .contains("Candidate: 3"),
                "needs apt with its lists");
        assertThat(found("tmux"))
                .satisfies(packageOffer -> assertThat(packageOffer.command()).endsWith("apt install tmux"))
                .satisfies(packageOffer ->
                        assertThat(packageOffer.version().orElseThrow()).matches("3\\.\\d+[a-z]?"));
        assertThat(found("node").command()).endsWith("apt install nodejs");
        assertThat(found("docker").command()).endsWith("apt install docker.io");
        assertThat(here("fd")).as("Debian calls it fdfind").isEmpty();
        assertThat(here("no-such-program-4711")).isEmpty();
        assertThat(here("--help")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "apt | apt-cache policy nodejs | nodejs:~  Installed: (none)~  Candidate: 1:22.11.0+dfsg-1~deb13u1~ |"
                        + " node | sudo apt install nodejs | 22.11.0+dfsg",
                "apt | apt-cache policy lamp | lamp:~  Installed: (none)~  Candidate: (none)~ | lamp | |",
                "dnf | dnf --cacheonly --quiet repoquery --queryformat=%{name}~ --whatprovides=/usr/bin/node |"
                        + " nodejs22~nodejs~ | node | sudo dnf install nodejs22 |",
                "dnf | dnf --cacheonly --quiet repoquery --queryformat=%{name}~ --whatprovides=/usr/bin/tmux | ~tmux~"
                        + " | tmux | sudo dnf install tmux |",
                "dnf | dnf --cacheonly --quiet repoquery --queryformat=%{name}~ --whatprovides=/usr/bin/lamp | | lamp"
                        + " | |",
                "pacman | pacman -Si openssh | Repository      : core~Name            : openssh~Version         :"
                        + " 10.0p1-4~ | ssh | sudo pacman -S openssh | 10.0p1",
                "zypper | zypper --non-interactive --no-refresh --xmlout search --match-exact --provides /usr/bin/tmux"
                        + " | <stream><search-result><solvable-list>~<solvable status=\"not-installed\" name=\"tmux\""
                        + " kind=\"package\"/>~</solvable-list></search-result></stream> | tmux | sudo zypper install tmux"
                        + " |",
                "apk | apk --no-network policy ripgrep | ripgrep policy:~  14.1.1-r0:~    https://dl-cdn.example/main~"
                        + " | rg | sudo apk add ripgrep | 14.1.1",
            })
    void eachPackageManagerIsAskedInItsWay(
            String manager, String asked, String said, String program, String command, String version) {
        Case tool = new Case(home).with(c -> {
            c.commands.addAll(List.of(manager, "sudo"));
            c.told.put(
                    asked.replace('~', '\n'),
                    Optional.ofNullable(said).orElse("").replace('~', '\n'));
            c.said = "";
            c.status = 1;
        });
        assertThat(packages(tool).of(program))
                .isEqualTo(Optional.ofNullable(command)
                        .map(line -> new SystemPackages.PackageOffer(line, Optional.ofNullable(version))));
    }

    @Test
    void whatManyToolsLackIsAskedOnce() {
        Case tool = new Case(home).with(c -> {
            c.commands.add("apt");
            c.told.put("apt-cache policy tmux", "tmux:\n  Candidate: 3.4-1\n");
        });
        SystemPackages packages = packages(tool);
        assertThat(packages.of("tmux")).isPresent();
        tool.told.clear();
        assertThat(packages.of("tmux")).as("asked again").isPresent();
    }

    @Test
    void homebrewIsNotStartedAtAll() throws IOException {
        Case tool = new Case(home).with(c -> c.commands.add("/opt/homebrew/bin/brew"));
        assertThat(packages(tool).of("node")).isEmpty();
        Path list = home.resolve("Library/Caches/Homebrew/api/formula_names.txt");
        Files.createDirectories(list.getParent());
        Files.writeString(list, "libpq\nnode\n");
        assertThat(packages(tool).of("npm"))
                .contains(new SystemPackages.PackageOffer("brew install node", Optional.empty()));
        assertThat(packages(tool).of("tmux")).isEmpty();
    }

    @Test
    void whereNothingIsKnownThatIsSaid() {
        Case tool = new Case(home)
                .with(c -> c.programs.add(new RequiredProgram("lamp-oil", Optional.empty(), List.of(), Map.of())));
        assertThat(tool.finding("program-lamp-oil").orElseThrow().remedies())
                .containsExactly(new Remedy.Wait("Find the package that provides lamp-oil, then install it"));
        tool.commands.add("dnf");
        assertThat(tool.finding("program-lamp-oil").orElseThrow().remedies())
                .containsExactly(new Remedy.CopyCommand(
                        "dnf provides '*/bin/lamp-oil'", "Find the package that provides lamp-oil, then install it"));
    }

    @Test
    void aPackageThatIsTooOldIsNoHelp() {
        Case tool = new Case(home).with(c -> {
            c.programs.add(new RequiredProgram("tmux", Optional.of(">=3.2"), List.of("-V"), Map.of()));
            c.commands.add("apt");
            c.told.put("apt-cache policy tmux", "tmux:\n  Candidate: 3.1c-1\n");
        });
        assertThat(tool.finding("program-tmux").orElseThrow().remedies())
                .containsExactly(new Remedy.CopyCommand(
                        "apt search tmux", "Find a package that provides tmux >=3.2, or get it from its website"));
        tool.told.put("apt-cache policy tmux", "tmux:\n  Candidate: 3.4-1\n");
        assertThat(tool.finding("program-tmux").orElseThrow().remedies())
                .containsExactly(new Remedy.CopyCommand("apt install tmux", "Install tmux"));
    }

    private static SystemPackages packages(Case tool) {
        return new SystemPackages(tool.runner(), tool.directories());
    }
}
