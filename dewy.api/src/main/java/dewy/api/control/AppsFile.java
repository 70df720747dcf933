package dewy.api.control;

import dewy.api.DewyException;
import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Apps that are written down in a file, as docs/config.md describes it. Safe for use by several threads. */
@ProviderType
public interface AppsFile {
    /**
     * Returns the apps of a file, with what was left out filled in from its defaults.
     *
     * @throws dewy.api.InvalidException naming line and key of everything that is wrong
     * @throws dewy.api.StorageException if the file cannot be read
     */
    List<AppDefinition> read(Path file) throws DewyException;

    /**
     * Has the agent run the apps of a file, and keeps to what the file says from now on. A file that has become wrong is
     * refused whole: the log says why, and what it said before stays in force.
     *
     * @throws DewyException as {@link #read}, or when an app cannot be added; nothing is followed then
     */
    void follow(Path file) throws DewyException;

    /** Returns the text of a file with these apps. */
    String write(List<AppDefinition> apps);
}
