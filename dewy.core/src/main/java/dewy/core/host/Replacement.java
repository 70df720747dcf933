package dewy.core.host;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;

/**
 * Has one bundle take the place of the others of its name: a newer one, or the one that was there before. What it replaces is
 * kept, so that there is a way back. For one thread at a time.
 */
final class Replacement {
    private final HostParts parts;
    private final BundleRemoval removal;

    /** What a bundle must be to be used. */
    interface Rule {
        void require(Bundle fresh, String origin) throws InvalidException;
    }

    Replacement(HostParts parts, BundleRemoval removal) {
        this.parts = parts;
        this.removal = removal;
    }

    /** Installs a copy without anybody using it; one that is no bundle is deleted. */
    Bundle install(Path copy, String origin) throws DewyException {
        try {
            Bundle fresh = parts.starter().install(copy, origin);
            parts.directory().withhold(fresh);
            return fresh;
        } catch (DewyException e) {
            parts.folder().delete(copy);
            throw e;
        }
    }

    /** Requires that a bundle that is installed may be used; it is removed else. */
    void require(Rule rule, Bundle fresh, String origin) throws InvalidException {
        try {
            rule.require(fresh, origin);
        } catch (InvalidException e) {
            removal.remove(fresh, removal.threads(fresh));
            throw e;
        }
    }

    /** Returns the bundle of a name that is in use, or would be. */
    Optional<Bundle> current(String name) {
        return parts.inventory().bundles(name).stream()
                .max(Comparator.<Bundle, Boolean>comparing(
                                bundle -> !parts.directory().offers(bundle).isEmpty())
                        .thenComparing(Bundle::getVersion));
    }

    /**
     * Has a bundle that is installed and {@linkplain ServicePluginDirectory#withhold withheld} take over.
     *
     * @param file its file in the plugin folder; empty when it came with the launcher
     * @param keeping puts that there
     * @param change what is told of each bundle that it replaces
     * @throws DewyException if it cannot; it is removed, and all is as before
     */
    void take(Bundle fresh, Optional<String> file, Admission.Keeping keeping, EventKind change, EventScope events)
            throws DewyException {
        String name = fresh.getSymbolicName();
        Optional<Bundle> current = current(name);
        Map<Bundle, BundleThreads> before = new LinkedHashMap<>();
        parts.inventory().bundles(name).forEach(old -> before.put(old, removal.threads(old)));
        List<Thread> others = removal.threads(fresh).threads();
        try {
            parts.admission().admit(fresh, List.copyOf(before.keySet()), bundle -> {
                if (current.isPresent()) {
                    parts.earlier().keep(current.get());
                }
                keeping.keep(bundle);
            });
        } catch (DewyException | RuntimeException e) {
            removal.remove(fresh, removal.threads(fresh).without(others));
            throw e;
        }
        file.ifPresent(origin -> parts.inventory().note(fresh, origin));
        if (before.isEmpty()) {
            events.publish(EventKind.PLUGIN_INSTALLED, PluginBundle.name(fresh), file.orElse(""));
        }
        before.forEach((old, threads) -> {
            events.publish(change, PluginBundle.name(fresh), PluginBundle.name(old), file.orElse(""));
            replace(old, file);
            removal.remove(old, threads);
        });
        current.ifPresent(old -> parts.earlier().keepOnly(name, old.getVersion()));
    }

    private void replace(Bundle old, Optional<String> file) {
        Optional<Path> obsolete = parts.inventory().file(old);
        obsolete.filter(jar -> file.isEmpty() || !jar.endsWith(file.get())).ifPresent(parts.folder()::remove);
    }
}
