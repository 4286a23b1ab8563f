package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.RealPathCache;
import io.github.lamplighter.service.ForeignUnit;
import io.github.lamplighter.tool.CommandLineMatcher;
import io.github.lamplighter.tool.Manifest.Install;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The service units of this user and of the system, as files (systemd.unit(5), "Unit File Load Path"): those whose
/// program is a tool's are found here, whoever wrote them and whether or not they run. They are only read.
final class UnitFileIndex {

    private static final String SUFFIX = ".service";
    private static final String DROP_INS = ".d";

    /// What a file of ours says, or what changes nothing about how the program runs.
    private static final Set<String> TAKEN = Set.of(
            "Unit.Description",
            "Unit.Documentation",
            "Unit.After",
            "Unit.Wants",
            "Unit.StartLimitIntervalSec",
            "Unit.StartLimitBurst",
            "Service.Type",
            "Service.ExecStart",
            "Service.Environment",
            "Service.EnvironmentFile",
            "Service.WorkingDirectory",
            "Service.Restart",
            "Service.RestartSec",
            "Service.KillMode",
            "Service.TimeoutStopSec",
            "Install.WantedBy",
            "Install.Alias");

    private static final Set<String> SIMPLE = Set.of("simple", "exec", "idle", "notify", "notify-reload");

    /// Before the program of `ExecStart=` (systemd.service(5), "Special executable prefixes").
    private static final String PREFIXES = "-@:+!|";

