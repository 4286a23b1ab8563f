package io.github.lamplighter.platform.systemd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.freedesktop.dbus.connections.IDisconnectCallback;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.messages.MethodReturn;

/// Reports changes of units, from the manager's D-Bus signals. One thread connects, reports, and reconnects
/// when the bus or the manager is gone. Changes before a subscription are not seen, so after each connection,
/// and each failed attempt, all units are reported as changed.
///
/// A burst of signals (a start sends eight) becomes one call, because pending units are a set.
final class UnitWatch implements AutoCloseable {

    private static final String SYSTEMD = "org.freedesktop.systemd1";
    private static final String ROOT = "/org/freedesktop/systemd1";
    private static final String UNITS = ROOT + "/unit/";
    private static final String MANAGER = SYSTEMD + ".Manager";
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final UserManagerClient userManagerClient;
    private final Map<String, String> unitOfPath;
    private final Consumer<String> changed;
    private final Set<String> pending = new LinkedHashSet<>();

    /// Units that were loaded, and neither changed nor had a job since. systemd loads a unit for each question
    /// about it, and unloads one that is not in use again: to report that would make a listener ask again,
    /// without an end.
    private final Set<String> onlyLookedAt = new HashSet<>();

    private final Thread thread;
    private Duration pause = FIRST_PAUSE;
    private boolean connected;
    private boolean subscribe;
    private boolean closed;

    UnitWatch(UserManagerClient userManagerClient, List<String> units, Consumer<String> changed) {
        this.userManagerClient = userManagerClient;
        this.unitOfPath = units.stream().distinct().collect(Collectors.toMap(UnitWatch::path, unit -> unit));
        this.changed = changed;
        this.thread = Thread.ofPlatform().daemon().name("unit-watch").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.interrupt();
    }

