package dewy.shell.command;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Shows records as they come, one piece after the other: whoever reads slowly gets them later, and costs no memory.
 *
 * @param log where they come from
 * @param count how many of the last ones come first
 * @param viewer who looks
 * @param json whether each is written for scripts
 */
record Following(AppLog log, int count, Viewer viewer, boolean json) implements Live {
    private static final Duration TICK = Duration.ofMillis(250);

    @Override
    public int show(Screen screen) throws IOException {
        write(screen, log.last(count));
        while (screen.pause(TICK)) {
            for (List<LogRecord> more = log.more(); !more.isEmpty(); more = log.more()) {
                write(screen, more);
            }
        }
        return 0;
    }

    private void write(Screen screen, List<LogRecord> records) throws IOException {
        StringBuilder text = new StringBuilder();
        for (LogRecord record : records) {
            text.append(json ? Json.line(record.view()) : Reply.tame(record.text(viewer) + "\n"));
        }
        if (!text.isEmpty()) {
            screen.write(text.toString());
        }
    }
}
