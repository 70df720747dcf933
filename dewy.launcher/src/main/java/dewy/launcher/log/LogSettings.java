package dewy.launcher.log;

import ch.qos.logback.classic.Level;

/**
 * How the log is written. It must be chosen before the first record is.
 *
 * @param level the least level that is written
 * @param format how a record is written
 */
public record LogSettings(Level level, Format format) {
    private static volatile LogSettings chosen = new LogSettings(Level.INFO, Format.TEXT);

    /** How a record is written. */
    public enum Format {
        TEXT,
        JSON
    }

    /** Makes these the settings of this process. */
    public void choose() {
        chosen = this;
    }

    static LogSettings chosen() {
        return chosen;
    }
}
