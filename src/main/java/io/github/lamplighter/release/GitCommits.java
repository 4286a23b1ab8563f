package io.github.lamplighter.release;

import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.UpgradeTarget;
import io.github.lamplighter.process.Command;
import io.github.lamplighter.process.ProcessResult;
import io.github.lamplighter.process.ProcessRunner;
import io.github.lamplighter.text.UntrustedText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The commits that an upgrade of a tool from git brings, from a fetch of the newest commits without their files.
final class GitCommits {

    private static final Pattern FULL_COMMIT = Pattern.compile("[0-9a-f]{40,64}");

    /// Longer than any run takes.
    private static final Duration LEFT_OVER = Duration.ofHours(1);

    /// The commits that are fetched to find the installed one among them, and those that are shown.
    private static final int DEPTH = 200;

    private static final int MOST_CHANGES = 30;

    private static final int LONGEST_MESSAGE = 120;

    private final ProcessRunner runner;
    private final HostConcurrencyLimit hostConcurrencyLimit;
    private final Duration limit;
    private final Path scratch;
    private final InstantSource clock;

    /// @param scratch the parent of temporary repositories
    GitCommits(
            ProcessRunner runner,
            HostConcurrencyLimit hostConcurrencyLimit,
            Duration limit,
            Path scratch,
            InstantSource clock) {
        this.runner = runner;
        this.hostConcurrencyLimit = hostConcurrencyLimit;
        this.limit = limit;
        this.scratch = scratch;
        this.clock = clock;
    }

    /// The commits between the installed one and `target`.
    CommitList changes(Origin.Git origin, UpgradeTarget.GitCommit target) {
        List<String> protocols = GitCommands.protocols(target.url());
        if (protocols.isEmpty() || !FULL_COMMIT.matcher(target.commit()).matches()) {
            return CommitList.NONE;
        }
        Deadline deadline = Deadline.in(limit);
        try (HostConcurrencyLimit.Permit _ = hostConcurrencyLimit.acquire(GitCommands.host(target.url()), deadline)) {
            deleteLeftOvers();
            Path repository = Files.createTempDirectory(Files.createDirectories(scratch), "changes");
            try {
                return changes(origin, target, repository, protocols, deadline);
            } finally {
                delete(repository);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CommitList.NONE;
        } catch (IOException e) {
            return CommitList.NONE;
        }
    }

    private CommitList changes(
            Origin.Git origin,
            UpgradeTarget.GitCommit target,
            Path repository,
            List<String> protocols,
            Deadline deadline) {
        String folder = "--git-dir=" + repository;
        boolean fetched = Stream.of(
                        GitCommands.of(deadline, protocols, folder, "init", "--quiet", "--bare", "--template="),
                        GitCommands.of(
                                deadline,
                                protocols,
                                folder,
                                "fetch",
                                "--quiet",
                                "--no-tags",
                                "--no-auto-gc",
                                "--depth=" + DEPTH,
                                "--filter=tree:0",
                                "--",
                                target.url(),
                                target.revision()))
                .allMatch(command -> lines(command).isPresent());
        if (!fetched) {
            return CommitList.NONE;
        }
        // Without its name, git looks for no commit that it does not have.
        Optional<List<String>> all = lines(GitCommands.of(deadline, protocols, folder, "rev-list", target.commit()));
        boolean isKnown =
                all.filter(commits -> commits.contains(origin.commit())).isPresent();
        Optional<List<String>> listed = all.flatMap(_ -> lines(GitCommands.of(
                deadline,
                protocols,
                folder,
                "rev-list",
                "--max-count=" + (MOST_CHANGES + 1),
                "--format=%s",
                isKnown ? origin.commit() + ".." + target.commit() : target.commit())));
        return listed.map(lines -> changes(lines, isKnown)).orElse(CommitList.NONE);
    }

    /// @param lines `commit HASH`, then the first line of its message
    private static CommitList changes(List<String> lines, boolean isKnown) {
        List<String> messages = new ArrayList<>();
        for (int at = 1; at < lines.size(); at += 2) {
            messages.add(UntrustedText.visible(lines.get(at), LONGEST_MESSAGE));
        }
        return new CommitList(
                messages.stream().limit(MOST_CHANGES).toList(), isKnown && messages.size() <= MOST_CHANGES);
    }

    /// Empty if the command failed.
    private Optional<List<String>> lines(Command command) {
        return runner.run(command) instanceof ProcessResult.Exited exited && exited.status() == 0
                ? Optional.of(exited.out().lines().toList())
                : Optional.empty();
    }

    /// The repositories of runs that were killed.
    private void deleteLeftOvers() {
        if (!Files.isDirectory(scratch)) {
            return;
        }
        try (DirectoryStream<Path> repositories = Files.newDirectoryStream(scratch)) {
            for (Path repository : repositories) {
                if (Files.getLastModifiedTime(repository)
                        .toInstant()
                        .isBefore(clock.instant().minus(LEFT_OVER))) {
                    delete(repository);
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // The next run tries it again.
        }
    }

    /// What stays is deleted by a later run.
    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException _) {
            // Nothing reads it.
        }
    }
}
