package dewy.api.notifier;

/** What a notification means to people who want to know whether they are needed. */
public enum Severity {
    /** Something went as it should. */
    ROUTINE,
    /** What was wrong no longer is. */
    RECOVERY,
    /** Something is wrong, and is dealt with; somebody should look at it in time. */
    WARNING,
    /** Something failed; somebody is needed. */
    FAILURE
}
