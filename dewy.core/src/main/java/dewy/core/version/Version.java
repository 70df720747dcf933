package dewy.core.version;

/** A version that can be compared with others of its scheme. */
public interface Version extends Comparable<Version> {
    /** Returns whether it is a pre-release, which is taken only where that was asked for. */
    boolean isPreRelease();

    /** Returns its build metadata: the slot it is meant for; empty when it has none. */
    String build();
}
