package dewy.cache.memory;

import dewy.api.cache.Blob;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** A blob, and the memory it is in. Guarded by {@link Memory}. */
final class HeldBlob {
    private final Blob blob;
    private final FileChannel content;
    private int readers;
    private boolean forgotten;

    HeldBlob(Blob blob, FileChannel content) {
        this.blob = blob;
        this.content = content;
    }

    Blob blob() {
        return blob;
    }

    FileChannel content() {
        return content;
    }

    boolean isBeingRead() {
        return readers > 0;
    }

    void beginReading() {
        readers++;
    }

    /** Returns whether its memory is free now. */
    boolean endReading() {
        readers--;
        return freeIfUnused();
    }

    /** Returns whether its memory is free now; else it is once nobody reads it any more. */
    boolean forget() {
        forgotten = true;
        return freeIfUnused();
    }

    private boolean freeIfUnused() {
        if (!forgotten || readers > 0) {
            return false;
        }
        close(content);
        return true;
    }

    static void close(FileChannel memory) {
        try {
            memory.close();
        } catch (IOException e) {
            // It has no name, so that nobody can find it any more.
        }
    }
}
