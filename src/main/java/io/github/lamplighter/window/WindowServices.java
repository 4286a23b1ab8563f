package io.github.lamplighter.window;

import io.github.lamplighter.client.CliClient;
import io.github.lamplighter.file.AppDirectories;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Services shared by all views.
///
/// @param trust the age up to which a report is trusted
/// @param version of this program, which may not be the installed one any more
/// @param browse opens an address in the browser, or a file in its program
record WindowServices(
        CliClient cliClient,
        WindowData data,
        UpgradeFeed upgrades,
        TaskExecutor taskExecutor,
        InstantSource clock,
        HumanFormat humanFormat,
        AppDirectories directories,
        Supplier<Duration> trust,
        String version,
        Consumer<URI> browse) {}
