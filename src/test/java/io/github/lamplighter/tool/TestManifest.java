package io.github.lamplighter.tool;

import io.github.lamplighter.installer.InstallerKind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A manifest of a test: it names what the test is about, and the rest is as small as it can be.
public final class TestManifest {

    private final Manifest.Install install;

    private ToolName name;
    private Manifest.Expected expected = Manifest.Expected.RUNNING;
    private boolean service;
    private List<String> arguments = List.of();
    private Map<String, String> environment = Map.of();
    private List<String> inherit = List.of();
    private Optional<String> killMode = Optional.empty();
    private int stopSeconds = 3;
    private Optional<Path> workingDirectory = Optional.empty();
    private Optional<Path> environmentFile = Optional.empty();
    private Optional<Manifest.Endpoint> endpoint = Optional.empty();
    private List<Manifest.RequiredProgram> programs = List.of();
    private List<Path> settings = List.of();
    private Optional<List<Path>> data = Optional.empty();
    private final Map<String, Optional<Path>> dataSetBy = new HashMap<>();
    private List<String> smoke = List.of();
    private Optional<Manifest.Tls> tls = Optional.empty();
    private List<Manifest.Auth> auth = List.of();
    private Optional<Manifest.Sessions> sessions = Optional.empty();
    private Optional<Manifest.ToolDoctor> doctor = Optional.empty();

    /// A tool whose command and package have the same name.
    public TestManifest(Manifest.Install install) {
        this.install = install;
        this.name = new ToolName(install.packageName());
    }

    public TestManifest(InstallerKind installer, String name, Path environment, Path program) {
        this(new Manifest.Install(installer, name, environment, program, Optional.empty(), Map.of()));
    }

    public TestManifest named(String other) {
        name = new ToolName(other);
        return this;
    }

    public TestManifest expected(Manifest.Expected value) {
        expected = value;
        return this;
    }

    /// Has a service, which starts the program with these arguments.
    public TestManifest service(List<String> words) {
        service = true;
        arguments = words;
        return this;
    }

    public TestManifest variables(Map<String, String> variables) {
        environment = variables;
        return this;
    }

    public TestManifest inherit(List<String> names) {
        inherit = names;
        return this;
    }

    public TestManifest killMode(Optional<String> mode) {
        killMode = mode;
        return this;
    }

    public TestManifest stopSeconds(int seconds) {
        stopSeconds = seconds;
        return this;
    }

    public TestManifest workingDirectory(Path folder) {
        workingDirectory = Optional.of(folder);
        return this;
    }

    public TestManifest environmentFile(Optional<Path> file) {
        environmentFile = file;
        return this;
    }

    public TestManifest endpoint(Manifest.Endpoint value) {
        endpoint = Optional.of(value);
        return this;
    }

    /// Answers at this address, at the latest after so many seconds.
    public TestManifest url(String url, int readySeconds) {
        return endpoint(new Manifest.Endpoint(url, List.of(), Optional.empty(), Optional.empty(), false, readySeconds));
    }

    public TestManifest requires(List<Manifest.RequiredProgram> required) {
        programs = required;
        return this;
    }

    public TestManifest settings(List<Path> files) {
        settings = files;
        return this;
    }

    public TestManifest data(Path... paths) {
        data = Optional.of(Arrays.asList(paths)).filter(named -> !named.isEmpty());
        return this;
    }

    /// @param folder what the option or variable names by default
    public TestManifest dataSetBy(String name, Path folder) {
        dataSetBy.put(name, Optional.of(folder));
        return this;
    }

    /// Its author says that it has no data.
    public TestManifest hasNoData() {
        data = Optional.of(List.of());
        return this;
    }

    public TestManifest smoke(String... words) {
        smoke = Arrays.asList(words);
        return this;
    }

    public TestManifest tls(Optional<Manifest.Tls> value) {
        tls = value;
        return this;
    }

    public TestManifest auth(List<Manifest.Auth> ways) {
        auth = ways;
        return this;
    }

    /// Counts its sessions by the lines that a command prints.
    public TestManifest sessions(String... command) {
        sessions = Optional.of(new Manifest.Sessions.FromCommand(List.of(command), Manifest.Count.LINES));
        return this;
    }

    public TestManifest doctor(Optional<Manifest.ToolDoctor> value) {
        doctor = value;
        return this;
    }

    public Manifest build() {
        return new Manifest(
                name,
                expected,
                install,
                install.packageName(),
                service
                        ? Optional.of(new Manifest.Service(
                                arguments,
                                environment,
                                inherit,
                                killMode,
                                stopSeconds,
                                workingDirectory,
                                environmentFile,
                                Optional.empty()))
                        : Optional.empty(),
                endpoint,
                new Manifest.Requires(Optional.empty(), programs),
                settings,
                data,
                dataSetBy,
                smoke,
                tls,
                auth,
                sessions,
                doctor);
    }
}
