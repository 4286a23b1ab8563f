package io.github.lamplighter.platform;

import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.service.LogLine;
import io.github.lamplighter.service.ServiceDefinition;
import io.github.lamplighter.service.ServiceManager;
import io.github.lamplighter.service.ServiceOutcome;
import io.github.lamplighter.service.ServiceState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// The part of a service manager that is the same on every system: service files are written, restored and
/// removed, services enabled, and system services left to root. A subclass knows the format of a file and the
/// manager's commands.
public abstract class FileServiceManager implements ServiceManager {

    private static final int LAST_LINES = 10;

    private final Duration poll;

    /// @param poll the pause between two queries while waiting
    protected FileServiceManager(Duration poll) {
        this.poll = poll;
    }

    /// Where Lamplighter writes the file of a service.
    protected abstract Path file(String unit);

    protected abstract boolean isOurs(String text);

    /// Whether the text of one of our files differs from what Lamplighter wrote.
    protected abstract boolean isChangedText(String text);

    /// Why this manager cannot run `definition`, as a sentence.
    protected abstract Optional<String> problem(ServiceDefinition definition);

    /// Prepares what a service needs besides its file.
    protected ServiceOutcome prepare(ServiceDefinition definition) {
        return new ServiceOutcome.Already("");
    }

    /// Makes the manager read the file of a service that was written, restored or removed.
    protected abstract ServiceOutcome reload(String unit);

    /// Reloads if the manager has an older state of the file.
    protected ServiceOutcome reloadIfChanged(String unit) {
        return new ServiceOutcome.Already("");
    }

    /// Checks that the manager accepts the file that was just written.
    protected ServiceOutcome accepted(String unit) {
        return new ServiceOutcome.Already("");
    }

    /// Enables or disables a service whose state is the other one.
    ///
    /// @return the outcome of the command if the state has not changed afterwards
    protected abstract ServiceOutcome switchEnabled(String unit, boolean enable);

    protected abstract ServiceOutcome startOwn(String unit);

    protected abstract ServiceOutcome stopOwn(String unit, Duration limit);

    protected ServiceOutcome removeFile(String unit) {
        return restore(unit, Optional.empty());
    }

    /// The command with which root does `verb` (`enable`, `disable`, `start`, `stop`) to a system service.
    protected abstract String rootCommand(String verb, String name);

    @Override
    public final boolean isWritten(String unit) {
        return read(file(unit)).filter(this::isOurs).isPresent();
    }

