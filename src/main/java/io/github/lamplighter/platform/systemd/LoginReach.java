package io.github.lamplighter.platform.systemd;

import io.github.lamplighter.platform.systemd.UserManagerClient.Properties;
import io.github.lamplighter.service.AtLogin;
import io.github.lamplighter.service.ForeignUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// Whether a unit starts at login. `systemctl is-enabled` only tells that another unit wants it; that unit has to
/// be one that `default.target` wants in turn, or one that a graphical session starts (systemd.special(7)).
final class LoginReach {

    private static final String FIRST = "default.target";
    private static final Set<String> OF_A_DESKTOP =
            Set.of("graphical-session.target", "graphical-session-pre.target", "xdg-desktop-autostart.target");

    private static final List<String> PULLING = List.of("WantedBy", "RequiredBy", "BoundBy", "UpheldBy");
    private static final List<String> ASKED = Stream.concat(Stream.of("Id", "Names", "ActiveState"), PULLING.stream())
            .toList();

    /// Dependencies of units form graphs, in theory of any size.
    private static final int MOST = 64;

    private final UserManagerClient userManagerClient;
    private final Function<String, List<String>> links;
    private final String enabledState;

    /// @param links the units that want a unit by a link on disk, which the manager may not have read yet
    /// @param enabledState the value of `UnitFileState` that means enabled besides `enabled`
    LoginReach(UserManagerClient userManagerClient, Function<String, List<String>> links, String enabledState) {
        this.userManagerClient = userManagerClient;
        this.links = links;
        this.enabledState = enabledState;
    }

    AtLogin of(String unit, Properties shown) {
        String state = shown.get("UnitFileState").equals(enabledState) ? "enabled" : shown.get("UnitFileState");
        // Those have another manager, and start at boot.
        boolean system = ForeignUnit.isOfTheSystem(unit);
        return switch (state) {
            case "enabled", "alias" -> system ? new AtLogin.Starts() : reached(unit, shown);
            case "generated" -> system ? new AtLogin.Unknown() : reached(unit, shown);
            // It cannot be enabled: another unit wants it, or none does.
            case "static" -> {
                AtLogin reached = system ? new AtLogin.Unreached(List.of()) : reached(unit, shown);
                List<String> starters = Stream.concat(
                                Stream.of(shown.get("TriggeredBy").split(" ")), pulling(shown).stream())
                        .filter(name -> !name.isBlank())
                        .toList();
                yield reached instanceof AtLogin.Unreached
                        ? starters.isEmpty() ? new AtLogin.Disabled() : new AtLogin.ByUnit(starters)
                        : reached;
            }
            case "disabled", "linked", "linked-runtime", "masked", "masked-runtime", "enabled-runtime" ->
                new AtLogin.Disabled();
            default -> new AtLogin.Unknown();
        };
    }

    private AtLogin reached(String unit, Properties shown) {
        List<String> wantedBy = new ArrayList<>(pulling(shown));
        if (wantedBy.contains(FIRST)) {
            return new AtLogin.Starts();
        }
        links.apply(unit).stream().filter(name -> !wantedBy.contains(name)).forEach(wantedBy::add);
        Set<String> seen = new HashSet<>();
        Queue<String> next = new ArrayDeque<>(wantedBy);
        Optional<AtLogin> desktop = Optional.empty();
        while (!next.isEmpty() && seen.size() < MOST) {
            String name = next.remove();
            if (!seen.add(name)) {
                continue;
            }
            if (name.equals(FIRST)) {
                return new AtLogin.Starts();
            }
            Properties above = userManagerClient.show(name, ASKED);
            if (above.trouble().isPresent()) {
                return new AtLogin.Unknown();
            }
            if (List.of(above.get("Names").split(" ")).contains(FIRST)) {
                return new AtLogin.Starts();
            }
            if (OF_A_DESKTOP.contains(name)) {
                if (above.is("ActiveState", "active")) {
                    return new AtLogin.Starts();
                }
                desktop = Optional.of(new AtLogin.WithDesktop(wantedBy));
            }
            next.addAll(pulling(above));
        }
        return desktop.orElseGet(() -> new AtLogin.Unreached(wantedBy));
    }

    private static List<String> pulling(Properties shown) {
        return PULLING.stream()
                .flatMap(property -> Stream.of(shown.get(property).split(" ")))
                .filter(name -> !name.isBlank())
                .distinct()
                .toList();
    }
}
