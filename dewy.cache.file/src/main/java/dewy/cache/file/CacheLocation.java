package dewy.cache.file;

import dewy.api.InvalidException;
import dewy.api.StorageException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a cache is, as a URL names it: {@code file:///dir}, {@code file:dir} (relative to the app directory), or {@code
 * file:} for {@code DEWY_CACHEDIR}, or else {@code cache} in the app's state directory. In a folder that is named each app
 * has one of its own: two apps may have artifacts of the same version and name.
 *
 * @param folder the folder, absolute; it need not exist
 * @param maxSize how many bytes its blobs may have together
 * @param marker the file in which the app notes its current blob
 */
record CacheLocation(Path folder, long maxSize, String marker) {
    static final String ENVIRONMENT = "DEWY_CACHEDIR";

    private static final long DEFAULT_MAX_SIZE = 4L << 30;

    /**
     * Reads a plugin URL.
     *
     * @throws InvalidException if it names another host, or unknown parameters
     */
    static CacheLocation of(PluginUrl url, AppContext app, Map<String, String> environment) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        long maxSize = parameters.bytes("max-size", DEFAULT_MAX_SIZE);
        if (maxSize == 0) {
            parameters.complain("max-size", "max-size=0 leaves room for nothing");
        }
        if (!url.authority().isEmpty() && !url.authority().equals("localhost")) {
            parameters.complain("\"" + url.authority()
                    + "\" stands where a host stands, and only folders of this host can be used: an absolute path takes"
                    + " three slashes, as in file:///" + url.authority() + url.path());
        }
        String named = url.path().isEmpty() ? environment.getOrDefault(ENVIRONMENT, "") : url.path();
        Path folder = app.stateDirectory().resolve("cache");
        try {
            folder = named.isEmpty() ? folder : app.directory().resolve(named).resolve(safe(app.name()));
        } catch (InvalidPathException e) {
            parameters.complain("its path cannot be one: " + e.getReason());
        }
        parameters.finish();
        return new CacheLocation(folder.toAbsolutePath().normalize(), maxSize, marker(app, !named.isEmpty()));
    }

    /**
     * Finds out whether blobs can be written here. Nothing is: where the folder is missing, the one counts in which it would
     * be made.
     *
     * @throws StorageException if they cannot
     */
    void requireWritable() throws StorageException {
        Path nearest = folder;
        while (!Files.exists(nearest, LinkOption.NOFOLLOW_LINKS) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        if (!Files.isDirectory(nearest) || !Files.isWritable(nearest)) {
            String why = Files.isDirectory(nearest) ? "permission denied" : nearest + " is not a folder";
            throw StorageFailure.of(
                    "write to the cache", folder, new FileSystemException(nearest.toString(), null, why));
        }
    }

    /** A folder that was named may be shared among hosts, so that its marker says whose it is. */
    private static String marker(AppContext app, boolean shared) {
        return shared ? Markers.PREFIX + "." + safe(app.host()) + "." + safe(app.name()) : Markers.PREFIX;
    }

    private static String safe(String name) {
        return name.replaceAll("[^A-Za-z0-9._-]", "-");
    }
}
