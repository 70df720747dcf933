package dewy.core.host;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.bundle.PluginCapability;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;

/**
 * Takes in a bundle in the place of those of its name that are there: it is started without being chosen by anybody, proved for each app that would
 * use it, and only used once all of these have moved to it. For one thread at a time.
 */
final class Admission {
    private final ServicePluginDirectory directory;
    private final AvailablePlugins available;
    private final BundleStarter starter;
    private final Switchover switchover;
    private final Inventory inventory;

    Admission(
            ServicePluginDirectory directory,
            AvailablePlugins available,
            BundleStarter starter,
            Switchover switchover,
            Inventory inventory) {
        this.directory = directory;
        this.available = available;
        this.starter = starter;
        this.switchover = switchover;
        this.inventory = inventory;
    }

    /** What is done once all apps have moved, and can still fail. */
    interface Keeping {
        void keep(Bundle bundle) throws DewyException;
    }

    /**
     * Takes in a bundle that is installed and {@linkplain ServicePluginDirectory#withhold withheld}.
     *
     * @throws DewyException if anything about it is wrong; nobody uses it then
     */
    void admit(Bundle fresh, List<Bundle> before, Keeping keeping) throws DewyException {
        available.leaveAlone(fresh);
        starter.start(fresh);
        requireWhatItDeclares(fresh);
        requireSuccession(fresh, before);
        switchover.to(directory.better(fresh, before));
        try {
            keeping.keep(fresh);
        } catch (DewyException | RuntimeException e) {
            switchover.to(before.stream()
                    .flatMap(bundle -> directory.offers(bundle).stream())
                    .toList());
            switchover.release();
            throw e;
        }
        before.forEach(directory::withhold);
        directory.admit(fresh);
        switchover.release();
    }

    /** Requires that a bundle that is started offers what its manifest declares. */
    void requireWhatItDeclares(Bundle fresh) throws InvalidException {
        List<String> missing = new ArrayList<>();
        for (PluginCapability declared : PluginBundle.plugins(fresh)) {
            for (String scheme : declared.schemes()) {
                boolean offered = directory.offers(fresh).stream()
                        .anyMatch(offer -> offer.kind().equals(declared.kind())
                                && offer.schemes().contains(scheme));
                if (!offered) {
                    missing.add(declared.kind() + ":" + scheme);
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new InvalidException(Problem.of(
                    "use",
                    PluginBundle.name(fresh),
                    "it declares " + String.join(", ", missing) + " and does not offer it: "
                            + inventory.problem(fresh).orElse("it is not active"),
                    ""));
        }
    }

    /** What apps use of the version before must not be missing in this one. */
    private void requireSuccession(Bundle fresh, List<Bundle> before) throws InvalidException {
        for (Bundle old : before) {
            for (ServiceOffer<?> offer : directory.offers(old)) {
                List<String> users = inventory.users(offer);
                boolean succeeded = directory.offers(fresh).stream()
                        .anyMatch(next -> next.kind().equals(offer.kind())
                                && next.schemes().containsAll(offer.schemes()));
                if (!users.isEmpty() && !succeeded) {
                    throw new InvalidException(Problem.of(
                            "replace " + offer.bundle() + " by",
                            PluginBundle.name(fresh),
                            "it does not offer " + offer.kind() + ":" + String.join(",", offer.schemes())
                                    + ", which is used by " + String.join(", ", users),
                            ""));
                }
            }
        }
    }
}
