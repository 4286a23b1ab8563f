package io.github.lamplighter.doctor;

import io.github.lamplighter.installer.InstallerKind;
import io.github.lamplighter.service.ServiceEnvironment;
import io.github.lamplighter.tool.Manifest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/// The checks of the group *configuration and access*.
class ConfigurationChecksTest extends CheckTestCase {

    static Stream<Arguments> rows() {
        return Stream.of(
                row(
                        "settings",
                        Severity.FAILURE,
                        "Settings file has a syntax error (line 2)",
                        c -> c.settings.add(text(c.home.resolve("settings.json"), "{ \"a\": 1\n  }}"))),
                row(
                        "settings",
                        Severity.FAILURE,
                        "Settings file has a syntax error (line 2)",
                        c -> c.settings.add(text(c.home.resolve("settings.toml"), "a = 1\nb = = 2\n"))),
                row(
                        "settings",
                        Severity.OK,
                        "Settings files are readable",
                        c -> c.settings.add(text(c.home.resolve("settings.toml"), "a = 1\n"))),
                row(
                        "settings",
                        Severity.INFO,
                        "Settings file contains comments or trailing commas",
                        c -> c.settings.add(text(
                                c.home.resolve("settings.json"),
                                "\uFEFF{ // mine\r\n  \"a\": [1, /* two */ 2,],\r\n}\r\n"))),
                row(
                        "settings",
                        Severity.FAILURE,
                        "Settings file has a syntax error (line 3)",
                        c -> c.settings.add(text(c.home.resolve("settings.json"), "{ // mine\n  \"a\": 1,\n  b }"))),
                row("settings", Severity.FAILURE, "Settings file has a syntax error (line 1)", c -> {
                    c.installer = InstallerKind.PIPX;
                    c.settings.add(text(c.home.resolve("settings.json"), "{ // mine\n}"));
                }),
                row("settings", Severity.INFO, "No settings file yet", c -> c.settings.add(c.home.resolve("no.json"))),
                row(
                        "environment-file",
                        Severity.WARNING,
                        "Other users can read the environment file",
                        c -> c.environmentFile = Optional.of(text(forAll(c.home).resolve("env"), "A=b"))),
                row(
                        "environment-file",
                        Severity.INFO,
                        "Environment file is protected only by its folder",
                        c -> c.environmentFile = Optional.of(text(c.home.resolve("env"), "A=b"))),
                row("data", Severity.WARNING, "Upgrades don't back up its data folder", c -> {
                    // `data` was written before.
                    c.data = List.of(c.home.resolve(".muxplex"));
                    c.dataSetBy.put("--data", c.home.resolve(".muxplex"));
                    c.arguments = List.of("serve", "--data=/srv/muxplex");
                }),
                row("data", Severity.WARNING, "Upgrades don't back up its data folder", c -> {
                    // In the user's own unit.
                    c.data = List.of(c.home.resolve(".muxplex"));
                    c.dataSetBy.put("--data", c.home.resolve(".muxplex"));
                    c.command = List.of("/bin/muxplex", "serve", "--data", "/srv/muxplex");
                }),
                row("address", Severity.OK, "Only reachable from this computer", c -> c.listens("127.0.0.1", "::1")),
                row("address", Severity.WARNING, "Anyone on your network can use it", c -> c.listens("0.0.0.0")),
                row("address", Severity.INFO, "Reachable from the network without encryption", c -> {
                    c.listens("::");
                    c.auth = List.of(new Manifest.Auth.SecretFile(secret(c.home.resolve("password"), "rw-------")));
                }),
                row("address", Severity.OK, "Reachable from the network, with sign-in and TLS", c -> {
                    c.url = "https://127.0.0.1:8088/";
                    c.listens("192.168.1.7");
                    c.auth = List.of(new Manifest.Auth.SecretFile(secret(c.home.resolve("password"), "rw-------")));
                }),
                row(
                        "sign-in",
                        Severity.OK,
                        "Sign-in is configured",
                        c -> c.auth = List.of(
                                new Manifest.Auth.SecretFile(secret(c.home.resolve("password"), "rw-------")),
                                new Manifest.Auth.Variable("MUXPLEX_PASSWORD"))),
                row("sign-in", Severity.OK, "Sign-in is configured", c -> {
                    c.auth = List.of(new Manifest.Auth.Variable("MUXPLEX_PASSWORD"));
                    c.environmentFile = Optional.of(secret(c.home.resolve("env"), "rw-------"));
                }),
                row(
                        "sign-in",
                        Severity.WARNING,
                        "Other users can read the file with the password",
                        c -> c.auth = List.of(new Manifest.Auth.SecretFile(
                                secret(forAll(c.home).resolve("password"), "rw-r--r--")))),
                row(
                        "sign-in",
                        Severity.OK,
                        "Sign-in is configured",
                        c -> c.auth =
                                List.of(new Manifest.Auth.SecretFile(secret(c.home.resolve("password"), "rw-r--r--")))),
                row("sign-in", Severity.WARNING, "No sign-in is configured", c -> {
                    c.auth = List.of(
                            new Manifest.Auth.SecretFile(c.home.resolve("password")),
                            new Manifest.Auth.Variable("MUXPLEX_PASSWORD"));
                    c.variables = Optional.of(new ServiceEnvironment().with(Map.of("MODE", "quiet"), Case.UNIT));
                }),
                row("sign-in", Severity.OK, "Sign-in is configured", c -> {
                    c.auth = List.of(new Manifest.Auth.Variable("MUXPLEX_PASSWORD"));
                    c.variables = Optional.of(
                            new ServiceEnvironment().with(Map.of("MUXPLEX_PASSWORD", "canary-4711"), Case.UNIT));
                }),
                row(
                        "sign-in",
                        Severity.UNKNOWN,
                        "Could not check whether a sign-in is configured",
                        c -> c.auth = List.of(new Manifest.Auth.Variable("MUXPLEX_PASSWORD"))),
                row(
                        "certificate",
                        Severity.UNKNOWN,
                        "Could not check the certificate",
                        c -> c.url = "https://127.0.0.1:8088/"),
                row(
                        "certificate",
                        Severity.FAILURE,
                        "Certificate file is missing",
                        c -> c.certificate = Optional.of(c.home.resolve("cert.pem"))),
                row(
                        "certificate",
                        Severity.WARNING,
                        "Certificate cannot be read",
                        c -> c.certificate = Optional.of(text(c.home.resolve("cert.pem"), "nothing"))));
    }
}
