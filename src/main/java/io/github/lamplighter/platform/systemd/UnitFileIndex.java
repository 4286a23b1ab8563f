package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.file.AtomicFile;
import io.github.lamplighter.file.RealPathCache;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.readiness.ProcessOrigin;
import io.github.lamplighter.readiness.ProcessTable;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Searches the unit files of the user and of the system (systemd.unit(5), "Unit File Load Path") for services
/// of a tool that Lamplighter did not create, running or not. Read only. It is long because one pass over the files
/// answers all questions.
final class UnitFileIndex {

    private static final String SUFFIX = ".service";
    private static final String DROP_INS = ".d";
    private static final List<String> PULLING = List.of(".wants", ".requires", ".upholds");

    /// Keys that our files have too, or that do not change how the program runs.
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

    private static final Pattern SECONDS = Pattern.compile("(\\d{1,5}) ?(s|sec|seconds?)?");

    /// How long a snapshot is used: a run over many tools reads the files once.
    private static final long FRESH = 1_000_000_000L;

    private final Path home;
    private final UnitExpander expander;
    private final List<Path> users;
    private final List<Path> systems;
    private final ProcessTable processTable;
    private Optional<IndexSnapshot> last = Optional.empty();

    UnitFileIndex(AppDirectories directories, ProcessTable processTable) {
        this(
                directories.home(),
                directories.runtime(),
                Stream.of(
                                Stream.of(
                                        directories.configHome().resolve("systemd/user"), Path.of("/etc/systemd/user")),
                                directories.runtime().stream()
                                        .flatMap(folder -> Stream.of(
                                                folder.resolve("systemd/user"), folder.resolve("systemd/generator"))),
                                Stream.of(directories.dataHome().resolve("systemd/user")),
                                paths(
                                        "/run/systemd/user",
                                        "/usr/local/share/systemd/user",
                                        "/usr/share/systemd/user",
                                        "/usr/local/lib/systemd/user",
                                        "/usr/lib/systemd/user"),
                                directories.runtime().map(folder -> folder.resolve("systemd/generator.late")).stream())
                        .flatMap(stream -> stream)
                        .toList(),
                paths(
                                "/etc/systemd/system",
                                "/run/systemd/system",
                                "/usr/local/lib/systemd/system",
                                "/usr/lib/systemd/system",
                                "/lib/systemd/system")
                        .toList(),
                processTable);
    }

    /// @param users the directories of user units, in order of priority
    /// @param systems the directories of system units
    UnitFileIndex(Path home, Optional<Path> runtime, List<Path> users, List<Path> systems, ProcessTable processTable) {
        this.home = home;
        this.expander = new UnitExpander(home, runtime);
        this.users = users;
        this.systems = systems;
        this.processTable = processTable;
    }

    private static Stream<Path> paths(String... names) {
        return Stream.of(names).map(Path::of);
    }

    /// The units not created by Lamplighter that run a tool: enabled ones first, the user's before the
    /// system's. A unit runs a tool if its file says so, or if a process of the tool is in its control group:
    /// behind a wrapper script, no file tells what is started.
    List<ForeignUnit> of(Install install) {
        IndexSnapshot indexSnapshot = indexSnapshot();
        return indexSnapshot.answers().computeIfAbsent(install, _ -> {
            CommandLineMatcher tool = new CommandLineMatcher(install, indexSnapshot.paths());
            Map<String, ForeignUnit> units = new LinkedHashMap<>();
            indexSnapshot.units().stream()
                    .filter(found -> !found.isTemplate())
                    .flatMap(found -> unit(found, tool, indexSnapshot.paths()).stream())
                    .forEach(unit -> units.put(unit.unit(), unit));
            for (ProcessTable.Running process : indexSnapshot.processes().from(install.environment())) {
                owner(process, install, indexSnapshot)
                        .filter(found -> !units.containsKey(found.unit()))
                        .map(found -> unit(found, tool, indexSnapshot.paths()).orElseGet(() -> wrapped(found)))
                        .ifPresent(unit -> units.put(unit.unit(), unit));
            }
            return units.values().stream()
                    .sorted(Comparator.comparing((ForeignUnit unit) -> !unit.enabled())
                            .thenComparing(ForeignUnit::isOfTheSystem)
                            .thenComparing(ForeignUnit::unit))
                    .toList();
        });
    }

    /// The unit in whose control group a process of the tool is; empty for our own units, and for a process that a
    /// program in that unit started, such as a terminal.
    private Optional<Found> owner(ProcessTable.Running process, Install install, IndexSnapshot indexSnapshot) {
        String program = "/" + install.program().getFileName();
        if (install.installer() == InstallerKind.VENV && !process.command().contains(program)) {
            return Optional.empty(); // another tool of the same environment
        }
        boolean system = process.controlGroup().contains("/system.slice/");
        return ProcessOrigin.of(processTable.origin(process.pid()))
                .unit()
                .flatMap(name -> indexSnapshot.units().stream()
                        .filter(found -> found.system() == system)
                        .filter(found -> found.name().equals(name) || found.isTemplateOf(name))
                        .max(Comparator.comparing(found -> found.name().equals(name)))
                        .map(found -> found.name().equals(name) ? found : found.instance(name)));
    }

