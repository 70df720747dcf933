package dewy.shell.command;

import dewy.api.control.Operation;
import dewy.api.control.Operation.Progress;
import dewy.view.Words;

/** How far an operation is, in a line: with a bar where there is room and it is known how much there is. */
final class ProgressLine {
    private static final int LONGEST_BAR = 30;
    private static final int SHORTEST_BAR = 8;

    private ProgressLine() {}

    /** Returns a line of so many columns at most. */
    static String of(Operation operation, Viewer viewer, int columns) {
        String words = Words.progress(operation, viewer.now());
        int room = Math.min(LONGEST_BAR, columns - words.length() - 1);
        String bar = operation
                .progress()
                .filter(part -> room >= SHORTEST_BAR && part.total().orElse(0) > 0)
                .map(part -> bar(part, room, viewer.window().unicode()) + " ")
                .orElse("");
        return Table.cut(bar + words, columns);
    }

    private static String bar(Progress part, int length, boolean unicode) {
        double share = Math.min(1, (double) part.done() / part.total().orElse(1));
        if (unicode) {
            int done = (int) (share * length);
            return "█".repeat(done) + "░".repeat(length - done);
        }
        int inner = length - 2;
        int done = (int) (share * inner);
        return "[" + "#".repeat(done) + "-".repeat(inner - done) + "]";
    }

    /** Returns what it has come to, for those that cannot be drawn to. */
    static String step(Operation operation) {
        return operation.step() + operation.version().map(tag -> " " + tag).orElse("");
    }
}
