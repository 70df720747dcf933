package dewy.core.host;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Bundle;

/** Has apps use other plugins than those that are to go, and removes these. For one thread at a time. */
final class Retirement {
    private final HostParts parts;
    private final BundleRemoval removal;

    Retirement(HostParts parts, BundleRemoval removal) {
        this.parts = parts;
        this.removal = removal;
    }

    /** Has all apps use others; where there is none they are left to degrade. */
    void letGo(List<Bundle> bundles) throws DewyException {
        moveAway(bundles, false);
    }

    /**
     * Has all apps use others, and removes the bundles.
     *
     * @throws InvalidException if there is none for one of them; all is as before
     */
    void remove(List<Bundle> bundles, EventScope events) throws DewyException {
        moveAway(bundles, true);
        for (Bundle bundle : bundles) {
            String name = bundle.getSymbolicName();
            parts.inventory().file(bundle).ifPresent(parts.folder()::remove);
            removal.remove(bundle, removal.threads(bundle));
            parts.earlier().forget(name);
            if (parts.inventory().newest(name).isEmpty()) {
                parts.folder().disable(name, false);
            }
            events.publish(EventKind.PLUGIN_REMOVED, PluginBundle.name(bundle));
        }
    }

    private void moveAway(List<Bundle> bundles, boolean needed) throws DewyException {
        List<ServiceOffer<?>> next = new ArrayList<>();
        bundles.forEach(parts.available()::retire);
        bundles.forEach(parts.directory()::withhold);
        try {
            for (Bundle bundle : bundles) {
                for (ServiceOffer<?> offer : parts.directory().offers(bundle)) {
                    next.addAll(alternatives(offer, needed));
                }
            }
            parts.switchover().to(next);
            parts.switchover().release();
        } catch (DewyException e) {
            bundles.forEach(parts.available()::makeAvailable);
            bundles.forEach(parts.directory()::admit);
            throw e;
        }
    }

    private List<ServiceOffer<?>> alternatives(ServiceOffer<?> offer, boolean needed) throws InvalidException {
        List<String> users = parts.inventory().users(offer);
        List<ServiceOffer<?>> found = new ArrayList<>();
        for (String scheme : offer.schemes()) {
            if (users.isEmpty()) {
                break;
            }
            parts.available().provide(offer.kind(), scheme);
            Optional<ServiceOffer<?>> best = parts.directory().best(offer.kind(), scheme);
            if (best.isEmpty() && needed) {
                throw new InvalidException(Problem.of(
                        "remove",
                        offer.bundle(),
                        String.join(", ", users) + " needs " + offer.kind() + ":" + scheme
                                + ", and no other plugin answers to it",
                        advice(offer.origin())));
            }
            best.ifPresent(found::add);
        }
        return found;
    }

    private String advice(Bundle needed) {
        String name = needed.getSymbolicName();
        String back = parts.earlier()
                .before(name, needed.getVersion())
                .map(earlier -> "plugin rollback " + name + " to go back to " + earlier.version() + ", ")
                .orElse("");
        return "Use " + back + "plugin update for another version, or plugin disable " + name
                + " to have apps go on without it";
    }
}
