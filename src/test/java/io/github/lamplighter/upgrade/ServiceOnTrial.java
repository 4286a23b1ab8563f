package io.github.lamplighter.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.JsonFile;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.Installed;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.harness.UserManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// A tool that runs as a service, and what is looked at after a fault in its upgrade: disk, process, port and data.
abstract class ServiceOnTrial {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String KEPT = ".lamplighter";

    final ThrowAwayHome home;
    final UserManager manager;
    final Installed lamplighter;
    final Path data;
    final int port;
    private final Journals journals;
    private final String name;

    /// @param name of the tool in Lamplighter
    ServiceOnTrial(ThrowAwayHome home, UserManager manager, Installed lamplighter, String name, Path data, int port) {
        this.home = home;
        this.manager = manager;
        this.lamplighter = lamplighter;
        this.journals = new Journals(AppDirectories.linux(home.environment(), home.path()));
        this.name = name;
        this.data = data;
        this.port = port;
    }

    abstract String oldVersion();

    abstract String newVersion();

    /// The version that responds, with data that are whole and of that version.
    abstract String served();

    /// The version of the files.
    abstract String onDisk();

    /// What the command line of each of its processes contains, whoever started it.
    abstract List<String> marks();

    String name() {
        return name;
    }

    Journals journals() {
        return journals;
    }

    String unit() {
        return "lamplighter-" + name + ".service";
    }

    /// The version that is whole: on disk, in the only process, and in the data.
    String whole() {
        String version = served();
        assertThat(version).isIn(oldVersion(), newVersion());
        assertThat(onDisk()).as("on disk").isEqualTo(version);
        assertThat(manager.property(unit(), "ActiveState")).hasValue("active");
        assertThat(processes())
                .as("processes of the tool")
                .singleElement()
                .satisfies(process -> assertThat(process)
                        .startsWith(manager.property(unit(), "MainPID").orElse("none") + " "));

        assertThat(journals.open()).as(history()).isEmpty();
        assertThat(home.resolve(".config/systemd/user/lamplighter-recover.service"))
                .doesNotExist();
        for (Path kept : kept()) {
            assertThat(children(kept.resolve("stages"))).as("stages").isEmpty();
            assertThat(children(kept.resolve("snapshots"))).as("snapshots").allSatisfy(snapshot -> {
                assertThat(snapshot.resolve("snapshot.json")).exists();
                assertThat(snapshot.resolve("environment")).isNotEmptyDirectory();
            });
        }
        assertThat(children(data.getParent()))
                .extracting(path -> String.valueOf(path.getFileName()))
                .as("beside the data")
                .noneMatch(child -> child.startsWith("." + data.getFileName()));
        return version;
    }

    /// `list` says this version, and the doctor finds no problem.
    void wellExamined(String version) {
        assertThat(listed()).as("listed").isEqualTo(version);
        Child.Ended doctor = lamplighter.run(LIMIT, "doctor", name, "--offline", "--json");
        JsonNode findings = JsonFile.MAPPER
                .readTree(doctor.out())
                .path("data")
                .path("tools")
                .path(0)
                .path("findings");
        assertThat(findings.isEmpty()).as(doctor.toString()).isFalse();
        assertThat(findings.valueStream()
                        .filter(finding -> List.of("failure", "crashed")
                                .contains(finding.path("severity").asString(""))))
                .as(doctor.toString())
                .isEmpty();
    }

    /// Upgrades and rolls back as if nothing had happened.
    ///
    /// @param now the version that is whole
    void nextUpgrade(String now) {
        if (now.equals(oldVersion())) {
            well("upgrade", name, "--to", newVersion(), "--yes");
            assertThat(whole()).isEqualTo(newVersion());
        }
        well("rollback", name, "--yes");
        assertThat(whole()).isEqualTo(oldVersion());
    }

    boolean isResponding() {
        try {
            URI.create("http://127.0.0.1:" + port + "/").toURL().openStream().close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    Child.Ended well(String... words) {
        Child.Ended ended = lamplighter.run(LIMIT, words);
        assertThat(ended.exitCode())
                .as("%s\n%s\n%s", List.of(words), ended, history())
                .isZero();
        return ended;
    }

    /// The last transactions, for a message.
    String history() {
        return journals.all(Optional.of(name)).stream()
                .limit(2)
                .map(last -> {
                    try {
                        return Files.readString(last.journal());
                    } catch (IOException e) {
                        return e.toString();
                    }
                })
                .reduce("", (one, other) -> other + "\n" + one);
    }

    private String listed() {
        return JsonFile.MAPPER
                .readTree(well("list", "--json").out())
                .path("data")
                .path("tools")
                .valueStream()
                .filter(tool -> tool.path("name").asString("").equals(name))
                .findFirst()
                .map(tool -> tool.path("version").asString(""))
                .orElse("not listed");
    }

    /// Of the service, of a server that runs outside of it, and of a package manager or `cp` that outlived its worker.
    private List<String> processes() {
        String main = manager.property(unit(), "MainPID").orElse("none");
        List<String> found = new ArrayList<>();
        for (Path process : children(Path.of("/proc"))) {
            try {
                String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                        .replace('\0', ' ');
                // Some servers change their command line.
                if (process.endsWith(main) || marks().stream().anyMatch(line::contains)) {
                    found.add(process.getFileName() + " " + line);
                }
            } catch (IOException | UncheckedIOException e) {
                // Not a process, or not any more.
            }
        }
        return found;
    }

    /// `ROOT/.lamplighter/NAME` of every tool in the home.
    private List<Path> kept() {
        try (Stream<Path> folders =
                Files.find(home.path(), 6, (path, attributes) -> attributes.isDirectory() && path.endsWith(KEPT))) {
            return folders.flatMap(folder -> children(folder).stream()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
