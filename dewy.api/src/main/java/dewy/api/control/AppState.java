package dewy.api.control;

/** What an app is doing. */
public enum AppState {
    /** It waits for the next cycle. */
    WATCHING,
    /** A cycle is looking for a new release. */
    CHECKING,
    /** A cycle is deploying a release. */
    DEPLOYING,
    /** A plugin it needs is gone; it keeps serving and recovers by itself. */
    DEGRADED,
    /** It was told not to look for new releases; what serves goes on. */
    PAUSED,
    /** It is being stopped, or was. */
    STOPPED
}
