package io.github.lamplighter.tool;

import io.github.lamplighter.file.RealPathCache;
import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.tool.Manifest.Install;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Recognizes command lines that run a tool: by its launcher or links to it, by a script with the tool's
/// interpreter in its first line, or through `python -m`, `node SCRIPT`, `env` or a shell.
public final class CommandLineMatcher {

    private static final Pattern INTERPRETER = Pattern.compile("(python|pypy)[0-9.]*|node|nodejs");
    private static final Pattern SHELL = Pattern.compile("sh|bash|dash|zsh|ksh|fish");
    private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=.*");

    /// Options of interpreters with a value in the next word.
    private static final List<String> WITH_VALUE = List.of("-X", "-W", "-r", "--require", "--import");
    private static final String SHELL_SYNTAX = ";|&<>$`(){}*?~#\n";
    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");
    private static final int LINE = 256;
    private static final int SCRIPT = 32 * 1024;
    private static final List<Path> OF_THE_SYSTEM =
            List.of(Path.of("/usr"), Path.of("/bin"), Path.of("/sbin"), Path.of("/lib"), Path.of("/snap"));

    private final Install install;
    private final RealPathCache paths;
    private final Path environment;
    private final Optional<Path> program;
    private final String environmentName;
    private final String programName;
    private final Optional<String> programPlace;

    /// @param paths the cache of the current pass
    public CommandLineMatcher(Install install, RealPathCache paths) {
        this.install = install;
        this.paths = paths;
        this.environment = paths.of(install.environment()).orElse(install.environment());
        this.program = paths.of(install.program());
        this.environmentName = environment.toString();
        this.programName = base(install.program().toString());
        this.programPlace = program.map(Path::toString);
    }

    /// @param arguments after the tool's program
    /// @param obstacle why the command line cannot be expressed as launcher and arguments, as a sentence
    public record Use(List<String> arguments, Optional<String> obstacle) {}

    /// A command line prepared for matching against many tools.
    ///
    /// @param direct whether its first word is the program itself: no interpreter, shell or `env`
    /// @param real the real path of that program
    /// @param script the text of the script that it runs, unless the system installed that
    public record Line(List<String> argv, boolean direct, String name, Optional<String> real, Optional<String> script) {

        public Line {
            argv = List.copyOf(argv);
        }

        /// @param paths the cache of the current pass
        public static Line of(List<String> argv, RealPathCache paths) {
            if (argv.isEmpty()) {
                return new Line(argv, true, "", Optional.empty(), Optional.empty());
            }
            String name = base(argv.getFirst());
            boolean direct = !name.equals("env")
                    && !SHELL.matcher(name).matches()
                    && !INTERPRETER.matcher(name).matches();
            Optional<String> script = Optional.of(
                            SHELL.matcher(name).matches() && argv.size() > 1 ? argv.get(1) : argv.getFirst())
                    .flatMap(CommandLineMatcher::path)
                    .flatMap(paths::of)
                    .flatMap(Line::script);
            return new Line(
                    argv, direct, name, path(argv.getFirst()).flatMap(paths::of).map(Path::toString), script);
        }

        private static Optional<String> script(Path file) {
            if (OF_THE_SYSTEM.stream().anyMatch(file::startsWith) || !Files.isRegularFile(file)) {
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(file)) {
                String text = new String(in.readNBytes(SCRIPT), StandardCharsets.ISO_8859_1);
                return Optional.of(text).filter(start -> start.startsWith("#!"));
            } catch (IOException e) {
                return Optional.empty();
            }
        }
    }

    /// Like the other method, but faster for the many lines that have nothing to do with the tool.
    public Optional<Use> in(Line line) {
        boolean near = !line.direct()
                || line.real().isEmpty()
                || line.name().equals(programName)
                || line.real().get().startsWith(environmentName)
                || line.real().equals(programPlace);
        return (near ? in(line.argv()) : Optional.<Use>empty())
                .or(() -> line.script()
                        .filter(this::startsProgram)
                        .map(_ -> new Use(
                                List.of(),
                                Optional.of("It starts the tool through %s."
                                        .formatted(line.argv().getFirst())))));
    }

    /// Whether a script mentions the launcher, by its path or the path that it leads to.
    private boolean startsProgram(String script) {
        return script.contains(install.program().toString())
                || programPlace.filter(script::contains).isPresent();
    }

    public Optional<Use> in(List<String> argv) {
        if (argv.isEmpty()) {
            return Optional.empty();
        }
        String name = base(argv.getFirst());
        List<String> rest = argv.subList(1, argv.size());
        if (name.equals("env")) {
            int at = 0;
            while (at < rest.size()
                    && (rest.get(at).startsWith("-")
                            || ASSIGNMENT.matcher(rest.get(at)).matches())) {
                at++;
            }
            boolean more = at > 0;
            return in(rest.subList(at, rest.size()))
                    .map(use -> more ? hindered(use, "It runs through `env` with other settings.") : use);
        }
        if (SHELL.matcher(name).matches()) {
            return throughShell(rest);
        }
        if (INTERPRETER.matcher(name).matches()) {
            return interpreted(argv.getFirst(), rest);
        }
        return isProgram(argv.getFirst())
                ? Optional.of(new Use(rest, Optional.empty()))
                : another(argv.getFirst(), rest);
    }

