package io.github.lamplighter.doctor;

/// A transaction of a tool that has no end in its journal yet, or that left something behind.
public sealed interface UnfinishedUpgrade {

    /// What is so, as a sentence.
    String sentence();

    /// A process works on it now.
    record InProgress(String sentence) implements UnfinishedUpgrade {}

    /// No process works on it.
    record Interrupted(String sentence) implements UnfinishedUpgrade {}

    /// It ended, and could not keep the version that it replaced for a rollback.
    record NotKept(String sentence) implements UnfinishedUpgrade {}

    /// It ended, and could not delete its folder.
    ///
    /// @param command deletes it
    record LeftOver(String sentence, String command) implements UnfinishedUpgrade {}
}