    @Override
    public final List<String> written() {
        String example = unitOf("x");
        Path file = file(example);
        String ending = String.valueOf(file.getFileName()).substring(example.lastIndexOf('x') + 1);
        try (Stream<Path> files = Files.list(AtomicFile.folderOf(file))) {
            return files.filter(path -> String.valueOf(path.getFileName()).endsWith(ending))
                    .filter(path -> read(path).filter(this::isOfATool).isPresent())
                    .map(path -> unitIn(String.valueOf(path.getFileName())))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException _) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether the text of a file is a service of a tool, and ours.
    protected boolean isOfATool(String text) {
        return isOurs(text);
    }

    /// The service in a file of this name.
    protected String unitIn(String fileName) {
        return fileName;
    }

    @Override
    public final boolean isChangedByHand(String unit) {
        return read(file(unit)).filter(this::isChangedText).isPresent();
    }

    @Override
    public final ServiceOutcome write(ServiceDefinition definition) {
        return write(definition, false);
    }

    @Override
    public final ServiceOutcome writeOver(ServiceDefinition definition) {
        return write(definition, true);
    }

    private ServiceOutcome write(ServiceDefinition definition, boolean over) {
        Optional<String> problem = problem(definition);
        if (problem.isPresent()) {
            return new ServiceOutcome.Refused(problem.get());
        }
        String unit = unit(definition);
        Path file = file(unit);
        Optional<String> before = read(file);
        boolean foreign = before.isPresent() ? !isOurs(before.get()) : Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        if (foreign && !over) {
            return new ServiceOutcome.Refused(
                    "%s was not created by Lamplighter, so Lamplighter does not change it.".formatted(unit));
        }
        return prepare(definition).then(() -> {
            String text = render(definition);
            return before.filter(text::equals).isPresent()
                    ? reloadIfChanged(unit).then(() -> new ServiceOutcome.Already("The service file is up to date."))
                    : restore(unit, Optional.of(text)).then(() -> kept(unit, before));
        });
    }

    /// A file that the manager does not accept is replaced by the one before.
    private ServiceOutcome kept(String unit, Optional<String> before) {
        ServiceOutcome accepted = accepted(unit);
        if (!accepted.isSuccess()) {
            restore(unit, before);
            return accepted;
        }
        return new ServiceOutcome.Done("The service file was written.");
    }

    protected final String unit(ServiceDefinition definition) {
        return definition.unit().orElseGet(() -> unitOf(definition.name()));
    }

    @Override
    public final ServiceOutcome restore(String unit, Optional<String> text) {
        Path file = file(unit);
        try {
            if (text.isPresent()) {
                // launchd refuses a file that others can write to.
                AtomicFile.write(
                        AtomicFile.throughLink(file), text.get().getBytes(StandardCharsets.UTF_8), AtomicFile.PUBLIC);
            } else {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return new ServiceOutcome.Failed("Could not %s the service file: %s. It is unchanged."
                    .formatted(text.isPresent() ? "write" : "remove", AtomicFile.why(file, e)));
        }
        return reload(unit);
    }

    @Override
    public final ServiceOutcome remove(String unit) {
        Optional<String> text = read(file(unit));
        if (text.isEmpty()) {
            return new ServiceOutcome.Already("There is no service file written by Lamplighter.");
        }
        if (!isOurs(text.get())) {
            return new ServiceOutcome.Refused(
                    "%s was not created by Lamplighter, so Lamplighter does not remove it.".formatted(unit));
        }
        if (state(unit).pid().isPresent()) {
            return new ServiceOutcome.Refused("The service is still running. Stop it first.");
        }
        return removeFile(unit).then(() -> new ServiceOutcome.Done("The service file was removed."));
    }

    @Override
    public final ServiceOutcome enable(String unit) {
        return ofTheSystem(unit, "enable").orElseGet(() -> setEnabled(unit, true));
    }

    @Override
    public final ServiceOutcome disable(String unit) {
        return ofTheSystem(unit, "disable").orElseGet(() -> setEnabled(unit, false));
    }

    /// A manager's command says little about what it changed, so the state afterwards counts.
    private ServiceOutcome setEnabled(String unit, boolean enable) {
        ServiceState before = state(unit);
        String goal = enable ? "The service starts at login." : "The service does not start at login.";
        if (before.phase() == ServiceState.Phase.UNKNOWN) {
            return new ServiceOutcome.Failed(before.words());
        }
        if (before.phase() == ServiceState.Phase.NOT_INSTALLED) {
            return enable ? missing(unit) : new ServiceOutcome.Already(goal);
        }
        if (before.enabled().equals(Optional.of(enable))) {
            return new ServiceOutcome.Already(goal);
        }
        ServiceOutcome outcome = switchEnabled(unit, enable);
        return state(unit).enabled().equals(Optional.of(enable)) ? new ServiceOutcome.Done(goal) : outcome;
    }

    @Override
    public final ServiceOutcome start(String unit) {
        return ofTheSystem(unit, "start").orElseGet(() -> startOwn(unit));
    }

    @Override
    public final ServiceOutcome stop(String unit, Duration limit) {
        return ofTheSystem(unit, "stop").orElseGet(() -> stopOwn(unit, limit));
    }

    private Optional<ServiceOutcome> ofTheSystem(String unit, String verb) {
        return ForeignUnit.isOfTheSystem(unit)
                ? Optional.of(new ServiceOutcome.Refused("%s is a system service, so only root can do that: `%s`."
                        .formatted(ForeignUnit.plain(unit), rootCommand(verb, ForeignUnit.plain(unit)))))
                : Optional.empty();
    }

    protected final ServiceOutcome missing(String unit) {
        String prefix = unitOf("").replaceFirst("\\.service$", "");
        String tool =
                unit.startsWith(prefix) ? unit.substring(prefix.length()).replaceFirst("\\.service$", "") : "NAME";
        return new ServiceOutcome.Refused(
                "There is no service %s. To create one, run `lamplighter service install %s`.".formatted(unit, tool));
    }

    protected final ServiceOutcome stillRunning(String unit, Duration limit) {
        return new ServiceOutcome.Failed(
                "The service is still running %d s after the request to stop.".formatted(limit.toSeconds()),
                lastLines(unit));
    }

    protected static ServiceOutcome stopped(boolean killed, String otherwise) {
        return new ServiceOutcome.Done(killed ? "The service did not stop in time, so it was killed." : otherwise);
    }

    /// The text of a file; empty if there is none, and the empty text if it cannot be read.
    protected static Optional<String> read(Path file) {
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("");
        }
    }

    protected final List<String> lastLines(String unit) {
        return lastLogLines(unit, LAST_LINES).stream().map(LogLine::text).toList();
    }

    /// Waits until `condition` is true.
    ///
    /// @return false if the limit was reached, or the thread was interrupted
    protected final boolean await(BooleanSupplier condition, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                Thread.sleep(poll);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