    private void run() {
        boolean again = false;
        while (!isClosed()) {
            if (again) {
                unitOfPath.values().forEach(changed);
            }
            Optional<DBusConnection> connection = connect();
            if (connection.isPresent()) {
                try {
                    handOver(connection.get());
                } finally {
                    disconnect(connection.get());
                }
            }
            again = true;
            try {
                waitFor(pause);
            } catch (InterruptedException e) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private Optional<DBusConnection> connect() {
        Optional<String> address = userManagerClient.bus();
        if (address.isEmpty()) {
            return Optional.empty();
        }
        try {
            DBusConnection connection = DBusConnectionBuilder.forAddress(address.get())
                    .withShared(false)
                    .withDisconnectCallback(new IDisconnectCallback() {
                        @Override
                        public void disconnectOnError(IOException problem) {
                            lost();
                        }

                        @Override
                        public void clientDisconnect() {
                            lost();
                        }

                        @Override
                        public void requestedDisconnect(Integer code) {
                            lost();
                        }
                    })
                    .build();
            synchronized (this) {
                connected = true;
                subscribe = true;
            }
            connection.addGenericSigHandler(
                    DBusMatchRuleBuilder.create()
                            .withType("signal")
                            .withInterface("org.freedesktop.DBus.Properties")
                            .withMember("PropertiesChanged")
                            .withPathNamespace(ROOT + "/unit")
                            .build(),
                    signal -> touched(unitOfPath.get(signal.getPath())));
            connection.addGenericSigHandler(
                    DBusMatchRuleBuilder.create()
                            .withType("signal")
                            .withInterface(MANAGER)
                            .build(),
                    this::managerSignal);
            connection.addGenericSigHandler(
                    DBusMatchRuleBuilder.create()
                            .withType("signal")
                            .withInterface("org.freedesktop.DBus")
                            .withMember("NameOwnerChanged")
                            .withArg0123(0, SYSTEMD)
                            .build(),
                    this::ownerChanged);
            return Optional.of(connection);
        } catch (DBusException | DBusExecutionException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void handOver(DBusConnection connection) {
        try {
            while (true) {
                List<String> units;
                boolean ask;
                synchronized (this) {
                    while (pending.isEmpty() && connected && !closed && !subscribe) {
                        wait();
                    }
                    if (closed || !connected) {
                        return;
                    }
                    ask = subscribe;
                    subscribe = false;
                    units = List.copyOf(pending);
                    pending.clear();
                }
                if (ask) {
                    if (!subscribe(connection)) {
                        return;
                    }
                    pause = FIRST_PAUSE;
                    everything();
                } else {
                    units.forEach(changed);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (DBusException | DBusExecutionException e) {
            // The connection broke during a call; the next round makes a new one.
        }
    }

    /// Subscribes to the manager, which sends no signals without a subscriber. Only its reply guarantees that
    /// no change is missed from now on.
    ///
    /// @return false without a reply; the caller then tries again as for a missing bus
    private static boolean subscribe(DBusConnection connection) throws DBusException {
        MethodCall call =
                connection.getMessageFactory().createMethodCall(SYSTEMD, ROOT, MANAGER, "Subscribe", (byte) 0, null);
        connection.sendMessage(call);
        Message reply = call.getReply(ANSWER.toMillis());
        return reply instanceof MethodReturn
                || (reply instanceof org.freedesktop.dbus.messages.Error error
                        && "org.freedesktop.systemd1.AlreadySubscribed".equals(error.getName()));
    }

    private void managerSignal(DBusSignal signal) {
        try {
            Object[] values = signal.getParameters();
            switch (signal.getName()) {
                case "UnitNew" -> loaded(String.valueOf(values[0]));
                case "UnitRemoved" -> unloaded(String.valueOf(values[0]));
                case "JobRemoved" -> touched(String.valueOf(values[2]));
                // Files of any unit may have changed.
                case "UnitFilesChanged" -> everything();
                case "Reloading" -> {
                    if (Boolean.FALSE.equals(values[0])) {
                        everything();
                    }
                }
                default -> {
                    // JobNew and start-up messages say nothing about a state.
                }
            }
        } catch (DBusException e) {
            everything();
        }
    }

    private synchronized void ownerChanged(DBusSignal signal) {
        subscribe = true;
        notifyAll();
    }

    private synchronized void loaded(String unit) {
        if (unitOfPath.containsValue(unit)) {
            onlyLookedAt.add(unit);
        }
    }

    private synchronized void unloaded(String unit) {
        if (!onlyLookedAt.remove(unit)) {
            touched(unit);
        }
    }

    private synchronized void touched(@org.jspecify.annotations.Nullable String unit) {
        if (unit != null && unitOfPath.containsValue(unit)) {
            onlyLookedAt.remove(unit);
            pending.add(unit);
            notifyAll();
        }
    }

    private synchronized void everything() {
        pending.addAll(unitOfPath.values());
        notifyAll();
    }

    private synchronized void lost() {
        connected = false;
        notifyAll();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void waitFor(Duration span) throws InterruptedException {
        long end = System.nanoTime() + span.toNanos();
        for (long left = span.toMillis(); left > 0 && !closed; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }

    private static void disconnect(DBusConnection connection) {
        try {
            connection.disconnect();
        } catch (DBusExecutionException e) {
            // It is already gone.
        }
    }

    /// The object path of a unit: bytes other than letters and digits, and a leading digit, as `_xx`.
    static String path(String unit) {
        StringBuilder path = new StringBuilder(UNITS);
        byte[] bytes = unit.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int value = bytes[i] & 0xff;
            boolean letter = (value >= 'a' && value <= 'z') || (value >= 'A' && value <= 'Z');
            boolean digit = value >= '0' && value <= '9';
            if (letter || (digit && i > 0)) {
                path.append((char) value);
            } else {
                path.append("_%02x".formatted(value).toLowerCase(Locale.ROOT));
            }
        }
        return path.toString();
    }
}
