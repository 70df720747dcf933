package dewy.api.control;

/** How a plugin is doing. */
public enum PluginState {
    /** It came with the launcher, or lies in the plugin folder, and no app needs it: it is not started. */
    AVAILABLE,
    /** It offers its schemes. */
    ACTIVE,
    /** It is installed and was stopped, or was started and offers nothing. */
    STOPPED,
    /** It was disabled by a person. */
    DISABLED,
    /** It cannot be used; the status says why. */
    REFUSED
}
