package dewy.shell.command;

import dewy.api.DewyException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Draws what a command says once a second in the same place of a terminal.
 *
 * @param command what it says
 * @param viewer who looks
 * @param clock the time
 */
record Redrawn(Drawn command, Viewer viewer, InstantSource clock) implements Command.Live {
    /** What is drawn. */
    interface Drawn {
        Reply at(Viewer now) throws DewyException, UsageException;
    }

    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final String CLEAR = "\u001b[2J";
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K\n";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final int ROWS = 24;
    private static final int COLUMNS = 80;

    @Override
    public Reply show(Screen screen) throws IOException, DewyException {
        screen.write(CLEAR);
        do {
            Reply reply;
            try {
                reply = command.at(viewer.at(clock.instant()));
            } catch (UsageException e) {
                return Reply.failure(String.valueOf(e.getMessage()), 1);
            }
            screen.write(HOME + fitting(reply.text()) + CLEAR_BELOW);
        } while (screen.pause(PERIOD));
        return Reply.NOTHING;
    }

    /** Returns what fits into the window, with a hint at how to leave. */
    private String fitting(String text) {
        int rows = viewer.window().rows() > 0 ? viewer.window().rows() : ROWS;
        int columns = viewer.window().columns() > 0 ? viewer.window().columns() : COLUMNS;
        List<String> lines = text.lines().toList();
        int shown = Math.max(1, Math.min(lines.size(), rows - 2));
        StringBuilder fitting = new StringBuilder();
        for (String line : lines.subList(0, Math.min(shown, lines.size()))) {
            fitting.append(Table.cut(line, columns)).append(CLEAR_LINE);
        }
        String hidden = shown < lines.size() ? lines.size() - shown + " more lines do not fit; " : "";
        return fitting + viewer.faint(Table.cut(hidden + "q ends", columns)) + CLEAR_LINE;
    }
}
