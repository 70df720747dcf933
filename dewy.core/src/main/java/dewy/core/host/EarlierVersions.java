package dewy.core.host;

import dewy.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/**
 * The versions that can be gone back to: of each plugin the one that was replaced last, which is kept as {@code
 * plugins/before/NAME/VERSION.jar}, or the one that came with the launcher, which needs not be kept.
 * An update that cannot keep it is refused. After a rollback the newer version is kept in its place, so that going back is
 * undone like any other change. For one thread at a time.
 */
final class EarlierVersions {
    private static final String JAR = ".jar";

    private final PluginFolder folder;
    private final AvailablePlugins available;

    /**
     * One of them.
     *
     * @param jar where it is kept; empty when it came with the launcher
     */
    record Earlier(Version version, Optional<Path> jar) {}

    EarlierVersions(PluginFolder folder, AvailablePlugins available) {
        this.folder = folder;
        this.available = available;
    }

    /**
     * Returns what there is to go back to from a version. What came with the launcher comes before anything older that is
     * kept, because the next agent would choose it as well.
     */
    Optional<Earlier> before(String name, Version current) {
        Optional<Earlier> kept = jars(name).stream()
                .map(jar -> new Earlier(version(jar), Optional.of(jar)))
                .filter(earlier -> !earlier.version().equals(current))
                .max(Comparator.comparing(Earlier::version));
        Optional<Earlier> embedded = available.embedded(name).map(version -> new Earlier(version, Optional.empty()));
        boolean newer = kept.isPresent()
                && embedded.isPresent()
                && kept.get().version().compareTo(embedded.get().version()) > 0;
        return (newer ? kept : embedded.or(() -> kept))
                .filter(earlier -> !earlier.version().equals(current));
    }

    /** Keeps what a bundle was installed from, beside what is kept already. */
    void keep(Bundle bundle) throws StorageException {
        Optional<Path> copy = folder.copyOf(bundle);
        if (copy.isPresent()) {
            folder.write(copy.get(), folder(bundle.getSymbolicName()).resolve(bundle.getVersion() + JAR));
        }
    }

    /** Forgets all that is kept of a name, except one version. */
    void keepOnly(String name, Version version) {
        jars(name).stream().filter(jar -> !version(jar).equals(version)).forEach(folder::delete);
    }

    /** Forgets all that is kept of a name. */
    void forget(String name) {
        jars(name).forEach(folder::delete);
        folder.delete(folder(name));
    }

    private Path folder(String name) {
        return folder.path().resolve("before").resolve(name);
    }

    private List<Path> jars(String name) {
        try (var files = Files.list(folder(name))) {
            return files.filter(file -> file.toString().endsWith(JAR)).toList();
        } catch (IOException e) {
            return List.of(); // Nothing was kept.
        }
    }

    private static Version version(Path jar) {
        String name = String.valueOf(jar.getFileName());
        return Version.parseVersion(name.substring(0, name.length() - JAR.length()));
    }
}
