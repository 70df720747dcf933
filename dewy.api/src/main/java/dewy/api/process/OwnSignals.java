package dewy.api.process;

import dewy.api.DewyException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The signals that are sent to the agent itself, as far as Java keeps them from programs: SIGQUIT, by which the JVM prints
 * its threads, and those to stop that whoever started the agent had it ignore. Safe for use by several threads.
 */
@ProviderType
public interface OwnSignals {
    /**
     * The signal as which SIGQUIT arrives. Linux has no other use for it; who wants to be told of SIGQUIT handles it before
     * {@link #claim} is called.
     */
    String QUIT = "STKFLT";

    /**
     * Has SIGINT and SIGTERM heeded, also where they were ignored from the start, and SIGQUIT arrive as {@link #QUIT}, where the
     * system lets it. Opening the first socket and starting the first process do the same. Does nothing the second time.
     *
     * @throws dewy.api.StorageException if this system is not supported, or does not let native code be loaded
     */
    void claim() throws DewyException;

    /**
     * To be asked whenever SIGQUIT arrived: a tool such as jcmd sends it too, when it talks with a JVM for the first time.
     *
     * @return whether it was from such a tool; the JVM has been given it then
     */
    boolean givesToJvm();
}
