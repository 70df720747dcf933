package dewy.cache.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The files by which apps note their current blobs: the key, on one line. */
final class Markers {
    static final String PREFIX = "current";

    private static final int LARGEST = 16 << 10;

    private Markers() {}

    /** Returns whether a file of this name is a marker: {@code current}, or {@code current.<host>.<app>}. */
    static boolean isMarker(String name) {
        return name.equals(PREFIX) || name.startsWith(PREFIX + ".");
    }

    /** Returns the keys that any app notes as current. */
    static Set<String> current(Path folder) throws IOException {
        Set<String> keys = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                folder, file -> isMarker(file.getFileName().toString()))) {
            for (Path file : files) {
                SmallFile.read(file, LARGEST).ifPresent(text -> keys.add(text.strip()));
            }
        }
        return keys;
    }

    /** Notes a key, in a folder whose lock is held. */
    static void mark(Path folder, String marker, String key) throws IOException {
        String text = key + "\n";
        if (!SmallFile.read(folder.resolve(marker), LARGEST).equals(Optional.of(text))) {
            SmallFile.write(folder, marker, text);
        }
    }
}
