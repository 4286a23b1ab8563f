package io.github.lamplighter.tool;

import java.util.Map;

/// The known keys of a manifest as a tree. Other keys are reported and kept.
sealed interface ManifestKeys {

    /// A text, a list or a free map.
    record Leaf() implements ManifestKeys {}

    record Keys(Map<String, ManifestKeys> keys) implements ManifestKeys {}

    /// A list of objects with these keys.
    record Each(Keys element) implements ManifestKeys {}

    ManifestKeys ANY = new Leaf();

    Keys ANSWER = keys("path", "pointer");

    /// `tools/NAME.json`, schema `lamplighter.tool/1`. Keys that no verb reads yet belong to it as well:
    /// they are valid.
    Keys ROOT = new Keys(Map.ofEntries(
            Map.entry("$schema", ANY),
            Map.entry("schema", ANY),
            Map.entry("source", ANY),
            Map.entry("name", ANY),
            Map.entry("expected", ANY),
            Map.entry(
                    "install",
                    keys("installer", "package", "environment", "program", "manager", "variables", "origin")),
            Map.entry("command", ANY),
            Map.entry(
                    "service",
                    keys(
                            "arguments",
                            "environment",
                            "inherit",
                            "killMode",
                            "stopTimeoutSeconds",
                            "workingDirectory",
                            "environmentFile",
                            "unit",
                            "label",
                            "refresh")),
            Map.entry(
                    "endpoint",
                    new Keys(Map.of(
                            "url",
                            ANY,
                            "port",
                            keys("file", "pointer"),
                            "version",
                            ANSWER,
                            "identity",
                            keys("path", "pointer", "file", "filePointer"),
                            "expect",
                            ANY,
                            "proxied",
                            ANY,
                            "readyTimeoutSeconds",
                            ANY))),
            Map.entry(
                    "requires",
                    new Keys(Map.of(
                            "runtime",
                            ANY,
                            "programs",
                            new Each(keys("name", "version", "versionArguments", "hints"))))),
            Map.entry("settings", ANY),
            Map.entry("data", ANY),
            Map.entry("tls", keys("certificate")),
            Map.entry("auth", new Each(keys("file", "environment"))),
            Map.entry("sessions", keys("command", "count", "path", "pointer")),
            Map.entry("doctor", keys("command", "format")),
            Map.entry("smoke", ANY)));

    private static Keys keys(String... names) {
        return new Keys(java.util.Arrays.stream(names)
                .collect(java.util.stream.Collectors.toUnmodifiableMap(name -> name, _ -> ANY)));
    }
}
