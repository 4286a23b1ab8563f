package io.github.lamplighter.tray;

import io.github.lamplighter.status.ToolStatus.State;
import java.awt.AWTException;
import java.awt.CheckboxMenuItem;
import java.awt.EventQueue;
import java.awt.GraphicsEnvironment;
import java.awt.Image;
import java.awt.Menu;
import java.awt.MenuItem;
import java.awt.PopupMenu;
import java.awt.SystemTray;
import java.awt.TrayIcon;
import java.awt.image.BaseMultiResolutionImage;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The status item of macOS, through AWT, with the same menu as elsewhere. macOS draws its pictures as templates: only
/// their shape counts. The only class that knows AWT; elsewhere it is never loaded.
final class MacStatusItem implements StatusItem {

    private final Consumer<MenuAction> clicked;
    private final Runnable activated;
    private Optional<TrayIcon> icon = Optional.empty();
    private List<TrayMenuItem> menu = List.of();

    /// @param clicked receives menu items, in AWT's thread
    /// @param activated is called when a notification is clicked
    MacStatusItem(Consumer<MenuAction> clicked, Runnable activated) {
        this.clicked = clicked;
        this.activated = activated;
    }

    @Override
    public Optional<String> open() {
        // No icon in the Dock, and pictures that fit a light and a dark menu bar.
        System.setProperty("apple.awt.UIElement", "true");
        System.setProperty("apple.awt.enableTemplateImages", "true");
        if (GraphicsEnvironment.isHeadless() || !SystemTray.isSupported()) {
            return Optional.of("This session has no menu bar, so there is no tray icon.");
        }
        TrayIcon made = new TrayIcon(picture(State.UNKNOWN), "Lamplighter");
        made.setImageAutoSize(true);
        made.addActionListener(_ -> activated.run());
        try {
            SystemTray.getSystemTray().add(made);
        } catch (AWTException e) {
            return Optional.of("The menu bar refused the tray icon: %s.".formatted(e.getMessage()));
        }
        icon = Optional.of(made);
        return Optional.empty();
    }

    @Override
    public void show(TrayView view) {
        icon.ifPresent(shown -> EventQueue.invokeLater(() -> {
            shown.setImage(picture(view.state()));
            shown.setToolTip("Lamplighter: " + view.title());
            // A menu that is replaced is closed, so only one that changed is.
            if (!view.menu().equals(menu)) {
                menu = view.menu();
                shown.setPopupMenu(menu(menu, clicked));
            }
        }));
    }

    @Override
    public void tell(NotificationPolicy.Notification notification) {
        icon.ifPresent(shown -> EventQueue.invokeLater(() -> shown.displayMessage(
                notification.title(),
                notification.body(),
                switch (notification.state()) {
                    case FAILURE -> TrayIcon.MessageType.ERROR;
                    case ATTENTION -> TrayIcon.MessageType.WARNING;
                    case OK, STOPPED, UPDATE, UNKNOWN, WORKING -> TrayIcon.MessageType.NONE;
                })));
    }

    @Override
    public void close() {
        icon.ifPresent(SystemTray.getSystemTray()::remove);
    }

    static PopupMenu menu(List<TrayMenuItem> items, Consumer<MenuAction> clicked) {
        PopupMenu menu = new PopupMenu();
        fill(menu, items, clicked);
        return menu;
    }

    private static void fill(Menu menu, List<TrayMenuItem> items, Consumer<MenuAction> clicked) {
        for (TrayMenuItem item : items) {
            switch (item) {
                case TrayMenuItem.Action action -> {
                    MenuItem made = new MenuItem(action.label());
                    made.setEnabled(action.enabled());
                    made.addActionListener(_ -> clicked.accept(action.menuAction()));
                    menu.add(made);
                }
                case TrayMenuItem.Toggle toggle -> {
                    CheckboxMenuItem made = new CheckboxMenuItem(toggle.label(), toggle.on());
                    // It shows the state that is, not the one that was clicked.
                    made.addItemListener(_ -> {
                        made.setState(toggle.on());
                        clicked.accept(toggle.menuAction());
                    });
                    menu.add(made);
                }
                case TrayMenuItem.Text text -> {
                    MenuItem made = new MenuItem(text.label());
                    made.setEnabled(false);
                    menu.add(made);
                }
                case TrayMenuItem.Submenu submenu -> {
                    Menu below = new Menu(submenu.label());
                    fill(below, submenu.items(), clicked);
                    menu.add(below);
                }
                case TrayMenuItem.Separator _ -> menu.addSeparator();
            }
        }
    }

    private static Image picture(State state) {
        return new BaseMultiResolutionImage(image(state, 24), image(state, 48));
    }

    private static BufferedImage image(State state, int size) {
        Pixmap pixmap = StatusNotifierItemExport.artwork(state, size).template();
        BufferedImage image = new BufferedImage(pixmap.width(), pixmap.height(), BufferedImage.TYPE_INT_ARGB);
        for (int at = 0; at < pixmap.argb().length; at += 4) {
            int alpha = pixmap.argb()[at] & 0xff;
            int pixel = at / 4;
            image.setRGB(pixel % pixmap.width(), pixel / pixmap.width(), alpha << 24);
        }
        return image;
    }
}
