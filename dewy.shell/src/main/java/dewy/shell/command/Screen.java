package dewy.shell.command;

import java.io.IOException;
import java.time.Duration;

/** Where a command shows things to somebody who may leave. Used by one thread at a time. */
public interface Screen {
    /**
     * Shows a text.
     *
     * @throws IOException if the viewer has left
     */
    void write(String text) throws IOException;

    /** Says that more will be shown until the viewer leaves. */
    void live() throws IOException;

    /** Waits for so long, or until the viewer leaves; returns whether the viewer is still there. */
    boolean pause(Duration length) throws IOException;
}
