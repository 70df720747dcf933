package dewy.archive.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Is asked before each call of a {@link WatchedDisk}, and told what it has changed. */
public interface Watch {
    /** What a file system is asked to do. */
    enum Call {
        OPEN,
        CREATE,
        READ,
        WRITE,
        TRUNCATE,
        FORCE,
        MAKE_DIRECTORY,
        LINK,
        RENAME,
        DELETE,
        LIST,
        SET
    }

    /** Throws what the call is to fail with, if it is to fail. */
    default void before(Call call, Path path) throws IOException {}

    /** Returns how many of so many bytes the next write takes. */
    default int admitted(int bytes) {
        return bytes;
    }

    /** Something was changed, as it is to be done to a model of the disk. */
    default void changed(Consumer<ModelDisk> change) {}
}
