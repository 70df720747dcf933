package dewy.core.cycle;

import java.util.Locale;

/** A step of a deploy cycle, under the name that people see. */
public enum CycleStep {
    PAUSE,
    LISTEN,
    POLL,
    SELECT,
    GATE,
    ROLLBACK,
    FETCH,
    PREPARE,
    ACTIVATE,
    SETTLE,
    SERVE,
    RESUME,
    /** What was activated is watched for a while, and is no good. */
    BAKE;

    /** Returns whether it comes behind the gates: what is done then may change what serves. */
    public boolean isBehindGates() {
        return switch (this) {
            case ROLLBACK, FETCH, PREPARE, ACTIVATE, SETTLE, RESUME, BAKE -> true;
            case PAUSE, LISTEN, POLL, SELECT, GATE, SERVE -> false;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
