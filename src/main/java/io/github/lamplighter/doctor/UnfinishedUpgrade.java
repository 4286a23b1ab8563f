package io.github.lamplighter.doctor;

/// A transaction of a tool that has no end in its journal yet.
public sealed interface UnfinishedUpgrade {

    /// What is so, as a sentence.
    String sentence();

    /// Somebody is at work on it now.
    record InProgress(String sentence) implements UnfinishedUpgrade {}

    /// Nobody works on it any more.
    record Interrupted(String sentence) implements UnfinishedUpgrade {}
}
