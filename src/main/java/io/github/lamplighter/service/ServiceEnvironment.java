package io.github.lamplighter.service;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// The variables that a service's program is given, and by whom. Among them may be secrets: no value comes out
/// but that of `PATH`, and of those that a manifest asks for by name.
public final class ServiceEnvironment {

    private record Given(String value, String by) {}

    private final Map<String, Given> variables = new LinkedHashMap<>();

    /// @param values that `by` gives; they count above all that were given before
    /// @param by a file, a unit, or the service manager itself, for people
    public ServiceEnvironment with(Map<String, String> values, String by) {
        ServiceEnvironment more = new ServiceEnvironment();
        more.variables.putAll(variables);
        values.forEach((name, value) -> more.variables.put(name, new Given(value, by)));
        return more;
    }

    public Optional<String> path() {
        return Optional.ofNullable(variables.get("PATH")).map(Given::value);
    }

    /// The values of those that are named, but for secrets.
    public Map<String, String> of(Collection<String> names) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : names) {
            Given given = variables.get(name);
            if (given != null && !ServiceDefinitionFactory.isSecret(name)) {
                values.put(name, given.value());
            }
        }
        return values;
    }

    /// Who gives a variable; empty too where its value is empty.
    public Optional<String> by(String name) {
        return Optional.ofNullable(variables.get(name))
                .filter(given -> !given.value().isBlank())
                .map(Given::by);
    }

    @Override
    public String toString() {
        return "ServiceEnvironment" + new TreeSet<>(variables.keySet());
    }
}
