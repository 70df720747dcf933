package dewy.core.host;

import static java.util.Comparator.comparing;

import dewy.api.DewyException;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Bundle;

/** Has a plugin not be used, or be used again; when that fails, it is as before. For one thread at a time. */
final class Disablement {
    private final HostParts parts;
    private final Retirement retirement;

    private interface Work {
        void run() throws DewyException;
    }

    Disablement(HostParts parts, Retirement retirement) {
        this.parts = parts;
        this.retirement = retirement;
    }

    /** Has all apps use others, and the bundles of a name stopped. */
    void disable(String name) throws DewyException {
        List<Bundle> bundles = parts.inventory().bundles(name);
        boolean before = parts.folder().isDisabled(name);
        parts.folder().disable(name, true);
        attempt(
                () -> {
                    retirement.letGo(bundles);
                    for (Bundle bundle : bundles) {
                        parts.starter().stop(bundle);
                        free(bundle);
                    }
                },
                () -> {
                    parts.folder().disable(name, before);
                    bundles.forEach(this::free);
                });
    }

    /**
     * Has the newest bundle of a name started, and used where it is the best. It is marked as disabled until it is known to be
     * any good, so that no app that looks for it starts it at the same time.
     */
    void enable(String name) throws DewyException {
        List<Bundle> bundles = parts.inventory().all(name);
        Optional<Bundle> newest = parts.inventory().bundles(name).stream().max(comparing(Bundle::getVersion));
        attempt(
                () -> {
                    if (newest.isPresent()) {
                        parts.directory().withhold(newest.get());
                        parts.starter().start(newest.get());
                        parts.admission().requireWhatItDeclares(newest.get());
                    }
                    parts.folder().disable(name, false);
                    bundles.forEach(this::free);
                    parts.directory().lookAgain();
                },
                () -> {
                    if (newest.isPresent()) {
                        parts.starter().stop(newest.get());
                    }
                    bundles.forEach(this::free);
                });
    }

    /** Lets a bundle be chosen again, if it is not disabled. */
    private void free(Bundle bundle) {
        parts.available().makeAvailable(bundle);
        parts.directory().admit(bundle);
    }

    /** Does something; when that fails, it is undone. */
    private static void attempt(Work work, Work undo) throws DewyException {
        try {
            work.run();
        } catch (DewyException | RuntimeException e) {
            try {
                undo.run();
            } catch (DewyException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
    }
}
