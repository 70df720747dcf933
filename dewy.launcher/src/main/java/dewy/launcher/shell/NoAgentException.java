package dewy.launcher.shell;

import java.io.IOException;

/** There is no agent to talk to, or it has gone. */
final class NoAgentException extends IOException {
    private static final long serialVersionUID = 1L;

    NoAgentException(String message) {
        super(message);
    }
}
