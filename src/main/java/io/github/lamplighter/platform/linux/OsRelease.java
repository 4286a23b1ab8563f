package io.github.lamplighter.platform.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The family of this distribution, from os-release(5); it decides which package manager a hint is for.
public final class OsRelease {

    private static final List<String> FAMILIES = List.of("debian", "fedora", "arch", "alpine", "suse");

    private OsRelease() {}

    /// @return `debian`, `fedora`, `arch`, `alpine`, `suse`; otherwise the system's `ID`, or `linux`
    public static String family() {
        Path file = Path.of("/etc/os-release");
        return family(Files.isReadable(file) ? file : Path.of("/usr/lib/os-release"));
    }

    static String family(Path file) {
        Map<String, String> values = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                int equals = line.indexOf('=');
                if (equals > 0 && !line.startsWith("#")) {
                    values.put(
                            line.substring(0, equals).strip(),
                            line.substring(equals + 1).strip().replaceAll("^([\"'])(.*)\\1$", "$2"));
                }
            }
        } catch (IOException e) {
            return "linux";
        }
        String id = values.getOrDefault("ID", "linux");
        // openSUSE has the `ID` `opensuse-leap` and the `ID_LIKE` `suse opensuse`.
        return Stream.concat(
                        Stream.of(id),
                        Stream.of(values.getOrDefault("ID_LIKE", "").split(" ")))
                .map(word -> word.equals("rhel") || word.equals("centos") ? "fedora" : word)
                .filter(FAMILIES::contains)
                .findFirst()
                .orElse(id);
    }
}
