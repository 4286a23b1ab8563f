package io.github.lamplighter.tool;

import io.github.lamplighter.installer.InstallerKind;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The environment variables that decide where a package manager installs to and from. Others are not recorded: npm,
/// for example, exports its whole configuration to the scripts that it runs.
final class InstallVariables {

    private static final Set<String> NPM = Set.of(
            "npm_config_prefix",
            "npm_config_registry",
            "npm_config_userconfig",
            "npm_config_globalconfig",
            "npm_config_cache",
            "npm_config_cafile",
            "npm_config_proxy",
            "npm_config_https_proxy",
            "npm_config_noproxy");

    private static final Set<String> PIP = Set.of(
            "pip_index_url",
            "pip_extra_index_url",
            "pip_find_links",
            "pip_no_index",
            "pip_config_file",
            "pip_cert",
            "pip_trusted_host",
            "pip_constraint",
            "pip_cache_dir",
            "pip_proxy");

    /// uv does not read pip's variables; the location of its environments follows from the program.
    private static final Set<String> UV = Set.of(
            "uv_default_index",
            "uv_index",
            "uv_index_url",
            "uv_extra_index_url",
            "uv_find_links",
            "uv_index_strategy",
            "uv_no_index",
            "uv_config_file",
            "uv_cache_dir",
            "uv_constraint",
            "uv_override",
            "uv_exclude_newer",
            "uv_system_certs",
            "uv_native_tls",
            "uv_python_preference",
            "uv_python_downloads");

    private final Map<String, String> environment;

    InstallVariables(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /// The variables that are set for a package manager, without credentials.
    Map<String, String> of(InstallerKind installer) {
        Set<String> names = switch (installer) {
            case NPM -> NPM;
            case UV -> UV;
            case PIPX, VENV -> PIP;
            case SELF -> Set.of();
        };
        Map<String, String> variables = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (names.contains(name.toLowerCase(Locale.ROOT)) && !value.isEmpty()) {
                variables.put(name, withoutCredentials(value));
            }
        });
        return variables;
    }

    /// An address without its user information.
    static String withoutCredentials(String address) {
        return address.replaceAll("://[^/@\\s]*@", "://");
    }
}
