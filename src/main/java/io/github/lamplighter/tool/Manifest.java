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

/// What cannot be detected about a tool: `tools/NAME.json` (docs/manifest.md), with `~` already resolved.
public record Manifest(
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

    public Manifest {
        settings = List.copyOf(settings);
        data = List.copyOf(data);
        smoke = List.copyOf(smoke);
        auth = List.copyOf(auth);
    }

    /// A manifest that says nothing of certificates, sign-in, sessions and a doctor of the tool's own.
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

    /// The same with another service.
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
                data,
                smoke,
                tls,
                auth,
                sessions,
                doctor);
    }

    /// What the user wants of the tool.
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

    /// @param environment the folder that the installer owns
    /// @param program the stable launcher, absolute
    /// @param manager the package manager's own program, absolute, recorded at `add`
    /// @param variables the package manager's variables at `add` (`npm_config_*`, `PIP_*`), without credentials
    /// @param origin where the user says that it came from, for package managers that keep no record of it
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

        /// An install whose origin is on record.
        public Install(
                InstallerKind installer,
                String packageName,
                Path environment,
                Path program,
                Optional<Path> manager,
                Map<String, String> variables) {
            this(installer, packageName, environment, program, manager, variables, Optional.empty());
        }

        /// What was found on disk, with the origin that the user declared: npm takes a package from a git
        /// repository or an archive for one of the index once it is installed, and an upgrade from the index
        /// would replace it by something else.
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
                            "You said that it came from %s; %s keeps no record of which version that was."
                                    .formatted(origin.get(), found.installer().word()),
                            Origin.Unknown.Cause.NOT_FOLLOWED),
                    found.runtime(),
                    evidence);
        }
    }

    /// @param arguments after the program
    /// @param inherit variables of the login shell to take over
    /// @param unit an existing systemd user unit to use instead of ours
    /// @param label an existing launchd agent to use instead of ours
    /// @param refresh arguments with which the tool writes its own service file anew; empty where it cannot
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

        /// The names of the variables that it is to have, besides those of its file of secrets.
        public List<String> variableNames() {
            return Stream.concat(environment.keySet().stream(), inherit.stream())
                    .toList();
        }

        /// The same under a unit's name of systemd's.
        public Service withUnit(String name) {
            return named(Optional.of(name), label);
        }

        /// The same under a label of launchd's.
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

        /// A service whose file the tool does not write itself.
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

    /// @param url where it answers now: `http:`, `https:`, `tcp:host:port` or `unix:/path`; its port is the one
    /// that `port` names, where that can be read
    /// @param expect the statuses that mean ready; empty means below 500
    /// @param version where the running version is answered, if anywhere
    /// @param proxied something else may listen for it
    /// @param port where the port stands, when the tool's settings decide it
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

        /// An endpoint whose port stands in its address.
        public Endpoint(
                String url,
                List<Integer> expect,
                Optional<JsonAnswer> version,
                Optional<Identity> identity,
                boolean proxied,
                int readyTimeoutSeconds) {
            this(url, expect, version, identity, proxied, readyTimeoutSeconds, Optional.empty());
        }
    }

    /// The port stands in a JSON file of the tool's.
    ///
    /// @param pointer an RFC 6901 JSON pointer into the file; a number or its digits stand there
    /// @param writtenUrl the address as the manifest has it, with the port that counts while the file has none
    public record PortSetting(Path file, String pointer, String writtenUrl) {}

    /// @param path appended to the endpoint's address
    /// @param pointer an RFC 6901 JSON pointer into the answer
    public record JsonAnswer(String path, String pointer) {}

    /// What the endpoint must answer to be this copy.
    public record Identity(String path, String pointer, Path file, String filePointer) {}

    /// @param runtime a version range for the runtime, if the package does not say
    public record Requires(Optional<String> runtime, List<RequiredProgram> programs) {
        public Requires {
            programs = List.copyOf(programs);
        }
    }

    /// @param version a floor such as `>=3.2`, if any
    /// @param versionArguments how it is asked for its version; `--version` when empty
    /// @param hints a command to copy for each system (`debian`, `macos`, …)
    public record RequiredProgram(
            String name, Optional<String> version, List<String> versionArguments, Map<String, String> hints) {
        public RequiredProgram {
            versionArguments = List.copyOf(versionArguments);
            hints = Map.copyOf(hints);
        }
    }

    /// The certificate that it shows to those who connect: a PEM file.
    public record Tls(Path certificate) {}

    /// What keeps strangers out. The secret itself is never read into a manifest, a report or a log.
    public sealed interface Auth {

        /// A file that holds the secret.
        record SecretFile(Path file) implements Auth {}

        /// A variable of its service that holds the secret.
        record Variable(String name) implements Auth {}
    }

    /// How many sessions are open in it: what an interruption would end.
    public sealed interface Sessions {

        /// Counted from what a command prints.
        ///
        /// @param command an argument list; its first word is absolute once the user agreed to it
        record FromCommand(List<String> command, Count count) implements Sessions {
            public FromCommand {
                command = List.copyOf(command);
            }
        }

        /// Answered by the endpoint: a number, or a list whose entries are counted.
        record FromEndpoint(JsonAnswer answer) implements Sessions {}
    }

    /// How a command's output is counted.
    public enum Count {
        /// Each line that is not blank is one.
        LINES("lines");

        private final String word;

        Count(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /// The doctor that the tool brings itself.
    ///
    /// @param command an argument list; its first word is absolute once the user agreed to it
    public record ToolDoctor(List<String> command, Format format) {
        public ToolDoctor {
            command = List.copyOf(command);
        }
    }

    /// What a tool's own doctor prints.
    public enum Format {
        /// Lines that begin with `✓`, `✗` or `!`.
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
