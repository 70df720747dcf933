package dewy.api.process;

/** The signals that are sent to child processes. */
public enum Signal {
    HUP,
    INT,
    QUIT,
    KILL,
    USR1,
    USR2,
    TERM
}
