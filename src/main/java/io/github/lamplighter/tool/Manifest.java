package io.github.lamplighter.tool;

import io.github.lamplighter.installer.InstallerKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What cannot be detected about a tool: `tools/NAME.json` (design §9), with `~` already resolved.
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
        List<String> smoke) {

    public Manifest {
        settings = List.copyOf(settings);
        data = List.copyOf(data);
        smoke = List.copyOf(smoke);
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
    public record Install(
            InstallerKind installer,
            String packageName,
            Path environment,
            Path program,
            Optional<Path> manager,
            Map<String, String> variables) {
        public Install {
            variables = Map.copyOf(variables);
        }
    }

    /// @param arguments after the program
    /// @param inherit variables of the login shell to take over
    /// @param unit an existing unit to use instead of ours
    public record Service(
            List<String> arguments,
            Map<String, String> environment,
            List<String> inherit,
            Optional<String> killMode,
            int stopTimeoutSeconds,
            Optional<Path> workingDirectory,
            Optional<Path> environmentFile,
            Optional<String> unit) {
        public Service {
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
            inherit = List.copyOf(inherit);
        }
    }

    /// @param url `http:`, `https:`, `tcp:host:port` or `unix:/path`
    /// @param expect the statuses that mean ready; empty means below 500
    /// @param version where the running version is answered, if anywhere
    /// @param proxied something else may listen for it
    public record Endpoint(
            String url,
            List<Integer> expect,
            Optional<JsonAnswer> version,
            Optional<Identity> identity,
            boolean proxied,
            int readyTimeoutSeconds) {
        public Endpoint {
            expect = List.copyOf(expect);
        }
    }

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
}
