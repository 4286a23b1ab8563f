package io.github.lamplighter.demo;

import java.nio.file.Path;

/// How making or removing the demo ended.
public sealed interface DemoOutcome {

    /// The demo is there, and its tool is running.
    ///
    /// @param made whether this run made it; otherwise it was there
    /// @param version of the tool
    /// @param url where the tool responds
    record Ready(boolean made, String version, String url, String unit) implements DemoOutcome {}

    /// Everything of the demo is gone.
    ///
    /// @param was whether there was a demo
    record Removed(boolean was, Path folder) implements DemoOutcome {}

    /// Something is missing on this computer.
    ///
    /// @param why a sentence with what to do
    record Refused(String why) implements DemoOutcome {}

    /// Another process uses the demo.
    ///
    /// @param holder a sentence that says which
    record Busy(String holder) implements DemoOutcome {}

    /// @param why a sentence
    record Failed(String why) implements DemoOutcome {}
}
