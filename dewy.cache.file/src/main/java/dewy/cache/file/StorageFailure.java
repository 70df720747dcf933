package dewy.cache.file;

import dewy.api.Problem;
import dewy.api.StorageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Says in words why the file system refused, and what can be done about it. */
final class StorageFailure {
    private static final String ANOTHER_FOLDER =
            "name a folder for the cache that suits: --cache file:///dir or " + CacheLocation.ENVIRONMENT;
    private static final long NEARLY_NOTHING = 1 << 20;

    private StorageFailure() {}

    static StorageException of(String tried, Path folder, IOException e) {
        return new StorageException(Problem.of(tried, folder, reason(e), advice(folder)), e);
    }

    private static String advice(Path folder) {
        boolean full = folder.toFile().isDirectory() && folder.toFile().getUsableSpace() < NEARLY_NOTHING;
        return full
                ? "Free some space on that file system, or " + ANOTHER_FOLDER
                : "Let the user that Dewy runs as read and write there, or " + ANOTHER_FOLDER;
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        boolean told = e instanceof FileSystemException refused && refused.getReason() != null;
        String reason = told ? ((FileSystemException) e).getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
