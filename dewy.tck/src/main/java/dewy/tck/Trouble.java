package dewy.tck;

/** What can befall the remote of a plugin. */
public enum Trouble {
    /** Nobody answers: no connection can be made, the folder is gone. */
    DOWN,
    /** Requests are taken, and never answered. */
    HANGING,
    /** An answer begins, and stops in the middle without ending. */
    STALLING,
    /** An answer breaks off in the middle. */
    BREAKING_OFF,
    /** The credentials are refused, or the user that Dewy runs as may not do it. */
    REFUSING,
    /** The remote is there, and has nothing of what the URL names. */
    MISSING,
    /** What is answered cannot be right: it contradicts itself, or is not what the protocol knows. */
    LYING
}
