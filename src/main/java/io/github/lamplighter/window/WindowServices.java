package io.github.lamplighter.window;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What the pages work with.
///
/// @param trust a report that is older is not believed
/// @param browse shows a page in the user's browser, a file in the program for such files
record WindowServices(
        CliClient cliClient,
        ReportReader reports,
        UpgradeFeed steps,
        TaskExecutor taskExecutor,
        InstantSource clock,
        HumanFormat humanFormat,
        Supplier<Duration> trust,
        Consumer<URI> browse) {}
