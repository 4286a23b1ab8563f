package io.github.lamplighter.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A minimal Debian of this machine's release, as a user gets it: nothing of this machine is in it. debootstrap
/// makes it once and keeps it in the user's cache; a test gets a copy.
public final class DebianRoot implements AutoCloseable {

    private static final Duration DOWNLOAD = Duration.ofMinutes(5);
    private static final Duration COMMAND = Duration.ofMinutes(2);

    private final Path root;

    private DebianRoot(Path root) {
        this.root = root;
    }

    /// Whether this machine can make one: it needs debootstrap, and root for `chroot` and `mount`.
    public static boolean isPossible() {
        return "root".equals(System.getProperty("user.name"))
                && Child.run(
                                        System.getenv(),
                                        COMMAND,
                                        "sh",
                                        "-c",
                                        "command -v debootstrap && unshare --mount --pid --fork mount -t proc proc"
                                                + " /proc")
                                .exitCode()
                        == 0;
    }

    public static DebianRoot create() throws IOException {
        String release = setting("VERSION_CODENAME");
        Path cache = Path.of(System.getenv().getOrDefault("XDG_CACHE_HOME", System.getenv("HOME") + "/.cache"));
        Path base = Files.createDirectories(cache.resolve("lamplighter-tests")).resolve("debian-" + release);
        if (!Files.exists(base)) {
            Path made = Files.createTempDirectory(base.getParent(), "debootstrap");
            // A mirror as apt uses it here.
            String mirror = Child.run(
                            System.getenv(),
                            COMMAND,
                            "apt-get",
                            "indextargets",
                            "--format",
                            "$(REPO_URI)",
                            "Created-By: Packages",
                            "Codename: " + release,
                            "Component: main")
                    .well()
                    .out()
                    .lines()
                    .findFirst()
                    .orElseThrow();
            Child.run(
                            System.getenv(),
                            DOWNLOAD,
                            "debootstrap",
                            "--variant=minbase",
                            "--include=ca-certificates",
                            release,
                            made.toString(),
                            mirror)
                    .well();
            Files.move(made, base, StandardCopyOption.ATOMIC_MOVE);
        }
        Path copy = Files.createTempDirectory("lamplighter-debian");
        Child.run(System.getenv(), DOWNLOAD, "cp", "-a", "--reflink=auto", base + "/.", copy.toString())
                .well();
        // Another user works in it, too.
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
        DebianRoot root = new DebianRoot(copy);
        root.asRoot("useradd --create-home --shell /bin/bash ada").well();
        return root;
    }

    /// Where a file of the root is for this machine.
    public Path path(String path) {
        return root.resolve(path.substring(1));
    }

    public void add(Path file, String path) throws IOException {
        Files.copy(file, path(path), StandardCopyOption.REPLACE_EXISTING);
    }

    public Child.Ended asRoot(String script) {
        return run("chroot", script);
    }

    /// As the user `ada`, with her home.
    public Child.Ended asUser(String script) {
        return run("chroot --userspec=ada:ada", script);
    }

    private Child.Ended run(String chroot, String script) {
        String home = chroot.contains("ada") ? "/home/ada" : "/root";
        String mounts = """
            set -eu
            cd "$ROOT"
            mount -t proc proc proc
            mount --rbind /dev dev
            exec %s . /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=%s LANG=C.UTF-8 \\
              DEBIAN_FRONTEND=noninteractive bash -c "$SCRIPT"
            """.formatted(chroot, home);
        Map<String, String> environment =
                Map.of("PATH", System.getenv("PATH"), "ROOT", root.toString(), "SCRIPT", "cd ~; " + script);
        return Child.run(
                environment,
                COMMAND,
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                "-c",
                mounts);
    }

    /// All files, with their kind: what a package leaves behind shows in the difference.
    public List<String> files(String folder) {
        return asRoot("find " + folder + " -xdev \\( -path /proc -o -path /dev \\) -prune -o -print | sort")
                .well()
                .out()
                .lines()
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static String setting(String name) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/etc/os-release"))) {
            return lines.filter(line -> line.startsWith(name + "="))
                    .map(line -> line.substring(name.length() + 1).replace("\"", ""))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Override
    public void close() {
        Child.run(System.getenv(), COMMAND, "rm", "-rf", "--one-file-system", root.toString())
                .well();
    }
}
