package io.github.lamplighter.tool;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.installer.Origin;
import io.github.lamplighter.installer.Provenance;
import io.github.lamplighter.text.Evidence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What Lamplighter cannot detect about a tool: `tools/NAME.json` (docs/manifest.md), with `~` resolved. It has
/// as many components as the file has keys.
///
/// @param dataSetBy the options and variables that set where data are ([DataPlaces])
public record Manifest(
        ToolName name,
        Expected expected,
        Install install,
        String command,
        Optional<Service> service,
        Optional<Endpoint> endpoint,
        Requires requires,
        List<Path> settings,
        Optional<List<Path>> declaredData,
        Map<String, Optional<Path>> dataSetBy,
        List<String> smoke,
        Optional<Tls> tls,
        List<Auth> auth,
        Optional<Sessions> sessions,
        Optional<ToolDoctor> doctor) {

    public Manifest {
        settings = List.copyOf(settings);
        declaredData = declaredData.map(List::copyOf);
        dataSetBy = Map.copyOf(dataSetBy);
        smoke = List.copyOf(smoke);
        auth = List.copyOf(auth);
    }

    /// A manifest that says nothing about data if it names none.
    public Manifest(
            ToolName name,
            Expected expected,
            Install install,
            String command,
            Optional<Service> service,
            Optional<Endpoint> endpoint,
            Requires requires,
            List<Path> settings,
            List<Path> data,
            List<String> smoke,
            Optional<Tls> tls,
            List<Auth> auth,
            Optional<Sessions> sessions,
            Optional<ToolDoctor> doctor) {
        this(
                name,
                expected,
                install,
                command,
                service,
                endpoint,
                requires,
                settings,
                Optional.of(data).filter(paths -> !paths.isEmpty()),
                Map.of(),
                smoke,
                tls,
                auth,
                sessions,
                doctor);
    }

    /// A manifest without certificate, sign-in, sessions and doctor command.
    public Manifest(
            ToolName name,
            Expected expected,
            Install install,
            String command,
            Optional<Service> service,
            Optional<Endpoint> endpoint,
            Requires requires,
            List<Path> settings,
            List<Path> data,
            List<String> smoke) {
        this(
                name,
                expected,
                install,
                command,
                service,
                endpoint,
                requires,
                settings,
                data,
                smoke,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    /// A copy with another service.
    public Manifest with(Service other) {
        return new Manifest(
                name,
                expected,
                install,
                command,
                Optional.of(other),
                endpoint,
                requires,
                settings,
                declaredData,
                dataSetBy,
                smoke,
                tls,
                auth,
                sessions,
                doctor);
    }

    /// The same manifest with another endpoint.
    public Manifest with(Optional<Endpoint> other) {
        return new Manifest(
                name,
                expected,
                install,
                command,
                service,
                other,
                requires,
                settings,
                declaredData,
                dataSetBy,
                smoke,
                tls,
                auth,
                sessions,
                doctor);
    }

    /// The same manifest with other data; empty if they are unknown.
    public Manifest withData(Optional<List<Path>> other) {
        return new Manifest(
                name, expected, install, command, service, endpoint, requires, settings, other, dataSetBy, smoke, tls,
                auth, sessions, doctor);
    }

    /// The files and folders that an upgrade backs up; none if it has none, and if that is unknown.
    public List<Path> data() {
        return declaredData.orElse(List.of());
    }

    /// What the tool should do.
    public enum Expected {
        RUNNING("running"),
        ON_DEMAND("on-demand"),
        COMMAND("command");

        private final String word;

        Expected(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /// @param environment the package manager's folder of this installation
    /// @param program the stable launcher, absolute
    /// @param manager the package manager's program, absolute, recorded at `add`
    /// @param variables the package manager's environment variables at `add` (`npm_config_*`, `PIP_*`), without
    ///     credentials
    /// @param origin the source according to the user, if the package manager does not record it
    public record Install(
            InstallerKind installer,
            String packageName,
            Path environment,
            Path program,
            Optional<Path> manager,
            Map<String, String> variables,
            Optional<String> origin) {
        public Install {
            variables = Map.copyOf(variables);
        }

        /// An installation with a recorded origin.
        public Install(
                InstallerKind installer,
                String packageName,
                Path environment,
                Path program,
                Optional<Path> manager,
                Map<String, String> variables) {
            this(installer, packageName, environment, program, manager, variables, Optional.empty());
        }

        /// The provenance on disk with the declared origin: npm treats an installed package from a git
        /// repository or an archive like one from the index, and an upgrade from the index would replace it
        /// with another program.
        public Provenance withDeclaredOrigin(Provenance found) {
            if (origin.isEmpty() || !(found.origin() instanceof Origin.Index)) {
                return found;
            }
            List<Evidence> evidence = new ArrayList<>(found.evidence());
            evidence.add(new Evidence("manifest", "source: " + origin.get()));
            return new Provenance(
                    found.installer(),
                    found.packageName(),
                    found.environment(),
                    found.program(),
                    found.version(),
                    new Origin.Unknown(
                            "You set the origin %s; %s doesn't record which version that was."
                                    .formatted(origin.get(), found.installer().word()),
                            Origin.Unknown.Cause.NOT_FOLLOWED),
                    found.runtime(),
                    evidence);
        }
    }

    /// @param arguments after the program
    /// @param inherit environment variables to copy from the login shell
    /// @param unit an existing systemd user unit to manage
    /// @param label an existing launchd agent to manage
    /// @param refresh arguments that make the tool rewrite its own service file; empty if it cannot
    public record Service(
            List<String> arguments,
            Map<String, String> environment,
            List<String> inherit,
            Optional<String> killMode,
            int stopTimeoutSeconds,
            Optional<Path> workingDirectory,
            Optional<Path> environmentFile,
            Optional<String> unit,
            Optional<String> label,
            List<String> refresh) {
        public Service {
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
            inherit = List.copyOf(inherit);
            refresh = List.copyOf(refresh);
        }

        /// The names of its environment variables, without those of the environment file.
        public List<String> variableNames() {
            return Stream.concat(environment.keySet().stream(), inherit.stream())
                    .toList();
        }

        /// A copy with the name of a systemd unit.
        public Service withUnit(String name) {
            return named(Optional.of(name), label);
        }

        /// A copy with a launchd label.
        public Service withLabel(String name) {
            return named(unit, Optional.of(name));
        }

        private Service named(Optional<String> newUnit, Optional<String> newLabel) {
            return new Service(
                    arguments,
                    environment,
                    inherit,
                    killMode,
                    stopTimeoutSeconds,
                    workingDirectory,
                    environmentFile,
                    newUnit,
                    newLabel,
                    refresh);
        }

        /// A service whose file the tool does not write.
        public Service(
                List<String> arguments,
                Map<String, String> environment,
                List<String> inherit,
                Optional<String> killMode,
                int stopTimeoutSeconds,
                Optional<Path> workingDirectory,
                Optional<Path> environmentFile,
                Optional<String> unit) {
            this(
                    arguments,
                    environment,
                    inherit,
                    killMode,
                    stopTimeoutSeconds,
                    workingDirectory,
                    environmentFile,
                    unit,
                    Optional.empty(),
                    List.of());
        }
    }

    /// @param url `http:`, `https:`, `tcp:host:port` or `unix:/path`, with the port from `port` if that can be
    ///     read
    /// @param expect the status codes that mean ready; empty means below 500
    /// @param version where the endpoint returns the running version, if anywhere
    /// @param proxied whether another program may listen on the port
    /// @param port where the tool's settings contain the port
    public record Endpoint(
            String url,
            List<Integer> expect,
            Optional<JsonAnswer> version,
            Optional<Identity> identity,
            boolean proxied,
            int readyTimeoutSeconds,
            Optional<PortSetting> port) {
        public Endpoint {
            expect = List.copyOf(expect);
        }

        /// An endpoint with its port in the URL.
        public Endpoint(
                String url,
                List<Integer> expect,
                Optional<JsonAnswer> version,
                Optional<Identity> identity,
                boolean proxied,
                int readyTimeoutSeconds) {
            this(url, expect, version, identity, proxied, readyTimeoutSeconds, Optional.empty());
        }

        /// The same at another address.
        public Endpoint at(String otherUrl) {
            return new Endpoint(otherUrl, expect, version, identity, proxied, readyTimeoutSeconds, port);
        }
    }

    /// A port in a JSON file of the tool.
    ///
    /// @param pointer an RFC 6901 JSON pointer to a number or its digits
    /// @param writtenUrl the URL in the manifest, with the port to use if the file has none
    public record PortSetting(Path file, String pointer, String writtenUrl) {}

    /// @param path appended to the endpoint's URL
    /// @param pointer an RFC 6901 JSON pointer into the response
    public record JsonAnswer(String path, String pointer) {}

    /// The value that identifies the process of this installation.
    public record Identity(String path, String pointer, Path file, String filePointer) {}

    /// @param runtime the supported versions of the runtime, if the package does not declare them
    public record Requires(Optional<String> runtime, List<RequiredProgram> programs) {
        public Requires {
            programs = List.copyOf(programs);
        }
    }

    /// @param version a range such as `>=3.2`, if any
    /// @param versionArguments arguments that print the version; empty means `--version`
    /// @param hints the install command for each system (`debian`, `macos`, …)
    public record RequiredProgram(
            String name, Optional<String> version, List<String> versionArguments, Map<String, String> hints) {
        public RequiredProgram {
            versionArguments = List.copyOf(versionArguments);
            hints = Map.copyOf(hints);
        }
    }

    /// The certificate of its server: a PEM file.
    public record Tls(Path certificate) {}

    /// How users sign in. The secret itself is never read into a manifest, a report or a log.
    public sealed interface Auth {

        /// A file that contains the secret.
        record SecretFile(Path file) implements Auth {}

        /// An environment variable of its service that contains the secret.
        record Variable(String name) implements Auth {}
    }

    /// How to count the open sessions that an interruption would close.
    public sealed interface Sessions {

        /// Counted from the output of a command.
        ///
        /// @param command an argument list; its first word is absolute after the user accepted it
        record FromCommand(List<String> command, Count count) implements Sessions {
            public FromCommand {
                command = List.copyOf(command);
            }
        }

        /// A number or the length of a list in a response of the endpoint.
        record FromEndpoint(JsonAnswer answer) implements Sessions {}
    }

    /// How to count in the output of a command.
    public enum Count {
        /// Each non-blank line is one.
        LINES("lines");

        private final String word;

        Count(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /// The tool's own doctor command.
    ///
    /// @param command an argument list; its first word is absolute after the user accepted it
    public record ToolDoctor(List<String> command, Format format) {
        public ToolDoctor {
            command = List.copyOf(command);
        }
    }

    /// The output format of a tool's own doctor.
    public enum Format {
        /// Lines starting with `✓`, `✗` or `!`.
        MARKS("marks"),
        /// One JSON object with `findings[]`, each with `severity` and `title` as in Lamplighter's own reports.
        JSON("json");

        private final String word;

        Format(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
