package dewy.core.host;

import dewy.api.DewyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipFile;

/**
 * Notices jars that are put into the plugin folder, changed there, or taken away. A file counts once it is complete and the
 * same at two looks, so that one that is being copied is waited for; one that stays incomplete counts after a while, and is
 * found to be damaged then. For one thread at a time.
 */
final class FolderWatch {
    private static final int LOOKS_UNTIL_DAMAGED = 15;

    private record Seen(PluginFolder.Stamp stamp, int looks) {}

    private final PluginFolder folder;
    private final HotDeployment deployment;
    private Map<Path, Seen> seen = new HashMap<>();

    FolderWatch(PluginFolder folder, HotDeployment deployment) {
        this.folder = folder;
        this.deployment = deployment;
    }

    /** Returns whether there is no such folder, and never was anything in it. */
    boolean isIdle() {
        return folder.known().isEmpty() && !Files.isDirectory(folder.path());
    }

    /** Looks once. */
    void look() {
        try {
            Set<Path> gone = new HashSet<>(folder.known());
            Map<Path, Seen> now = new HashMap<>();
            for (Path jar : folder.jars()) {
                PluginFolder.Stamp stamp = folder.stamp(jar);
                Seen before = seen.get(jar);
                int looks = before != null && before.stamp().equals(stamp) ? before.looks() + 1 : 1;
                now.put(jar, new Seen(stamp, looks));
            }
            gone.removeAll(now.keySet());
            gone.forEach(deployment::removed);
            now.forEach(this::there);
            seen = now;
        } catch (IOException | DewyException e) {
            // A file vanished meanwhile, or the folder cannot be read: the next look shows.
        }
    }

    private void there(Path jar, Seen now) {
        boolean settled = now.looks() >= LOOKS_UNTIL_DAMAGED || (now.looks() > 1 && isComplete(jar));
        if (settled && folder.isNew(jar, now.stamp())) {
            folder.note(jar, now.stamp());
            deployment.added(jar);
        }
    }

    /** The directory of an archive is at its end, so it can be read when all is there. */
    private static boolean isComplete(Path jar) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.size() > 0;
        } catch (IOException e) {
            return false;
        }
    }
}
