package dewy.core.host;

import dewy.api.control.PluginStatus;

/** Says why a plugin is in use, or not. */
final class Explanation {
    private Explanation() {}

    static String of(PluginStatus status) {
        String what = status.bundle() + (status.version().isEmpty() ? "" : " " + status.version());
        String offer =
                status.kind().isEmpty() ? "" : " (" + status.kind() + ":" + String.join(",", status.schemes()) + ")";
        return what + offer + " " + reason(status) + ".";
    }

    private static String reason(PluginStatus status) {
        return switch (status.state()) {
            case AVAILABLE -> "is at hand and not started, because no app names it";
            case DISABLED -> "was disabled, and is not used until it is enabled";
            case STOPPED -> "was stopped, and is not used until it is started";
            case REFUSED -> "cannot be used: " + status.problem().orElse("the log says why");
            case ACTIVE -> active(status);
        };
    }

    private static String active(PluginStatus status) {
        if (!status.users().isEmpty()) {
            return "is used by " + String.join(", ", status.users());
        }
        return status.chosen()
                ? "is active, and used once an app names it"
                : "is active, and comes after another one of a higher ranking or a newer version";
    }
}
