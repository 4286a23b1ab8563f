package io.github.lamplighter.window;

import javafx.geometry.HPos;
import javafx.geometry.Insets;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;

/// A row of an icon, a text, its buttons and a last node. Buttons stand below a text that does not fit on one line
/// beside them and would have less than 55 % of the width, so that long labels never squeeze what the user reads. No
/// node changes its parent, so that the focus stays.
class TextRow extends Pane {

    private static final double TEXT = 0.55;
    private static final double GAP = 10;
    private static final double LINE_GAP = 6;
    private static final double ICON = 20;

    private final Region icon;
    private final Region text;
    private final FlowPane buttons = new FlowPane(8, LINE_GAP);
    private final Region end;
    private final VPos alignment;

    /// A row without a last node.
    TextRow(Region icon, Region text, VPos alignment) {
        this(icon, text, new Region(), alignment);
        end.setManaged(false);
    }

    /// @param end stays at the right, whatever the width
    /// @param alignment of the nodes beside each other
    TextRow(Region icon, Region text, Region end, VPos alignment) {
        this.icon = icon;
        this.text = text;
        this.end = end;
        this.alignment = alignment;
        text.setMinWidth(0);
        buttons.setMinWidth(0);
        buttons.setAlignment(alignment == VPos.CENTER ? Pos.CENTER_LEFT : Pos.TOP_LEFT);
        // Its preferred width is that of one line.
        buttons.setPrefWrapLength(Double.MAX_VALUE);
        getChildren().setAll(icon, text, buttons, end);
    }

    final FlowPane buttons() {
        return buttons;
    }

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    /// The widths and heights of the parts within a width of the row.
    private record Sizes(
            boolean isBeside, double textWidth, double textHeight, double buttonsWidth, double buttonsHeight) {

        double height() {
            return isBeside ? Math.max(textHeight, buttonsHeight) : textHeight + LINE_GAP + buttonsHeight;
        }
    }

    private Sizes sizes(double inner) {
        double endWidth = end.isManaged() ? end.prefWidth(-1) + GAP : 0;
        double room = Math.max(0, inner - ICON - GAP - endWidth);
        double wanted = oneLine();
        if (wanted == 0) {
            return new Sizes(true, room, text.prefHeight(room), 0, 0);
        }
        double left = room - GAP - wanted;
        if (left >= Math.min(TEXT * inner, text.prefWidth(-1))) {
            return new Sizes(true, left, text.prefHeight(left), wanted, buttons.prefHeight(wanted));
        }
        return new Sizes(false, room, text.prefHeight(room), room, buttons.prefHeight(room));
    }

    /// The width of all buttons beside each other.
    private double oneLine() {
        double sum = 0;
        for (Node button : buttons.getChildren()) {
            if (button.isManaged()) {
                sum += Math.ceil(button.prefWidth(-1)) + (sum == 0 ? 0 : buttons.getHgap());
            }
        }
        return sum;
    }

    @Override
    protected double computeMinWidth(double height) {
        return 0;
    }

    @Override
    protected double computePrefWidth(double height) {
        Insets insets = getInsets();
        return insets.getLeft()
                + ICON
                + GAP
                + text.prefWidth(-1)
                + oneLine()
                + (end.isManaged() ? GAP + end.prefWidth(-1) : 0)
                + insets.getRight();
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }

    @Override
    protected double computePrefHeight(double width) {
        Insets insets = getInsets();
        double around = insets.getLeft() + insets.getRight();
        double inner = (width < 0 ? prefWidth(-1) : width) - around;
        double endHeight = end.isManaged() ? end.prefHeight(-1) : 0;
        return insets.getTop()
                + Math.ceil(Math.max(Math.max(ICON, endHeight), sizes(inner).height()))
                + insets.getBottom();
    }

    @Override
    protected void layoutChildren() {
        Insets insets = getInsets();
        double left = insets.getLeft();
        double top = insets.getTop();
        double inner = getWidth() - left - insets.getRight();
        double height = getHeight() - top - insets.getBottom();
        Sizes sizes = sizes(inner);
        double line = sizes.isBeside() ? height : sizes.textHeight();
        double textLeft = left + ICON + GAP;
        layoutInArea(icon, left, top, ICON, line, 0, HPos.CENTER, alignment);
        layoutInArea(text, textLeft, top, sizes.textWidth(), line, 0, HPos.LEFT, alignment);
        double buttonsLeft = sizes.isBeside() ? textLeft + sizes.textWidth() + GAP : textLeft;
        double buttonsTop = sizes.isBeside() ? top : top + sizes.textHeight() + LINE_GAP;
        double buttonsHeight = sizes.isBeside() ? line : sizes.buttonsHeight();
        layoutInArea(
                buttons,
                buttonsLeft,
                buttonsTop,
                sizes.buttonsWidth(),
                buttonsHeight,
                0,
                HPos.LEFT,
                sizes.isBeside() ? alignment : VPos.TOP);
        if (end.isManaged()) {
            double endWidth = end.prefWidth(-1);
            layoutInArea(end, left + inner - endWidth, top, endWidth, line, 0, HPos.RIGHT, alignment);
        }
    }
}
