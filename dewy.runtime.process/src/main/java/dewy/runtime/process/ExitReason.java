package dewy.runtime.process;

import dewy.api.process.ExitStatus;

/** Why a server that ended did so, for people. */
final class ExitReason {
    private ExitReason() {}

    /** Returns how it ended, and what is wrong with a server that ends well. */
    static String of(ExitStatus status) {
        return isWell(status)
                ? status + "; a server that puts itself in the background is not supported"
                : status.toString();
    }

    /** Returns whether it meant to end, as one does that leaves its work to a child in the background. */
    static boolean isWell(ExitStatus status) {
        return status.code() == 0;
    }
}
