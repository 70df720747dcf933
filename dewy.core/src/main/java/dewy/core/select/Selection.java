package dewy.core.select;

import dewy.api.release.Deliverable;

/** What a look at the releases of a registry comes to. */
public sealed interface Selection {
    /** This is to be deployed, unless it is already. */
    record Selected(Deliverable deliverable) implements Selection {}

    /** No release is eligible. */
    record None(String reason) implements Selection {}

    /** The newest release lacks its artifact, which may still be on its way. */
    record Awaited(String tag, String reason) implements Selection {}

    /** The newest release lacks its artifact, and nobody can expect it any more. */
    record Missing(String tag, String reason, String advice) implements Selection {}
}
