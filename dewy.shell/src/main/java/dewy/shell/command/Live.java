package dewy.shell.command;

import java.io.IOException;

/** What goes on being shown until the viewer leaves. */
interface Live {
    /** Returns the exit code. */
    int show(Screen screen) throws IOException;
}
