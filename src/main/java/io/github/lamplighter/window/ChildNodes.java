package io.github.lamplighter.window;

import java.util.List;
import javafx.collections.ObservableList;
import javafx.scene.Node;

/// Changes the children of a pane so that those that stay are not touched: they keep the focus, and nothing
/// moves while it is being read.
final class ChildNodes {

    private ChildNodes() {}

    static void arrange(ObservableList<Node> shown, List<? extends Node> wanted) {
        shown.removeIf(node -> !wanted.contains(node));
        for (int at = 0; at < wanted.size(); at++) {
            Node node = wanted.get(at);
            if (at >= shown.size() || shown.get(at) != node) {
                shown.remove(node);
                shown.add(at, node);
            }
        }
    }

    /// Whether the focus is on a node or inside of it.
    static boolean hasFocus(Node node) {
        Node at = node.getScene() == null ? null : node.getScene().getFocusOwner();
        while (at != null && at != node) {
            at = at.getParent();
        }
        return at == node;
    }
}
