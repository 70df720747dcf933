package dewy.cache.file;

import dewy.api.Problem;
import dewy.api.StorageException;
import java.io.IOException;
import java.nio.file.Path;

/** What can be done about a file system that refused. */
final class StorageFailure {
    private static final String ANOTHER_FOLDER =
            "name a folder for the cache that suits: --cache file:///dir or " + CacheLocation.ENVIRONMENT;
    private static final long NEARLY_NOTHING = 1 << 20;

    private StorageFailure() {}

    static StorageException of(String tried, Path folder, IOException e) {
        return new StorageException(Problem.of(tried, folder, StorageException.reason(e), advice(folder)), e);
    }

    private static String advice(Path folder) {
        boolean full = folder.toFile().isDirectory() && folder.toFile().getUsableSpace() < NEARLY_NOTHING;
        return full
                ? "Free some space on that file system, or " + ANOTHER_FOLDER
                : "Let the user that Dewy runs as read and write there, or " + ANOTHER_FOLDER;
    }
}
