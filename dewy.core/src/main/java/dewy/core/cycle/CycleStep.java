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
    /** What was activated was watched for a while, by {@link Probation}, and is no good; shown as {@code --bake-time} calls it. */
    PROBATION("bake");

    private final String shown;

    CycleStep() {
        shown = name().toLowerCase(Locale.ROOT);
    }

    CycleStep(String shown) {
        this.shown = shown;
    }

    /** Returns whether it comes behind the gates: what is done then may change what serves. */
    public boolean isBehindGates() {
        return switch (this) {
            case ROLLBACK, FETCH, PREPARE, ACTIVATE, SETTLE, RESUME, PROBATION -> true;
            case PAUSE, LISTEN, POLL, SELECT, GATE, SERVE -> false;
        };
    }

    @Override
    public String toString() {
        return shown;
    }
}
