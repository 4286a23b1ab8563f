package io.github.lamplighter.doctor;

/// A transaction of a tool that has no end in its journal yet.
public sealed interface OpenUpgrade {

    /// What is so, as a sentence.
    String sentence();

    /// Somebody is at work on it now.
    record AtWork(String sentence) implements OpenUpgrade {}

    /// Nobody works on it any more.
    record CutOff(String sentence) implements OpenUpgrade {}
}
