package io.github.lamplighter.tray;

import io.github.lamplighter.status.ToolStatus.State;
import io.github.lamplighter.tray.bus.DBusMenu;
import io.github.lamplighter.tray.bus.IconPixmap;
import io.github.lamplighter.tray.bus.StatusNotifierItem;
import io.github.lamplighter.tray.bus.ToolTip;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.Variant;

/// The tray icon on the bus (`org.kde.StatusNotifierItem`). It is changed in place and never replaced: some
/// panels would show it twice.
final class StatusNotifierItemExport implements StatusNotifierItem, Properties {

    private static final int[] SIZES = {16, 22, 24, 32, 48, 64};

    private final Consumer<Optional<String>> activated;
    private final Optional<String> themeIcons;
    private final AtomicReference<String> token = new AtomicReference<>("");
    private final Map<State, List<IconPixmap>> pixmaps = new EnumMap<>(State.class);
    private State state = State.UNKNOWN;
    private String title = "";
    private List<String> details = List.of();

    /// @param activated is called with the activation token, if the panel gave one
    /// @param themeIcons how the icons in the desktop's theme begin, if they are installed there
    StatusNotifierItemExport(Consumer<Optional<String>> activated, Optional<String> themeIcons) {
        this.activated = activated;
        this.themeIcons = themeIcons;
    }

    /// How the names of the icons begin, if a package put them into the desktop's theme. Without them there are no
    /// names, only pictures: some panels show a placeholder for a name that they do not find.
    static Optional<String> themeIcons(Map<String, String> environment, Path dataHome, String application) {
        String folders = Optional.ofNullable(environment.get("XDG_DATA_DIRS"))
                .filter(value -> !value.isEmpty())
                .orElse("/usr/local/share:/usr/share");
        return Stream.concat(Stream.of(dataHome.toString()), Stream.of(folders.split(":", -1)))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, "icons/hicolor/scalable/apps", application + "-well.svg"))
                .filter(Files::isRegularFile)
                .findFirst()
                .map(_ -> application + "-");
    }

    private String iconName(State wanted) {
        return themeIcons.map(prefix -> prefix + wanted.word()).orElse("");
    }

    /// Takes over a view, and returns the signals about what changed.
    synchronized List<DBusSignal> show(TrayView view) throws DBusException {
        List<DBusSignal> signals = new ArrayList<>();
        boolean tip = !view.title().equals(title) || !view.details().equals(details);
        if (view.state() != state) {
            String before = status();
            state = view.state();
            signals.add(new NewIcon(PATH));
            signals.add(new NewAttentionIcon(PATH));
            if (!status().equals(before)) {
                signals.add(new NewStatus(PATH, status()));
            }
        }
        if (tip) {
            title = view.title();
            details = view.details();
            signals.add(new NewToolTip(PATH));
            signals.add(new NewTitle(PATH));
        }
        return signals;
    }

    @Override
    public String getObjectPath() {
        return PATH;
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public void Activate(int x, int y) {
        activated.accept(Optional.of(token.getAndSet("")).filter(value -> !value.isEmpty()));
    }

    @Override
    public void SecondaryActivate(int x, int y) {
        Activate(x, y);
    }

    /// Panels draw the menu from [DBusMenu]; one that cannot opens the window instead.
    @Override
    public void ContextMenu(int x, int y) {
        Activate(x, y);
    }

    @Override
    public void Scroll(int delta, String orientation) {
        // There is nothing to scroll.
    }

    @Override
    public void ProvideXdgActivationToken(String given) {
        token.set(given);
    }

    @Override
    @SuppressWarnings("unchecked") // the library fixes this signature; the bus type is always a variant
    public <A> A Get(String interfaceName, String property) {
        return (A) GetAll(interfaceName).getOrDefault(property, new Variant<>(""));
    }

    @Override
    public <A> void Set(String interfaceName, String property, A value) {
        // All properties are read-only.
    }

    @Override
    public synchronized Map<String, Variant<?>> GetAll(String interfaceName) {
        Map<String, Variant<?>> all = new LinkedHashMap<>();
        all.put("Category", new Variant<>("ApplicationStatus"));
        all.put("Id", new Variant<>("lamplighter"));
        all.put("Title", new Variant<>(title.isEmpty() ? "Lamplighter" : "Lamplighter: " + title));
        all.put("Status", new Variant<>(status()));
        all.put("WindowId", new Variant<>(0));
        all.put("IconName", new Variant<>(iconName(state)));
        all.put("IconPixmap", pixmapsOf(state));
        all.put("OverlayIconName", new Variant<>(""));
        all.put("AttentionIconName", new Variant<>(iconName(State.FAILURE)));
        all.put("AttentionIconPixmap", pixmapsOf(State.FAILURE));
        all.put("AttentionMovieName", new Variant<>(""));
        all.put(
                "ToolTip",
                new Variant<>(new ToolTip("", List.of(), "Lamplighter: " + title, markup(details)), "(sa(iiay)ss)"));
        all.put("ItemIsMenu", new Variant<>(false));
        all.put("Menu", new Variant<>(new DBusPath(DBusMenu.PATH)));
        return all;
    }

    /// Never Passive: some panels hide that.
    private String status() {
        return state == State.FAILURE ? "NeedsAttention" : "Active";
    }

    private Variant<?> pixmapsOf(State wanted) {
        return new Variant<>(
                pixmaps.computeIfAbsent(
                        wanted,
                        artwork -> sizes(artwork)
                                .map(StatusNotifierItemExport::pixmap)
                                .toList()),
                "a(iiay)");
    }

    private static Stream<Pixmap> sizes(State state) {
        return IntStream.of(SIZES).mapToObj(size -> artwork(state, size));
    }

    static Pixmap artwork(State state, int size) {
        return Pixmap.ofResource("lantern-%s-%d.png".formatted(state.word(), size));
    }

    private static IconPixmap pixmap(Pixmap pixmap) {
        return new IconPixmap(pixmap.width(), pixmap.height(), pixmap.argb());
    }

    /// Panels read the text as markup, but not all know the same tags: Xfce's shows nothing at all if it meets `<br>`.
    /// All of them break a line at its end.
    private static String markup(List<String> lines) {
        return String.join("\n", lines)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
    }
}
