package io.github.lamplighter.installer.uv;

import io.github.lamplighter.installer.python.DirectUrl;
import io.github.lamplighter.installer.python.Requirement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The arguments of `uv tool install` that reproduce a receipt (uv's reference, "uv tool install"). Not every
/// receipt can be reproduced, and one with a password is not.
///
/// @param words the arguments; the tool is the last one
/// @param missing the keys of the receipt that no argument covers
record UvInstallCommand(List<String> words, Set<String> missing) {

    private static final Set<String> OF_A_REQUIREMENT =
            Set.of("name", "extras", "specifier", "git", "url", "path", "directory", "editable");
    private static final Set<String> OF_A_REPOSITORY = Set.of("rev", "tag", "branch", "subdirectory");

    /// Options with the same name as their keys.
    private static final Set<String> WITH_A_VALUE = Set.of(
            "index-url",
            "index-strategy",
            "keyring-provider",
            "resolution",
            "prerelease",
            "exclude-newer",
            "link-mode");

    private static final Set<String> LISTS = Set.of("extra-index-url", "find-links");
    private static final Set<String> SWITCHES = Set.of("no-index", "compile-bytecode");

    /// Default values need no argument.
    private static final Map<String, String> USUAL = Map.of("format", "simple", "authenticate", "auto");

    UvInstallCommand {
        words = List.copyOf(words);
        missing = Set.copyOf(missing);
    }

    /// @param python the Python to request if the receipt has none, or the path of one that was removed
    /// @param follows whether to leave out a pin: an exact version, a commit, a tag
    static UvInstallCommand of(UvReceipt receipt, Optional<String> python, boolean follows) {
        List<String> words = new ArrayList<>();
        Set<String> missing = new TreeSet<>();
        JsonNode table = receipt.table();
        for (String key : List.of("constraints", "overrides", "excludes", "build-constraint-dependencies")) {
            if (!table.path(key).isMissingNode() && !table.path(key).isEmpty()) {
                missing.add(key);
            }
        }
        table.path("requirements").forEach(entry -> requirement(entry, missing));
        receipt.python()
                .filter(recorded -> !isGone(recorded))
                .or(() -> python)
                .ifPresent(version -> words.addAll(List.of("--python", version)));
        Set<String> exposed =
                receipt.programs().stream().map(UvReceipt.EntryPoint::from).collect(Collectors.toSet());
        receipt.others()
                .forEach(other -> words.addAll(
                        other.source() instanceof UvReceipt.Source.Editable(var directory)
                                ? List.of("--with-editable", directory.toString())
                                : List.of(
                                        exposed.contains(other.name()) ? "--with-executables-from" : "--with",
                                        other.line())));
        options(table.path("options"), words, missing);
        words.addAll(tool(receipt.tool(), follows));
        if (words.stream().anyMatch(word -> !DirectUrl.masked(word).equals(word))) {
            missing.add("a password");
        }
        return new UvInstallCommand(words, missing);
    }

    /// Whether a recorded Python is a path at which there is none any more.
    private static boolean isGone(String python) {
        return python.startsWith("/") && Files.notExists(Path.of(python));
    }

    private static List<String> tool(UvReceipt.ReceiptRequirement tool, boolean follows) {
        String start = tool.name() + Requirement.bracketed(tool.extras());
        return switch (tool.source()) {
            case UvReceipt.Source.Index _ when follows -> List.of(start);
            case UvReceipt.Source.Git git when follows -> List.of(start + " @ git+" + git.url() + git.part());
            case UvReceipt.Source.Editable(var directory) -> List.of("--editable", directory.toString());
            case UvReceipt.Source.Index _,
                    UvReceipt.Source.Git _,
                    UvReceipt.Source.Archive _,
                    UvReceipt.Source.Directory _ -> List.of(tool.line());
        };
    }

    private static void requirement(JsonNode entry, Set<String> missing) {
        if (!entry.isObject()) {
            return;
        }
        entry.propertyNames().stream()
                .filter(key -> !OF_A_REQUIREMENT.contains(key))
                .forEach(missing::add);
        String git = entry.path("git").asString("");
        if (git.contains("?")) {
            Arrays.stream(git.substring(git.indexOf('?') + 1).split("&"))
                    .map(pair -> pair.split("=", 2)[0])
                    .filter(key -> !OF_A_REPOSITORY.contains(key))
                    .forEach(missing::add);
        }
    }

    private static void options(JsonNode options, List<String> words, Set<String> missing) {
        for (Map.Entry<String, JsonNode> option : options.properties()) {
            String key = option.getKey();
            JsonNode value = option.getValue();
            if (key.equals("index") && value.isArray()) {
                value.forEach(index -> index(index, words, missing));
            } else if (key.equals("exclude-newer-package") && value.isObject()) {
                value.properties()
                        .forEach(one -> words.addAll(List.of(
                                "--exclude-newer-package",
                                one.getKey() + "="
                                        + one.getValue()
                                                .path("span")
                                                .asString(one.getValue()
                                                        .path("timestamp")
                                                        .asString(one.getValue().asString(""))))));
            } else if (key.equals("exclude-newer-span") && value.isString()) {
                words.addAll(List.of("--exclude-newer", value.stringValue()));
            } else if (key.equals("exclude-newer") && options.has("exclude-newer-span")) {
                continue; // the date is what the span meant on that day
            } else if (WITH_A_VALUE.contains(key) && value.isString()) {
                words.addAll(List.of("--" + key, value.stringValue()));
            } else if (LISTS.contains(key) && value.isArray()) {
                value.forEach(one -> words.addAll(List.of("--" + key, one.asString(""))));
            } else if (SWITCHES.contains(key) && value.isBoolean()) {
                if (value.booleanValue()) {
                    words.add("--" + key);
                }
            } else {
                missing.add(key);
            }
        }
    }

    private static void index(JsonNode index, List<String> words, Set<String> missing) {
        index.propertyNames().stream()
                .filter(key -> !Set.of("name", "url", "default").contains(key))
                .filter(key -> !index.path(key).asString("").equals(USUAL.getOrDefault(key, "false")))
                .map("index."::concat)
                .forEach(missing::add);
        String name = index.path("name").asString("");
        words.add(index.path("default").asBoolean(false) ? "--default-index" : "--index");
        words.add((name.isEmpty() ? "" : name + "=") + index.path("url").asString(""));
    }
}
