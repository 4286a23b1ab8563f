package io.github.lamplighter.tool;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The name of a tool, its manifest, its report and its unit: `[a-z0-9][a-z0-9._-]{0,63}`.
public record ToolName(String value) {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    public ToolName {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a tool's name: " + value);
        }
    }

    public static Optional<ToolName> of(String value) {
        return FORM.matcher(value).matches() ? Optional.of(new ToolName(value)) : Optional.empty();
    }

    /// The default name for a package: `@scope/x` becomes `scope-x`.
    public static Optional<ToolName> forPackage(String packageName) {
        return of(packageName.toLowerCase(Locale.ROOT).replaceFirst("^@", "").replace('/', '-'));
    }

    @Override
    public String toString() {
        return value;
    }
}