    /// A unit of whose file only the process that it started tells that it runs the tool.
    private ForeignUnit wrapped(Found found) {
        ParsedUnit parsed = parse(found.text(), found.additions(), found.system(), found.instance());
        String starts = parsed.commands().stream()
                .findFirst()
                .flatMap(command -> command.argv().stream().findFirst())
                .orElse("another program");
        return unit(
                found,
                parsed,
                new CommandLineMatcher.Use(
                        List.of(), Optional.of("It starts the tool through %s.".formatted(shortened(starts)))),
                true);
    }

    private String shortened(String path) {
        return path.startsWith(home + "/")
                ? "~" + path.substring(home.toString().length())
                : path;
    }

    /// The command line of a user unit with this text; empty if it has none or several, or one with unknown
    /// variables.
    List<String> command(String unit, String text, List<Path> additions) {
        String instance =
                unit.contains("@") ? unit.substring(unit.indexOf('@') + 1, unit.length() - SUFFIX.length()) : "";
        List<UnitExpander.Command> commands =
                parse(text, additions, false, instance).commands();
        return commands.size() == 1 && commands.getFirst().complete()
                ? commands.getFirst().argv()
                : List.of();
    }

    /// The links by which other units want a user unit (systemd.unit(5), `.wants/`, `.requires/`, `.upholds/`).
    List<Path> links(String unit) {
        return users.stream()
                .flatMap(folder -> names(folder).stream()
                        .filter(name -> PULLING.stream().anyMatch(name::endsWith))
                        .map(folder::resolve))
                .map(folder -> folder.resolve(unit))
                .filter(link -> Files.exists(link, LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /// The units that want a user unit by a link.
    List<String> wantedBy(String unit) {
        return links(unit).stream()
                .map(link -> String.valueOf(AtomicFile.folderOf(link).getFileName()))
                .map(folder -> folder.substring(0, folder.lastIndexOf('.')))
                .distinct()
                .toList();
    }

    /// The autostart entry that a generated unit was made from (systemd-xdg-autostart-generator(8)).
    Optional<Path> source(Optional<Path> unitFile) {
        return unitFile.filter(file -> file.toString().contains("/generator"))
                .map(UnitFileIndex::read)
                .flatMap(text -> UnitFileParser.of(List.of(text)).last("Unit.SourcePath"))
                .flatMap(UnitFileIndex::absolute);
    }

    /// Discards the snapshot, because a file was changed.
    synchronized void forget() {
        last = Optional.empty();
    }

    /// The units at one moment, with the results for each tool, because several checks need the same.
    private record IndexSnapshot(
            long at,
            List<Found> units,
            RealPathCache paths,
            ProcessTable processes,
            Map<Install, List<ForeignUnit>> answers) {}

    /// A unit file with its drop-ins. Of hundreds of units one or two run a tool, so the rest of the file is
    /// parsed on demand.
    ///
    /// @param instance the value of `%i`
    /// @param commands the commands that it may run, perhaps also one that the file resets
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

        /// A template starts nothing itself.
        boolean isTemplate() {
            return name.endsWith("@" + SUFFIX);
        }

        boolean isTemplateOf(String unit) {
            return isTemplate() && unit.startsWith(prefix()) && unit.length() > name.length();
        }

        private String prefix() {
            return name.substring(0, name.length() - SUFFIX.length());
        }

        /// An instance that was started without being enabled.
        Found instance(String unit) {
            String value = unit.substring(prefix().length(), unit.length() - SUFFIX.length());
            return new Found(unit, value, file, additions, false, system, text, List.of());
        }
    }

    /// A parsed unit with its drop-ins.
    private record ParsedUnit(
            UnitFileParser text, Map<String, String> environment, List<UnitExpander.Command> commands) {}

    private synchronized IndexSnapshot indexSnapshot() {
        Optional<IndexSnapshot> fresh = last.filter(indexSnapshot -> System.nanoTime() - indexSnapshot.at() < FRESH);
        if (fresh.isPresent()) {
            return fresh.get();
        }
        RealPathCache paths = new RealPathCache();
        List<Found> all = new ArrayList<>(search(users, false, paths));
        all.addAll(search(systems, true, paths));
        IndexSnapshot indexSnapshot =
                new IndexSnapshot(System.nanoTime(), all, paths, processTable.snapshot(), new ConcurrentHashMap<>());
        last = Optional.of(indexSnapshot);
        return indexSnapshot;
    }

    private List<Found> search(List<Path> folders, boolean system, RealPathCache paths) {
        Map<String, Path> files = new LinkedHashMap<>();
        // Collected once: a search for each of hundreds of units and prefixes in all directories is slow.
        Map<String, List<Path>> dropIns = new HashMap<>();
        Set<String> wanted = new HashSet<>();
        for (Path folder : folders) {
            for (String name : names(folder)) {
                if (name.endsWith(SUFFIX)) {
                    files.computeIfAbsent(name, folder::resolve);
                } else if (PULLING.stream().anyMatch(name::endsWith)) {
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
                found.add(new Found(name, "", file, List.of(), false, system, text.get(), List.of()));
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
                parse(text, additions, system, instance).commands().stream().map(UnitExpander.Command::argv);
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

    private ParsedUnit parse(String text, List<Path> additions, boolean system, String instance) {
        UnitFileParser parsed = UnitFileParser.of(
                Stream.concat(Stream.of(text), additions.stream().map(UnitFileIndex::read))
                        .toList());
        Map<String, String> environment = new TreeMap<>();
        parsed.all("Service.Environment")
                .forEach(value -> UnitFileParser.words(expander.specifiers(value, system, instance)).stream()
                        .filter(word -> word.indexOf('=') > 0)
                        .forEach(word -> environment.put(
                                word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1))));
        List<UnitExpander.Command> commands = parsed.all("Service.ExecStart").stream()
                .map(command -> expander.command(command, system, instance, environment))
                .toList();
        return new ParsedUnit(parsed, environment, commands);
    }

    /// The text of a unit file; empty for an alias, a masked unit, and a file of ours.
    private static Optional<String> text(Path file, String name, List<Path> folders) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isSymbolicLink() ? isAlias(file, name, folders) : !attributes.isRegularFile()) {
                return Optional.empty();
            }
            return Optional.of(attributes.isSymbolicLink() ? read(file) : content(file))
                    .filter(text -> !text.isBlank() && !UnitFileRenderer.isOurs(text));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// An alias is a link to a unit inside these directories (systemd.unit(5), `Alias=`).
    private static boolean isAlias(Path file, String name, List<Path> folders) {
        try {
            Path target = file.toRealPath();
            return !String.valueOf(target.getFileName()).equals(name)
                    && folders.stream().anyMatch(folder -> target.startsWith(folder));
        } catch (IOException e) {
            return true;
        }
    }

    /// The drop-ins of all directories, one for each file name, in the order of the names.
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

    private Optional<ForeignUnit> unit(Found found, CommandLineMatcher tool, RealPathCache paths) {
        boolean prepared = !found.commands().isEmpty();
        if (prepared && found.commands().stream().allMatch(line -> tool.in(line).isEmpty())) {
            return Optional.empty();
        }
        ParsedUnit parsedUnit = parse(found.text(), found.additions(), found.system(), found.instance());
        for (UnitExpander.Command command : parsedUnit.commands()) {
            Optional<CommandLineMatcher.Use> use = tool.in(CommandLineMatcher.Line.of(command.argv(), paths));
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
        Optional<Path> autostart = source(Optional.of(found.file()));
        Optional<String> obstacle = autostart
                .map(entry -> "It comes from the autostart entry %s.".formatted(shortened(entry.toString())))
                .or(use::obstacle)
                .or(() -> complete
                        ? Optional.empty()
                        : Optional.of("Its arguments use variables that the service file doesn't set."))
                .or(() -> SIMPLE.contains(type)
                        ? Optional.empty()
                        : Optional.of(
                                "Its type is `%s`, but Lamplighter only supports programs that stay in the foreground."
                                        .formatted(type)))
                .or(() -> text.all("Service.ExecStart").size() > 1
                        ? Optional.of("It runs several programs.")
                        : Optional.empty())
                .or(() -> files.size() > 1 ? Optional.of("It has several environment files.") : Optional.empty());
        environment.remove("PATH");
        return new ForeignUnit(
                found.unit(),
                found.file(),
                found.additions(),
                found.enabled(),
                use.arguments(),
                environment,
                text.last("Service.WorkingDirectory")
                        .map(value -> expander.specifiers(value, found.system(), found.instance())
                                .replaceFirst("^-", "")
                                .replaceFirst("^~$", home.toString()))
                        .flatMap(UnitFileIndex::absolute),
                files.stream()
                        .findFirst()
                        .map(value -> expander.specifiers(value, found.system(), found.instance())
                                .replaceFirst("^-", ""))
                        .flatMap(UnitFileIndex::absolute),
                text.last("Service.KillMode"),
                seconds(text.last("Service.TimeoutStopSec")),
                obstacle,
                autostart,
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

    /// The names in a directory, sorted. Uses `File`, which needs one system call for many names.
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

    /// Malformed UTF-8 (usually in a comment) is replaced; the rest of the file is still read.
    private static String content(Path file) throws IOException {
        try (InputStream in = new FileInputStream(file.toFile())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
