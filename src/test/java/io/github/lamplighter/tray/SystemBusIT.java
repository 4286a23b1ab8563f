package io.github.lamplighter.tray;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lamplighter.harness.Await;
import io.github.lamplighter.harness.Child;
import io.github.lamplighter.harness.ThrowAwayHome;
import io.github.lamplighter.tray.BackgroundChecks.Conditions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What dbusmock plays on a bus of its own: NetworkManager, UPower and power-profiles-daemon.
@Tag("slow")
class SystemBusIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String NETWORK = "org.freedesktop.NetworkManager";
    private static final String POWER = "org.freedesktop.UPower";
    private static final String PROFILES = "org.freedesktop.UPower.PowerProfiles";
    private static final String PROFILES_BEFORE = "net.hadess.PowerProfiles";

    private final ThrowAwayHome home = ThrowAwayHome.make();
    private final List<Child> children = new ArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private SystemBus system;

    @BeforeEach
    void aBus() {
        begin("dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=unix:path=" + socket());
        Await.until("the bus is there", LIMIT, () -> Files.exists(socket()));
        system = SystemBus.open(environment(), () -> {}, changes::incrementAndGet, () -> {})
                .orElseThrow();
    }

    @AfterEach
    void end() {
        system.close();
        children.reversed().forEach(Child::close);
        home.close();
    }

    static Stream<Arguments> conditions() {
        return Stream.of(
                Arguments.of(NETWORK, NETWORK, "Metered", "u", "1", new Conditions(true, false, false, false)),
                Arguments.of(NETWORK, NETWORK, "Metered", "u", "3", new Conditions(true, false, false, false)),
                Arguments.of(NETWORK, NETWORK, "Connectivity", "u", "1", new Conditions(false, true, false, false)),
                Arguments.of(NETWORK, NETWORK, "Connectivity", "u", "2", new Conditions(false, false, true, false)),
                Arguments.of(
                        PROFILES,
                        PROFILES,
                        "ActiveProfile",
                        "s",
                        "power-saver",
                        new Conditions(false, false, false, true)),
                Arguments.of(
                        PROFILES_BEFORE,
                        PROFILES_BEFORE,
                        "ActiveProfile",
                        "s",
                        "power-saver",
                        new Conditions(false, false, false, true)),
                Arguments.of(PROFILES, PROFILES, "ActiveProfile", "s", "balanced", Conditions.NONE));
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void readsTheNetworkAndThePower(
            String name, String type, String property, String signature, String value, Conditions expected) {
        play(name, path(name), type);
        assertThat(system.conditions()).isEqualTo(Conditions.NONE);
        set(name, property, signature, value);
        assertThat(system.conditions()).isEqualTo(expected);
        Await.until("the change was noticed", LIMIT, () -> changes.get() > 0);
    }

    @Test
    void aLowBatteryCountsAsPowerSaver() {
        String device = "org.freedesktop.UPower.Device";
        begin("/usr/bin/python3", "-m", "dbusmock", "--system", POWER, path(POWER) + "/devices/DisplayDevice", device);
        there(POWER);
        call(
                POWER,
                path(POWER) + "/devices/DisplayDevice",
                "org.freedesktop.DBus.Mock",
                "AddProperty",
                "ssv",
                device,
                "WarningLevel",
                "u",
                "3");
        assertThat(system.conditions()).isEqualTo(new Conditions(false, false, false, true));
    }

    /// UPower reports each percent of the battery.
    @Test
    void onlyWhatMattersIsNoticed() {
        play(POWER, path(POWER), POWER);
        set(POWER, "DaemonVersion", "s", "1.90");
        set(POWER, "OnBattery", "b", "true");
        Await.until("the battery was noticed", LIMIT, () -> changes.get() > 0);
        assertThat(changes).hasValue(1);
    }

    @Test
    void whatIsNotThereIsNotStarted() {
        assertThat(system.conditions()).isEqualTo(Conditions.NONE);
        assertThat(busctl("list").lines())
                .noneMatch(line -> line.contains(NETWORK) || line.contains(POWER) || line.contains(PROFILES_BEFORE));
    }

    private void play(String name, String path, String type) {
        begin("/usr/bin/python3", "-m", "dbusmock", "--system", name, path, type);
        there(name);
    }

    private void there(String name) {
        Await.until(
                name + " is there", LIMIT, () -> busctl("list", "--acquired").contains(name));
    }

    /// Sets a property, and tells that it changed.
    private void set(String name, String property, String signature, String value) {
        String mock = "org.freedesktop.DBus.Mock";
        call(name, path(name), mock, "AddProperty", "ssv", name, property, signature, value);
        call(name, path(name), mock, "UpdateProperties", "sa{sv}", name, "1", property, signature, value);
    }

    private static String path(String name) {
        return "/" + name.replace('.', '/');
    }

    private void call(String... words) {
        busctl(Stream.concat(Stream.of("call"), Stream.of(words)).toArray(String[]::new));
    }

    private String busctl(String... words) {
        List<String> argv = new ArrayList<>(List.of("busctl", "--address=unix:path=" + socket()));
        argv.addAll(List.of(words));
        return Child.run(environment(), LIMIT, argv.toArray(String[]::new)).out();
    }

    private void begin(String... argv) {
        children.add(Child.start(environment(), Path.of("/"), List.of(argv)));
    }

    private Path socket() {
        return home.runtime().resolve("system");
    }

    private Map<String, String> environment() {
        Map<String, String> all = new HashMap<>(home.environment());
        all.put("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=" + socket());
        return all;
    }
}
