package dewy.api.control;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Runs command lines for one prompt at which a person sits; used by one thread at a time. */
@ProviderType
public interface CommandLines {
    /**
     * What could stand at the end of a command line.
     *
     * @param text the word
     * @param summary what it means, in a line; may be empty
     */
    record Candidate(String text, String summary) {}

    /**
     * Runs a line, and returns when it is done. Interrupting the thread ends a command that would go on.
     *
     * @param out where its output goes
     * @param live is told when the command goes on showing things until it is interrupted
     * @return the exit code, 0 when all is well
     * @throws IOException if {@code out}, or the agent, cannot be reached
     */
    int run(String line, Window window, OutputStream out, Runnable live) throws IOException;

    /** Returns what the last of these words, which may be empty, could become; nothing when that is not known. */
    List<Candidate> complete(List<String> words);
}
