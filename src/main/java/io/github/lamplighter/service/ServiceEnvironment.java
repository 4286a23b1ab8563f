package io.github.lamplighter.service;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// The environment variables of a service, and where each comes from. Some may be secret, so only `PATH` and
/// the values that a manifest names can be read.
public final class ServiceEnvironment {

    private record Variable(String value, String source) {}

    private final Map<String, Variable> variables = new LinkedHashMap<>();

    /// @param values variables from `source`, which override all earlier ones
    /// @param source a file, a unit, or the service manager itself, for display
    public ServiceEnvironment with(Map<String, String> values, String source) {
        ServiceEnvironment more = new ServiceEnvironment();
        more.variables.putAll(variables);
        values.forEach((name, value) -> more.variables.put(name, new Variable(value, source)));
        return more;
    }

    public Optional<String> path() {
        return Optional.ofNullable(variables.get("PATH")).map(Variable::value);
    }

    /// The values of the named variables, except for secrets.
    public Map<String, String> of(Collection<String> names) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : names) {
            Variable given = variables.get(name);
            if (given != null && !ServiceDefinitionFactory.isSecret(name)) {
                values.put(name, given.value());
            }
        }
        return values;
    }

    /// Where a variable comes from; empty if it is unset or blank.
    public Optional<String> by(String name) {
        return Optional.ofNullable(variables.get(name))
                .filter(given -> !given.value().isBlank())
                .map(Variable::source);
    }

    @Override
    public String toString() {
        return "ServiceEnvironment" + new TreeSet<>(variables.keySet());
    }
}