    private static final Pattern VARIABLE = Pattern.compile("\\$[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern REFERENCE =
            Pattern.compile("\\$(\\$|\\{([A-Za-z_][A-Za-z0-9_]*)}|([A-Za-z_][A-Za-z0-9_]*)$)");
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,5}) ?(s|sec|seconds?)?");

    /// How long one look serves: a run over many tools looks once.
    private static final long FRESH = 1_000_000_000L;

    private final Path home;
    private final String user;
    private final Optional<Path> runtime;
    private final List<Path> users;
    private final List<Path> systems;
    private Optional<IndexSnapshot> last = Optional.empty();

    UnitFileIndex(AppDirectories directories) {
        this(
                directories.home(),
                directories.runtime(),
                Stream.of(
                                Stream.of(
                                        directories.configHome().resolve("systemd/user"), Path.of("/etc/systemd/user")),
                                directories.runtime().map(folder -> folder.resolve("systemd/user")).stream(),
                                Stream.of(directories.dataHome().resolve("systemd/user")),
                                paths(
                                        "/run/systemd/user",
                                        "/usr/local/share/systemd/user",
                                        "/usr/share/systemd/user",
                                        "/usr/local/lib/systemd/user",
                                        "/usr/lib/systemd/user"))
                        .flatMap(stream -> stream)
                        .toList(),
                paths(
                                "/etc/systemd/system",
                                "/run/systemd/system",
                                "/usr/local/lib/systemd/system",
                                "/usr/lib/systemd/system",
                                "/lib/systemd/system")
                        .toList());
    }

    /// @param users where units of users lie, the first counts
    /// @param systems where those of the system lie
    UnitFileIndex(Path home, Optional<Path> runtime, List<Path> users, List<Path> systems) {
        this.home = home;
        this.user = String.valueOf(home.getFileName());
        this.runtime = runtime;
        this.users = users;
        this.systems = systems;
    }

    private static Stream<Path> paths(String... names) {
        return Stream.of(names).map(Path::of);
    }

    /// Units of somebody else that run the tool: enabled ones first, the user's before the system's.
    List<ForeignUnit> of(Install install) {
        IndexSnapshot indexSnapshot = indexSnapshot();
        return indexSnapshot.answers().computeIfAbsent(install, _ -> {
            CommandLineMatcher tool = new CommandLineMatcher(install, indexSnapshot.paths());
            return indexSnapshot.units().stream()
                    .flatMap(found -> unit(found, tool).stream())
                    .sorted(Comparator.comparing((ForeignUnit unit) -> !unit.enabled())
                            .thenComparing(ForeignUnit::isOfTheSystem)
                            .thenComparing(ForeignUnit::unit))
                    .toList();
        });
    }

    /// The command line of a unit of the user's with this text; empty where it has none, several, or one with variables
    /// whose values are not in it.
    List<String> command(String unit, String text, List<Path> additions) {
        String instance =
                unit.contains("@") ? unit.substring(unit.indexOf('@') + 1, unit.length() - SUFFIX.length()) : "";
        List<Expanded> commands = said(text, additions, false, instance).commands();
        return commands.size() == 1 && commands.getFirst().complete()
                ? commands.getFirst().argv()
                : List.of();
    }

    /// What was seen is looked at anew: a file was changed.
    synchronized void forget() {
        last = Optional.empty();
    }

    /// What one look saw, and what was asked of it: several checks ask the same of each tool.
    private record IndexSnapshot(
            long at, List<Found> units, RealPathCache paths, Map<Install, List<ForeignUnit>> answers) {}

    /// A unit as files: which one counts, and what changes it. Of hundreds of units one or two run a tool, so what else
    /// they say is taken apart when it is asked for.
    ///
    /// @param instance what stands for `%i`
    /// @param commands what it may run, and perhaps more: a command that something in the file takes back
    private record Found(
            String name,
            String instance,
            Path file,
            List<Path> additions,
            boolean enabled,
            boolean system,
            String text,
            List<CommandLineMatcher.Line> commands) {

        String unit() {
            return (system ? ForeignUnit.SYSTEM : "") + name;
        }
    }

    /// What a unit and its drop-ins say together.
    private record ParsedUnit(UnitFileParser text, Map<String, String> environment, List<Expanded> commands) {}

    private synchronized IndexSnapshot indexSnapshot() {
        Optional<IndexSnapshot> fresh = last.filter(indexSnapshot -> System.nanoTime() - indexSnapshot.at() < FRESH);
        if (fresh.isPresent()) {
            return fresh.get();
        }
        RealPathCache paths = new RealPathCache();
        List<Found> all = new ArrayList<>(look(users, false, paths));
        all.addAll(look(systems, true, paths));
        IndexSnapshot indexSnapshot = new IndexSnapshot(System.nanoTime(), all, paths, new ConcurrentHashMap<>());
        last = Optional.of(indexSnapshot);
        return indexSnapshot;
    }

    private List<Found> look(List<Path> folders, boolean system, RealPathCache paths) {
        Map<String, Path> files = new LinkedHashMap<>();
        // Looked for one by one, hundreds of units with their prefixes in all folders cost more than all else.
        Map<String, List<Path>> dropIns = new HashMap<>();
        Set<String> wanted = new HashSet<>();
        for (Path folder : folders) {
            for (String name : names(folder)) {
                if (name.endsWith(SUFFIX)) {
                    files.computeIfAbsent(name, folder::resolve);
                } else if (name.endsWith(".wants") || name.endsWith(".requires")) {
                    wanted.addAll(names(folder.resolve(name)));
                } else if (name.endsWith(DROP_INS)) {
                    dropIns.computeIfAbsent(name, _ -> new ArrayList<>()).add(folder.resolve(name));
                }
            }
        }
        List<Found> found = new ArrayList<>();
        files.forEach((name, file) -> {
            Optional<String> text = text(file, name, folders);
            if (text.isEmpty()) {
                return;
            }
            if (name.endsWith("@" + SUFFIX)) {
                String prefix = name.substring(0, name.length() - SUFFIX.length());
                wanted.stream()
                        .filter(link -> link.startsWith(prefix) && link.endsWith(SUFFIX) && !link.equals(name))
                        .forEach(link -> {
                            List<Path> additions = additions(dropIns, link, name);
                            String instance = link.substring(prefix.length(), link.length() - SUFFIX.length());
                            found.add(found(link, instance, file, additions, true, system, text.get(), paths));
                        });
            } else {
                List<Path> additions = additions(dropIns, name, "");
                boolean enabled = wanted.contains(name);
                found.add(found(name, "", file, additions, enabled, system, text.get(), paths));
            }
        });
        return found;
    }

    private Found found(
            String name,
            String instance,
            Path file,
            List<Path> additions,
            boolean enabled,
            boolean system,
            String text,
            RealPathCache paths) {
        Stream<List<String>> commands =
                said(text, additions, system, instance).commands().stream().map(Expanded::argv);
        return new Found(
                name,
                instance,
                file,
                additions,
                enabled,
                system,
                text,
                commands.map(argv -> CommandLineMatcher.Line.of(argv, paths)).toList());
    }

    private ParsedUnit said(String text, List<Path> additions, boolean system, String instance) {
        UnitFileParser parsed = UnitFileParser.of(
                Stream.concat(Stream.of(text), additions.stream().map(UnitFileIndex::read))
                        .toList());
        Function<String, String> specifiers = value -> specifiers(value, system, instance);
        Map<String, String> environment = new TreeMap<>();
        parsed.all("Service.Environment")
                .forEach(value -> UnitFileParser.words(specifiers.apply(value)).stream()
                        .filter(word -> word.indexOf('=') > 0)
                        .forEach(word -> environment.put(
                                word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1))));
        List<Expanded> commands = parsed.all("Service.ExecStart").stream()
                .map(command -> command(command, specifiers, environment))
                .toList();
        return new ParsedUnit(parsed, environment, commands);
    }

    private static Expanded command(
            String command, Function<String, String> specifiers, Map<String, String> environment) {
        int begin = 0;
        while (begin < command.length() && PREFIXES.indexOf(command.charAt(begin)) >= 0) {
            begin++;
        }
        String prefix = command.substring(0, begin);
        List<String> argv = new ArrayList<>(UnitFileParser.words(specifiers.apply(command.substring(begin))));
        if (prefix.contains("@") && argv.size() > 1) {
            // The name under which it appears, not an argument.
            argv.remove(1);
        }
        return prefix.contains(":") ? new Expanded(argv, true) : expanded(argv, environment);
    }

    /// What the file of a unit says; empty for other people's names of it, for what is masked, and for what is ours.
    private static Optional<String> text(Path file, String name, List<Path> folders) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isSymbolicLink() ? isAlias(file, name, folders) : !attributes.isRegularFile()) {
                return Optional.empty();
            }
            return Optional.of(attributes.isSymbolicLink() ? read(file) : content(file))
                    .filter(text -> !text.isBlank() && !UnitFileWriter.isOurs(text));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Another name of a unit is a link to it inside these folders (systemd.unit(5), `Alias=`).
    private static boolean isAlias(Path file, String name, List<Path> folders) {
        try {
            Path target = file.toRealPath();
            return !String.valueOf(target.getFileName()).equals(name)
                    && folders.stream().anyMatch(folder -> target.startsWith(folder));
        } catch (IOException e) {
            return true;
        }
    }

    /// Drop-ins of all folders, one of each file name, in the order of the names.
    private static List<Path> additions(Map<String, List<Path>> dropIns, String unit, String template) {
        Map<String, Path> files = new TreeMap<>();
        List<String> names = new ArrayList<>(List.of(unit));
        if (!template.isEmpty()) {
            names.add(template);
        }
        for (int dash = unit.indexOf('-'); dash > 0; dash = unit.indexOf('-', dash + 1)) {
            names.add(1, unit.substring(0, dash + 1) + SUFFIX);
        }
        names.add("service");
        for (String name : names) {
            for (Path folder : dropIns.getOrDefault(name + DROP_INS, List.of())) {
                for (String file : names(folder)) {
                    if (file.endsWith(".conf")) {
                        files.computeIfAbsent(file, folder::resolve);
                    }
                }
            }
        }
        return List.copyOf(files.values());
    }

    private Optional<ForeignUnit> unit(Found found, CommandLineMatcher tool) {
        if (found.commands().stream().allMatch(line -> tool.in(line).isEmpty())) {
            return Optional.empty();
        }
        ParsedUnit parsedUnit = said(found.text(), found.additions(), found.system(), found.instance());
        for (Expanded command : parsedUnit.commands()) {
            Optional<CommandLineMatcher.Use> use = tool.in(command.argv());
            if (use.isPresent()) {
                return Optional.of(unit(found, parsedUnit, use.get(), command.complete()));
            }
        }
        return Optional.empty();
    }

    private ForeignUnit unit(Found found, ParsedUnit parsedUnit, CommandLineMatcher.Use use, boolean complete) {
        UnitFileParser text = parsedUnit.text();
        Map<String, String> environment = new TreeMap<>(parsedUnit.environment());
        String type = text.last("Service.Type").orElse("simple");
        List<String> files = text.all("Service.EnvironmentFile");
        Optional<String> obstacle = use.obstacle()
                .or(() -> complete
                        ? Optional.empty()
                        : Optional.of("Its arguments have variables whose values are not in it."))
                .or(() -> SIMPLE.contains(type)
                        ? Optional.empty()
                        : Optional.of(
                                "Its type is `%s`; Lamplighter writes services whose program stays in the foreground."
                                        .formatted(type)))
                .or(() -> text.all("Service.ExecStart").size() > 1
                        ? Optional.of("It runs several programs.")
                        : Optional.empty())
                .or(() -> files.size() > 1 ? Optional.of("It has several files of variables.") : Optional.empty());
        environment.remove("PATH");
        return new ForeignUnit(
                found.unit(),
                found.file(),
                found.additions(),
                found.enabled(),
                use.arguments(),
                environment,
                text.last("Service.WorkingDirectory")
                        .map(value -> specifiers(value, found.system(), found.instance())
                                .replaceFirst("^-", "")
                                .replaceFirst("^~$", home.toString()))
                        .flatMap(UnitFileIndex::absolute),
                files.stream()
                        .findFirst()
                        .map(value -> specifiers(value, found.system(), found.instance())
                                .replaceFirst("^-", ""))
                        .flatMap(UnitFileIndex::absolute),
                text.last("Service.KillMode"),
                seconds(text.last("Service.TimeoutStopSec")),
                obstacle,
                text.keys().stream()
                        .filter(key -> !TAKEN.contains(key) && !key.startsWith("X-"))
                        .map(key -> key.substring(key.indexOf('.') + 1))
                        .toList(),
                Stream.concat(
                                Stream.of(found.text().stripTrailing()),
                                found.additions().stream()
                                        .map(file ->
                                                "# " + file + "\n" + read(file).strip()))
                        .collect(Collectors.joining("\n\n", "", "\n")));
    }

    private record Expanded(List<String> argv, boolean complete) {}

    /// What `$X` and `${X}` stand for (systemd.service(5), "Command lines"), as far as the unit itself says.
    private static Expanded expanded(List<String> argv, Map<String, String> environment) {
        List<String> result = new ArrayList<>();
        boolean complete = true;
        for (String word : argv) {
            if (word.indexOf('$') < 0) {
                result.add(word);
                continue;
            }
            if (VARIABLE.matcher(word).matches()) {
                String value = environment.get(word.substring(1));
                complete &= value != null;
                Stream.of((value == null ? "" : value).strip().split("\\s+"))
                        .filter(part -> !part.isEmpty())
                        .forEach(result::add);
                continue;
            }
            Matcher reference = REFERENCE.matcher(word);
            StringBuilder whole = new StringBuilder();
            while (reference.find()) {
                String name = reference.group(2);
                String value = name == null ? "$" : environment.get(name);
                boolean literal = name == null && !reference.group().equals("$$");
                complete &= value != null;
                reference.appendReplacement(
                        whole,
                        Matcher.quoteReplacement(
                                literal ? reference.group() : value == null ? reference.group() : value));
            }
            result.add(reference.appendTail(whole).toString());
        }
        return new Expanded(result, complete);
    }

    private String specifiers(String value, boolean system, String instance) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '%' || i + 1 == value.length()) {
                result.append(c);
                continue;
            }
            char letter = value.charAt(++i);
            result.append(
                    switch (letter) {
                        case '%' -> "%";
                        case 'h' -> system ? "/root" : home.toString();
                        case 'u' -> system ? "root" : user;
                        case 'i', 'I' -> instance;
                        case 't' ->
                            system ? "/run" : runtime.map(Path::toString).orElse("%t");
                        default -> "%" + letter;
                    });
        }
        return result.toString();
    }

    private static OptionalInt seconds(Optional<String> value) {
        Matcher matcher = SECONDS.matcher(value.orElse(""));
        return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }

    private static Optional<Path> absolute(String value) {
        try {
            return value.startsWith("/") ? Optional.of(Path.of(value)) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /// What lies in a folder, in the order of the names. (The old class: it asks the system once for all of them.)
    private static List<String> names(Path folder) {
        String[] names = folder.toFile().list();
        if (names == null) {
            return List.of();
        }
        Arrays.sort(names);
        return List.of(names);
    }

    private static String read(Path file) {
        try {
            return Files.isRegularFile(file) ? content(file) : "";
        } catch (IOException e) {
            return "";
        }
    }

    /// A sign that is not UTF-8, in a comment most often, is no reason to know nothing of the rest.
    private static String content(Path file) throws IOException {
        try (InputStream in = new FileInputStream(file.toFile())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
