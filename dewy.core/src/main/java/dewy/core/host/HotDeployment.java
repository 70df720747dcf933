package dewy.core.host;

import dewy.api.DewyException;
import dewy.core.event.EventKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.framework.Bundle;

/**
 * What becomes of the jars in the plugin folder: those that are there at the start, and those that come, change and go
 * ({@link FolderWatch}). Safe for use by several threads.
 */
final class HotDeployment {
    /** Who puts jars into the folder is not known. */
    private static final String FOLDER = "folder";

    private final HostParts parts;
    private final PluginChanges changes;
    private final Replacement replacement;
    private final Retirement retirement;
    private final ChangeRules rules;
    private final RefusedJars refused;
    private final Set<Path> aside = new TreeSet<>();

    HotDeployment(HostParts parts, PluginChanges changes, Replacement replacement, Retirement retirement) {
        this.parts = parts;
        this.changes = changes;
        this.replacement = replacement;
        this.retirement = retirement;
        this.rules = new ChangeRules(parts);
        this.refused = new RefusedJars(parts.folder().path());
        parts.available().asLastResort(this::installAside);
    }

    /**
     * Installs the jars of the folder, as at the start: plugins are started when an app names them, other bundles at once. One
     * that is refused does not keep the others from being used. One that was refused before is set aside: it arrives when the
     * folder is looked at, so that it is tried for the apps that are there then.
     */
    void installAll() {
        List<Bundle> others = new ArrayList<>();
        try {
            for (Path jar : parts.folder().jars()) {
                if (refused.contains(jar)) {
                    setAside(jar);
                    continue;
                }
                install(jar)
                        .filter(bundle -> PluginBundle.plugins(bundle).isEmpty())
                        .ifPresent(others::add);
            }
        } catch (DewyException e) {
            changes.refused(parts.folder().path().toString(), FOLDER, e);
        }
        for (Bundle bundle : others) {
            try {
                parts.starter().start(bundle);
            } catch (DewyException e) {
                changes.refused(parts.inventory().origin(bundle), FOLDER, e);
            }
        }
    }

    /** Takes in a jar that was put into the folder, whatever it is. */
    void added(Path jar) {
        String origin = String.valueOf(jar.getFileName());
        takeFromAside(jar);
        try {
            changes.make(origin, FOLDER, () -> {
                added(replacement.install(parts.folder().copy(jar), origin), origin);
                return true;
            });
            refused.forget(jar);
        } catch (DewyException e) {
            parts.inventory().refuse(origin, e.problem().sentence());
            refused.note(jar);
        }
    }

    /** Removes what came from a jar that is not in the folder any more; it may have come back by a change meanwhile. */
    void removed(Path jar) {
        String origin = String.valueOf(jar.getFileName());
        try {
            changes.make(origin, FOLDER, () -> {
                if (Files.notExists(jar)) {
                    parts.folder().forget(jar);
                    refused.forget(jar);
                    parts.inventory().forget(origin);
                    retirement.remove(parts.inventory().from(origin), changes.scope(FOLDER));
                }
                return true;
            });
        } catch (DewyException e) {
            // It is told; the bundle works on until the agent ends.
        }
    }

    /** Forgets a jar that was refused. */
    void forget(Path jar) {
        takeFromAside(jar);
        refused.forget(jar);
    }

    private Optional<Bundle> install(Path jar) {
        String origin = String.valueOf(jar.getFileName());
        try {
            parts.folder().note(jar);
            Bundle bundle = parts.starter().install(parts.folder().copy(jar), origin);
            parts.inventory().note(bundle, origin);
            return Optional.of(bundle);
        } catch (DewyException e) {
            parts.inventory().refuse(origin, e.problem().sentence());
            changes.refused(origin, FOLDER, e);
            return Optional.empty();
        }
    }

    private void added(Bundle fresh, String origin) throws DewyException {
        boolean isPlugin = !PluginBundle.plugins(fresh).isEmpty();
        if (isPlugin && !parts.folder().isDisabled(fresh.getSymbolicName())) {
            replacement.require(rules::requireNewOrNewer, fresh, origin);
            replacement.take(fresh, Optional.of(origin), bundle -> {}, EventKind.PLUGIN_UPDATED, changes.scope(FOLDER));
            return;
        }
        parts.inventory().note(fresh, origin);
        parts.directory().admit(fresh);
        if (!isPlugin) {
            parts.starter().start(fresh);
        }
    }

    private synchronized void setAside(Path jar) {
        aside.add(jar);
        parts.inventory().refuse(String.valueOf(jar.getFileName()), "it was refused before, and is tried again");
    }

    /** Installs what is aside as if it had never been refused, since there is nothing else that an app could use. */
    private synchronized void installAside() {
        aside.forEach(this::install);
        aside.clear();
    }

    private synchronized void takeFromAside(Path jar) {
        aside.remove(jar);
    }
}
