package dewy.registry.file;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;

/**
 * A folder with the layout {@code <root>/<version>/<artifact>}, as a URL names it: {@code file:///dir}, {@code
 * file://localhost/dir}, or {@code file:dir} for one that is relative to the app directory.
 *
 * @param root the folder, absolute; it need not exist
 * @param settle how long a file must have been left alone before it counts as complete
 */
record RegistryFolder(Path root, Duration settle) {
    private static final Duration DEFAULT_SETTLE = Duration.ofMillis(500);

    /** A file that is there, and what it looked like. */
    record Found(Path path, Stamp stamp) {}

    /**
     * Reads a plugin URL.
     *
     * @throws InvalidException if it names another host, no folder, or unknown parameters
     */
    static RegistryFolder of(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Duration settle = parameters.duration("settle", DEFAULT_SETTLE);
        if (!url.authority().isEmpty() && !url.authority().equals("localhost")) {
            parameters.complain("\"" + url.authority()
                    + "\" stands where a host stands, and only files of this host can be read: an absolute path takes"
                    + " three slashes, as in file:///" + url.authority() + url.path());
        } else if (url.path().isEmpty()) {
            parameters.complain("it names no folder, as file:///dir does");
        }
        Path root = app.directory();
        try {
            root = root.resolve(url.path()).toAbsolutePath();
        } catch (InvalidPathException e) {
            parameters.complain("its path cannot be one: " + e.getReason());
        }
        parameters.finish();
        return new RegistryFolder(root, settle);
    }

    /**
     * Finds the file that a release offers under a name. Links are followed as long as they stay inside the folder.
     *
     * @throws NotFoundException if there is none
     * @throws InvalidException if it leads out of the folder
     * @throws StorageException if the system refuses to tell
     */
    Found find(String tag, String name) throws DewyException {
        Path path = locate(tag, name);
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                return new Found(path, Stamp.of(attributes));
            }
        } catch (IOException e) {
            throw failure(path, e);
        }
        throw new NotFoundException(Problem.of("read", path, "it is not a file", ""));
    }

    /** Returns the real path of something inside the folder; fails as {@link #find} does. */
    Path locate(String tag, String name) throws DewyException {
        Path path = root;
        try {
            path = root.resolve(tag).resolve(name);
            Path real = path.toRealPath();
            if (real.startsWith(root.toRealPath())) {
                return real;
            }
        } catch (IOException e) {
            throw failure(path, e);
        } catch (InvalidPathException e) {
            throw new NotFoundException(Problem.of("read", tag + "/" + name, "no file can have this name", ""), e);
        }
        String advice = "Put the file itself there; links are followed inside " + root + " only";
        throw new InvalidException(Problem.of("read", path, "it leads out of the registry", advice));
    }

    /** Returns what is to be told when the file system refused. */
    static DewyException failure(Path path, IOException e) {
        if (e instanceof NoSuchFileException) {
            boolean link = Files.isSymbolicLink(path);
            String why = link ? "it is a link that leads nowhere" : "it does not exist";
            return new NotFoundException(Problem.of("read", path, why, ""), e);
        }
        String advice = "Let the user that Dewy runs as read it";
        return new StorageException(Problem.of("read", path, StorageException.reason(e), advice), e);
    }
}
