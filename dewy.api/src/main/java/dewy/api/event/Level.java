package dewy.api.event;

/** How much an event matters, as in the log. */
public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
}
