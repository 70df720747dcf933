package dewy.api.control;

/** How far the life of an agent is. */
public enum AgentPhase {
    /** Not all apps of its start are there yet. */
    STARTING,
    /** It does what it is asked. */
    AT_WORK,
    /** It lets go of its apps. */
    STOPPING
}
