package dewy.notifier.slack;

import dewy.api.event.Event;
import dewy.api.event.Level;

/** What an event means to people who only want to know whether they are needed. */
enum Weight {
    /** Something is wrong. */
    FAILURE,
    /** What was wrong no longer is. */
    RECOVERY,
    /** All the rest. */
    ROUTINE;

    static Weight of(Event event) {
        if (event.level().compareTo(Level.WARN) >= 0) {
            return FAILURE;
        }
        boolean over = event.type().endsWith(".recovered") || event.type().endsWith(".restored");
        return over ? RECOVERY : ROUTINE;
    }
}
