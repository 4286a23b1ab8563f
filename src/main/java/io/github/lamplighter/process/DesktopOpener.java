package io.github.lamplighter.process;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Opens an address in the browser, or a file in its program, with `xdg-open` (Linux) or `open` (macOS).
public final class DesktopOpener {

    /// `xdg-open` ends at once if nothing opens it. On a desktop that it does not know, it becomes the program itself.
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ProcessRunner runner;

    public DesktopOpener(ProcessRunner runner) {
        this.runner = runner;
    }

    /// @param target a URL or an absolute path
    /// @return why it could not be opened, as a sentence
    public Optional<String> open(String target) {
        return Stream.of("xdg-open", "open")
                .flatMap(name -> runner.find(name).stream())
                .findFirst()
                .map(program -> runner.launch(List.of(program.toString(), target), LIMIT))
                .orElseGet(() -> Optional.of("xdg-open is not installed."));
    }
}
