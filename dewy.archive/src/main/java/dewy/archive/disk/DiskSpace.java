package dewy.archive.disk;

import dewy.api.Problem;
import dewy.api.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Asks for room on a disk before something is written to it. That prevents the obvious only: what the system cannot tell
 * counts as enough, and a disk may become full meanwhile. Safe for use by several threads.
 */
public final class DiskSpace {
    /** What unpacking takes beside the content of files: directories, links, the journal. */
    public static final long HEADROOM = 1 << 20;

    private DiskSpace() {}

    /**
     * Returns if there is room.
     *
     * @param tried what the room is for, as a verb phrase that is followed by the folder
     * @param folder the folder to write to, which need not exist
     * @param bytes how many bytes are needed at least
     * @throws StorageException if there is less
     */
    public static void require(String tried, Path folder, long bytes) throws StorageException {
        long room = existing(folder).toFile().getUsableSpace();
        // Some systems say 0 where they do not know.
        if (room > 0 && bytes > room) {
            throw new StorageException(Problem.of(
                    tried,
                    folder,
                    String.format(Locale.ROOT, "it needs %,d bytes and the disk has %,d left", bytes, room),
                    "Free some space; it is then tried again."));
        }
    }

    private static Path existing(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }
}
