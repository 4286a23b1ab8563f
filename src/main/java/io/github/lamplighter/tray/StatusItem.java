package io.github.lamplighter.tray;

import java.util.Optional;

/// The icon on a system whose panel is not reached over D-Bus.
interface StatusItem {

    /// Shows it.
    ///
    /// @return why that is not possible, as a sentence
    Optional<String> open();

    /// Takes over a view.
    void show(TrayView view);

    void tell(NotificationPolicy.Notification notification);

    void close();
}
