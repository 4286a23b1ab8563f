package io.github.lamplighter.tray;

import io.github.lamplighter.tray.BackgroundChecks.Conditions;
import io.github.lamplighter.tray.bus.LoginManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.DBus;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;

/// What the system reports on its bus: the end of a suspend, the kind of network, and the power profile. Each service
/// may be missing; none is started for the question.
final class SystemBus implements AutoCloseable {

    private static final String SOCKET = "/run/dbus/system_bus_socket";

    private static final String LOGIN = "org.freedesktop.login1";
    private static final String SESSION = "org.freedesktop.login1.Session";
    private static final String NETWORK = "org.freedesktop.NetworkManager";
    private static final String POWER = "org.freedesktop.UPower";

    /// The service of the power profiles, by its name since 0.20 and the one before.
    private enum Profiles {
        UPOWER("org.freedesktop.UPower.PowerProfiles", "/org/freedesktop/UPower/PowerProfiles"),
        HADESS("net.hadess.PowerProfiles", "/net/hadess/PowerProfiles");

        private final String name;
        private final String path;

        Profiles(String name, String path) {
            this.name = name;
            this.path = path;
        }
    }

    // NM_METERED_YES, NM_METERED_GUESS_YES
    private static final long METERED = 1;
    private static final long GUESSED_METERED = 3;

    // NM_CONNECTIVITY_NONE, NM_CONNECTIVITY_PORTAL
    private static final long NO_NETWORK = 1;
    private static final long PORTAL = 2;

    /// UP_DEVICE_LEVEL_LOW; higher ones are worse.
    private static final long BATTERY_LOW = 3;

    private final DBusConnection connection;

    private SystemBus(DBusConnection connection) {
        this.connection = connection;
    }

    /// @param resumed is called after a suspend
    /// @param changed is called when [#conditions] may have changed
    /// @param loggedOut is called when the session of this process ends: the bus of the user may outlive it
    /// @return empty without a system bus
    static Optional<SystemBus> open(
            Map<String, String> environment, Runnable resumed, Runnable changed, Runnable loggedOut) {
        String address = environment.getOrDefault("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=" + SOCKET);
        if (address.equals("unix:path=" + SOCKET) && !Files.exists(Path.of(SOCKET))) {
            return Optional.empty();
        }
        try {
            DBusConnection connection = SessionBus.connect(address, () -> {});
            connection.addSigHandler(LoginManager.PrepareForSleep.class, signal -> {
                if (!signal.start) {
                    resumed.run();
                }
            });
            // Only these: UPower reports each percent of the battery.
            for (String name : new String[] {NETWORK, POWER, Profiles.UPOWER.name, Profiles.HADESS.name}) {
                connection.addSigHandler(
                        DBusMatchRuleBuilder.create()
                                .withType(Properties.PropertiesChanged.class)
                                .withArg0123(0, name)
                                .build(),
                        (Properties.PropertiesChanged signal) -> {
                            if (concerns(signal)) {
                                changed.run();
                            }
                        });
            }
            SystemBus system = new SystemBus(connection);
            Optional<String> session = Optional.ofNullable(environment.get("XDG_SESSION_ID"))
                    .filter(id -> id.matches("[A-Za-z0-9]{1,32}"));
            if (session.isPresent()) {
                system.watchSession(session.get(), loggedOut);
            }
            return Optional.of(system);
        } catch (DBusException | DBusExecutionException e) {
            return Optional.empty();
        }
    }

    private static boolean concerns(Properties.PropertiesChanged signal) {
        return signal.getPropertiesChanged().keySet().stream().anyMatch(name -> switch (name) {
            case "Metered", "Connectivity", "ActiveProfile", "OnBattery" -> true;
            default -> false;
        });
    }

    /// Its state has no signal of its own, but it is no longer active then. This process itself keeps it from being
    /// removed.
    private void watchSession(String id, Runnable loggedOut) throws DBusException {
        connection.addSigHandler(LoginManager.SessionRemoved.class, signal -> {
            if (signal.id.equals(id)) {
                loggedOut.run();
            }
        });
        connection.addSigHandler(
                DBusMatchRuleBuilder.create()
                        .withType(Properties.PropertiesChanged.class)
                        .withArg0123(0, SESSION)
                        .build(),
                (Properties.PropertiesChanged signal) -> {
                    if (signal.getPropertiesChanged().containsKey("Active")) {
                        Thread.ofVirtual().start(() -> {
                            if (property(LOGIN, sessionPath(id), SESSION, "State")
                                    .filter("closing"::equals)
                                    .isPresent()) {
                                loggedOut.run();
                            }
                        });
                    }
                });
    }

    /// The object of a session: a digit at the beginning is escaped (sd_bus_path_encode(3)).
    private static String sessionPath(String id) {
        char first = id.charAt(0);
        String encoded = Character.isDigit(first) ? "_%x%s".formatted((int) first, id.substring(1)) : id;
        return "/org/freedesktop/login1/session/" + encoded;
    }

    Conditions conditions() {
        long metered = number(NETWORK, "/org/freedesktop/NetworkManager", NETWORK, "Metered");
        long connectivity = number(NETWORK, "/org/freedesktop/NetworkManager", NETWORK, "Connectivity");
        boolean low = number(
                        POWER,
                        "/org/freedesktop/UPower/devices/DisplayDevice",
                        "org.freedesktop.UPower.Device",
                        "WarningLevel")
                >= BATTERY_LOW;
        return new Conditions(
                metered == METERED || metered == GUESSED_METERED,
                connectivity == NO_NETWORK,
                connectivity == PORTAL,
                low || isSaving());
    }

    private boolean isSaving() {
        for (Profiles profiles : Profiles.values()) {
            if (property(profiles.name, profiles.path, profiles.name, "ActiveProfile")
                    .filter("power-saver"::equals)
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }

    private long number(String name, String path, String type, String property) {
        return property(name, path, type, property)
                .filter(Number.class::isInstance)
                .map(value -> ((Number) value).longValue())
                .orElse(0L);
    }

    private Optional<Object> property(String name, String path, String type, String property) {
        try {
            DBus bus = connection.getRemoteObject("org.freedesktop.DBus", "/org/freedesktop/DBus", DBus.class);
            if (!bus.NameHasOwner(name)) {
                return Optional.empty();
            }
            Object value =
                    connection.getRemoteObject(name, path, Properties.class).Get(type, property);
            return Optional.ofNullable(value);
        } catch (DBusException | DBusExecutionException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
