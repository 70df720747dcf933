package dewy.cache.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/**
 * By what a file is recognised as the one whose content was checked before.
 *
 * @param size its length in bytes
 * @param modified when its content was written last
 * @param identity which file it is: device and inode, where the system has them
 */
record Stamp(long size, Instant modified, String identity) {
    static Stamp of(Path file) throws IOException {
        return of(Files.readAttributes(file, BasicFileAttributes.class));
    }

    static Stamp of(BasicFileAttributes attributes) {
        return new Stamp(
                attributes.size(), attributes.lastModifiedTime().toInstant(), String.valueOf(attributes.fileKey()));
    }
}
