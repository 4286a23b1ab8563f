package io.github.lamplighter.tray;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.file.AppDirectories;
import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.tray.bus.PortalSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A portal on a bus of its own.
@Tag("slow")
class DesktopAppearanceTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ThrowAwayHome home = ThrowAwayHome.make();
    private final Child bus = bus();
    private final Map<String, String> environment = Map.of("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + socket());
    private final AppDirectories directories = AppDirectories.linux(environment, home.path());
    private final List<Boolean> seen = new CopyOnWriteArrayList<>();

    /// A desktop with dark windows.
    private static final class DarkDesktop implements PortalSettings {

        @Override
        public Variant<?> Read(String namespace, String key) {
            return new Variant<>(new Variant<>(new UInt32(1)));
        }

        @Override
        public String getObjectPath() {
            return PATH;
        }
    }

    @AfterEach
    void end() {
        bus.close();
        home.close();
    }

    @Test
    void theDesktopsPreferenceIsFollowed() throws Exception {
        try (DBusConnection portal = SessionBus.connect(environment.get("DBUS_SESSION_BUS_ADDRESS"), () -> {})) {
            portal.requestBusName(PortalSettings.NAME);
            portal.exportObject(PortalSettings.PATH, new DarkDesktop());
            try (AutoCloseable _ = DesktopAppearance.follow(environment, directories, seen::add)
                    .orElseThrow()) {
                assertThat(seen).containsExactly(true);
                portal.sendMessage(change("org.gnome.desktop.interface", 2));
                portal.sendMessage(change(PortalSettings.APPEARANCE, 2));
                Await.until("the change", LIMIT, () -> seen.size() == 2);
                assertThat(seen).containsExactly(true, false);
            }
        }
    }

    @Test
    void withoutAPortalNothingIsSaid() throws Exception {
        try (AutoCloseable _ =
                DesktopAppearance.follow(environment, directories, seen::add).orElseThrow()) {
            assertThat(seen).isEmpty();
        }
        assertThat(DesktopAppearance.follow(
                        Map.of("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere"), directories, seen::add))
                .isEqualTo(Optional.empty());
    }

    private Child bus() {
        Child child = Child.start(
                home.environment(),
                Path.of("/"),
                List.of("dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=unix:path=" + socket()));
        Await.until("the bus is there", LIMIT, () -> Files.exists(socket()));
        return child;
    }

    private Path socket() {
        return home.runtime().resolve("bus");
    }

    private static PortalSettings.SettingChanged change(String namespace, int value) throws Exception {
        return new PortalSettings.SettingChanged(
                PortalSettings.PATH, namespace, PortalSettings.COLOR_SCHEME, new Variant<>(new UInt32(value)));
    }
}
