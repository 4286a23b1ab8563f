package io.github.lamplighter.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.DebianRoot;
import io.github.lamplighter.harness.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packages as a user has them: built by `./package`, installed into a Debian that has nothing else.
@Tag("slow")
class PackageIT {

    /// Fails a start whose AOT cache doesn't match the runtime, instead of starting without it.
    private static final String CACHE_IS_USED = "LAMPLIGHTER_JAVA_OPTIONS=-XX:AOTMode=on ";

    @TempDir
    static Path packages;

    private static DebianRoot debian;

    @BeforeAll
    static void packagesAndAMachine() throws IOException {
        Assumptions.assumeTrue(DebianRoot.isPossible(), "needs root and debootstrap");
        CompletableFuture<DebianRoot> machine = CompletableFuture.supplyAsync(() -> {
            try {
                return DebianRoot.create();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("LAMPLIGHTER_CHILD", "1");
        Child.run(
                        environment,
                        Duration.ofMinutes(8),
                        Installed.CHECKOUT.resolve("package").toString(),
                        "deb",
                        "tar",
                        "--compression",
                        "1",
                        "--output",
                        packages.toString())
                .well();
        debian = machine.join();
        debian.add(one(".deb"), "/root/lamplighter.deb");
        debian.add(one(".tar.gz"), "/root/lamplighter.tar.gz");
    }

    @AfterAll
    static void noMachine() {
        if (debian != null) {
            debian.close();
        }
    }

    @Test
    void theDebInstallsRunsAndLeavesNothing() {
        List<String> before = debian.files("/");
        debian.asRoot("dpkg -i lamplighter.deb").well();

        assertThat(user("lamplighter --version")).startsWith("lamplighter ");
        assertThat(user("for each in list 'doctor --offline' 'status'; do lamplighter $each; done"))
                .contains("No tools are managed yet", "self  apt, /usr/bin/lamplighter");
        assertThat(user("lamplighter doctor --offline lamplighter")).contains("no problems");
        assertThat(user("lamplighter list --json")).contains("/usr/lib/lamplighter", "\"system-package\"", "\"apt\"");
        assertThat(user("man -w lamplighter 2> /dev/null || ls /usr/share/man/man1/lamplighter.1.gz"))
                .contains("lamplighter.1.gz");
        assertThat(user("ls -A ~/.openjfx ~/.java 2> /dev/null; find ~ -name '*.so*'"))
                .isEmpty();
        assertThat(user("bash -c '. /usr/share/bash-completion/completions/lamplighter && complete -p lamplighter'"))
                .contains("lamplighter");

        // Again, over the installed one.
        debian.asRoot("dpkg -i lamplighter.deb").well();
        assertThat(user("lamplighter --version")).startsWith("lamplighter ");
        debian.asRoot("dpkg --purge lamplighter; rm -rf ~ada/.[!.]*").well();

        List<String> after = debian.files("/");
        after.removeAll(before);
        assertThat(after.stream().filter(file -> !file.startsWith("/var/")).toList())
                .isEmpty();
        assertThat(after).noneMatch(file -> file.contains("lamplighter"));
    }

    @Test
    void theArchiveInstallsInAHomeRunsAndLeavesNothing() {
        List<String> before = debian.files("/home/ada");
        debian.asRoot("install -o ada lamplighter.tar.gz /home/ada/").well();

        user("tar xf lamplighter.tar.gz && lamplighter-*/bin/lamplighter self install --yes");
        user("rm -r lamplighter-* lamplighter.tar.gz");
        assertThat(user("~/.local/bin/lamplighter --version")).startsWith("lamplighter ");
        assertThat(user("~/.local/bin/lamplighter list --json")).contains("lamplighter/versions/", "\"archive\"");
        assertThat(user("readlink ~/.local/bin/lamplighter")).endsWith("/lamplighter/current/bin/lamplighter\n");
        user("~/.local/bin/lamplighter self uninstall --yes");

        List<String> after = debian.files("/home/ada");
        after.removeAll(before);
        assertThat(after).isEmpty();
    }

    /// Only JavaFX's part for this machine, and nothing that unpacks itself at the first start.
    @Test
    void filesForTheDesktopAreValid() throws IOException {
        debian.asRoot("mkdir image; tar xf lamplighter.tar.gz -C image --strip-components 1")
                .well();
        Path share = debian.path("/root/image/share");
        Map<String, String> environment = System.getenv();
        Duration limit = Duration.ofSeconds(30);
        String id = "io.github.lamplighter.Lamplighter";
        Child.run(
                        environment,
                        limit,
                        "desktop-file-validate",
                        share.resolve("applications/%s.desktop".formatted(id)).toString())
                .well();
        Child.run(
                        environment,
                        limit,
                        "appstreamcli",
                        "validate",
                        "--no-net",
                        share.resolve("metainfo/%s.metainfo.xml".formatted(id)).toString())
                .well();
        try (Stream<Path> icons = Files.walk(share.resolve("icons/hicolor"))) {
            assertThat(icons.filter(Files::isRegularFile)).hasSize(16);
        }
        debian.asRoot("rm -r image").well();
    }

    @Test
    void theCopyrightFileNamesAllLibraries() throws IOException {
        Path app = Installed.CHECKOUT.resolve("target/app/current");
        List<String> named = Files.readAllLines(Installed.CHECKOUT.resolve("packaging/copyright")).stream()
                .filter(line -> line.startsWith("Files: "))
                .flatMap(line -> Stream.of(line.split(" ")))
                .toList();
        try (Stream<Path> jars = Stream.concat(Files.list(app.resolve("lib")), Files.list(app.resolve("window")))) {
            assertThat(jars.map(jar -> jar.getFileName().toString().replaceFirst("(-\\d.*)?\\.jar$", ""))
                            .filter(name -> !name.equals("lamplighter")))
                    .isSubsetOf(named)
                    .hasSizeGreaterThan(15);
        }
    }

    private static String user(String script) {
        return debian.asUser("export " + CACHE_IS_USED + "; " + script).well().out();
    }

    private static Path one(String ending) throws IOException {
        try (Stream<Path> files = Files.list(packages)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