    /// Another program of the same package, which is not the tool's command.
    private Optional<Use> another(String word, List<String> rest) {
        return !isShared() && lies(word)
                ? Optional.of(new Use(
                        rest,
                        Optional.of("It runs %s, not %s."
                                .formatted(base(word), install.program().getFileName()))))
                : Optional.empty();
    }

    private Optional<Use> interpreted(String interpreter, List<String> words) {
        int at = 0;
        while (at < words.size() && words.get(at).startsWith("-")) {
            String option = words.get(at);
            if (option.equals("-m") && at + 1 < words.size()) {
                return module(interpreter, words.get(at + 1), words.subList(at + 2, words.size()));
            }
            at += WITH_VALUE.contains(option) ? 2 : 1;
        }
        if (at >= words.size()) {
            return Optional.empty();
        }
        List<String> rest = words.subList(at + 1, words.size());
        return isProgram(words.get(at)) ? Optional.of(new Use(rest, Optional.empty())) : another(words.get(at), rest);
    }

    private Optional<Use> module(String interpreter, String module, List<String> rest) {
        if (!beside(interpreter)) {
            return Optional.empty();
        }
        String root = normal(module.replaceFirst("\\..*", ""));
        boolean tools = root.equals(normal(programName)) || root.equals(normal(install.packageName()));
        if (tools) {
            return Optional.of(new Use(rest, Optional.empty()));
        }
        return isShared()
                ? Optional.empty()
                : Optional.of(new Use(
                        rest,
                        Optional.of("It runs the module %s, not %s."
                                .formatted(module, install.program().getFileName()))));
    }

    private Optional<Use> throughShell(List<String> words) {
        int at = 0;
        while (at < words.size()
                && words.get(at).startsWith("-")
                && !words.get(at).matches("-[a-z]*c")) {
            at++;
        }
        if (at + 1 >= words.size() || !words.get(at).startsWith("-")) {
            return Optional.empty();
        }
        String line = words.get(at + 1);
        List<String> simple = new ArrayList<>(words(line));
        if (!simple.isEmpty() && simple.getFirst().equals("exec")) {
            simple.removeFirst();
        }
        if (line.chars().noneMatch(c -> SHELL_SYNTAX.indexOf(c) >= 0)) {
            return in(simple);
        }
        return simple.stream().anyMatch(this::isProgram)
                ? Optional.of(new Use(List.of(), Optional.of("It runs through a shell together with other commands.")))
                : Optional.empty();
    }

    private static Use hindered(Use use, String why) {
        return new Use(use.arguments(), use.obstacle().or(() -> Optional.of(why)));
    }

    /// The tool's command: its launcher by any name, or a script of the same name with its interpreter.
    private boolean isProgram(String word) {
        Optional<Path> path = path(word).flatMap(paths::of);
        if (path.isEmpty()) {
            // A missing launcher still matches by its path.
            return path(word).filter(install.program()::equals).isPresent();
        }
        return path.equals(program) || (base(word).equals(programName) && (lies(word) || namesInterpreter(path.get())));
    }

    /// Whether its real path is in the environment.
    private boolean lies(String word) {
        return path(word)
                .flatMap(paths::of)
                .filter(path -> path.startsWith(environment))
                .isPresent();
    }

    /// An interpreter of the environment is a link out of it, so the folder of the link counts.
    private boolean beside(String interpreter) {
        return path(interpreter)
                .flatMap(path -> Optional.ofNullable(path.getParent()))
                .flatMap(paths::of)
                .filter(folder -> folder.startsWith(environment))
                .isPresent();
    }

    /// Whether the first line of a copied launcher contains an interpreter of the environment.
    private boolean namesInterpreter(Path script) {
        try (InputStream in = Files.newInputStream(script)) {
            String head = new String(in.readNBytes(LINE), StandardCharsets.ISO_8859_1);
            return head.startsWith("#!")
                    && words(head.substring(2).lines().findFirst().orElse("")).stream()
                            .anyMatch(this::beside);
        } catch (IOException e) {
            return false;
        }
    }

    /// A plain virtual environment may contain several tools; those of uv and pipx, and npm's folders, contain
    /// one.
    private boolean isShared() {
        return install.installer() == InstallerKind.VENV;
    }

    /// Split at white space outside of quotes.
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group().replaceAll("[\"']", ""));
        }
        return words;
    }

    private static String normal(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
    }

    private static String base(String word) {
        return word.substring(word.lastIndexOf('/') + 1);
    }

    private static Optional<Path> path(String word) {
        try {
            return word.startsWith("/") ? Optional.of(Path.of(word).normalize()) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
