package io.github.lamplighter.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// A small file system in memory, mounted in a throw-away home. It can be full and read-only.
public final class MountedDisk implements AutoCloseable {

    private final Path folder;

    private MountedDisk(Path folder) {
        this.folder = folder;
    }

    public static MountedDisk at(Path folder, int megabytes) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("mount", "-t", "tmpfs", "-o", "mode=0700,size=%dm".formatted(megabytes), "tmpfs", folder.toString())
                .well();
        MountedDisk disk = new MountedDisk(folder);
        // Tests that are ended leave no mount behind.
        Runtime.getRuntime().addShutdownHook(new Thread(disk::close));
        return disk;
    }

    public Path folder() {
        return folder;
    }

    /// Leaves no space for a single byte.
    public void fill() {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filling())) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            // It is full.
        }
    }

    public void readOnly() {
        run("mount", "-o", "remount,ro", folder.toString()).well();
    }

    /// Writable, with space.
    public void mend() {
        run("mount", "-o", "remount,rw", folder.toString()).well();
        try {
            Files.deleteIfExists(filling());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path filling() {
        return folder.resolve(".filling");
    }

    /// Also if a process still has a file of it open.
    @Override
    public void close() {
        run("umount", "--lazy", folder.toString());
    }

    private static Child.Ended run(String... argv) {
        return Child.run(Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"), Duration.ofSeconds(20), argv);
    }
}
