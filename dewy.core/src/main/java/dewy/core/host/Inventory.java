package dewy.core.host;

import dewy.api.bundle.EmbeddedPlugin;
import dewy.api.bundle.PluginCapability;
import dewy.api.control.PluginState;
import dewy.api.control.PluginStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;

/** Lists the plugins for people. Safe for use by several threads. */
final class Inventory {
    private static final String EMBEDDED = "launcher";

    private final BundleContext context;
    private final ServicePluginDirectory directory;
    private final AvailablePlugins available;
    private final PluginFolder folder;
    private final MissingRequirements requirements;
    private final ComponentFailures failures;
    private final Supplier<? extends Collection<? extends PluginUser>> users;
    private final Map<String, PluginStatus> refused = new ConcurrentHashMap<>();
    private final Map<Bundle, String> origins = new ConcurrentHashMap<>();

    Inventory(
            BundleContext context,
            ServicePluginDirectory directory,
            AvailablePlugins available,
            PluginFolder folder,
            MissingRequirements requirements,
            ComponentFailures failures,
            Supplier<? extends Collection<? extends PluginUser>> users) {
        this.context = context;
        this.directory = directory;
        this.available = available;
        this.folder = folder;
        this.requirements = requirements;
        this.failures = failures;
        this.users = users;
    }

    /** Notes where a bundle comes from. */
    void note(Bundle bundle, String origin) {
        origins.put(bundle, origin);
        refused.remove(origin);
    }

    /** Notes that a jar was refused. */
    void refuse(String origin, String problem) {
        refused.put(
                origin,
                new PluginStatus(
                        "",
                        List.of(),
                        origin,
                        "",
                        PluginState.REFUSED,
                        0,
                        false,
                        List.of(),
                        origin,
                        Optional.of(problem)));
    }

    /** Returns the file of the plugin folder of that name, if it was refused. */
    Optional<Path> refused(String origin) {
        return Optional.ofNullable(refused.get(origin))
                .map(status -> folder.path().resolve(status.origin()));
    }

    /** Forgets a jar that was refused and is gone. */
    void forget(String origin) {
        refused.remove(origin);
    }

    /** Forgets a bundle that is gone. */
    void forget(Bundle bundle) {
        origins.remove(bundle);
    }

    /** Returns the file of the plugin folder that a bundle comes from, if it does. */
    Optional<Path> file(Bundle bundle) {
        return Optional.ofNullable(origins.get(bundle)).map(folder.path()::resolve);
    }

    /** Returns the bundles that come from a file of the plugin folder. */
    List<Bundle> from(String origin) {
        return origins.entrySet().stream()
                .filter(each -> each.getValue().equals(origin))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns the apps that use an offer. */
    List<String> users(ServiceOffer<?> offer) {
        return users.get().stream()
                .filter(user -> user.offers().contains(offer))
                .map(PluginUser::name)
                .toList();
    }

    /** Returns where a bundle comes from: the launcher, a file of the plugin folder, or elsewhere. */
    String origin(Bundle bundle) {
        String known = origins.get(bundle);
        if (known != null) {
            return known;
        }
        boolean embedded = available.embedded().stream()
                .anyMatch(plugin -> plugin.symbolicName().equals(bundle.getSymbolicName())
                        && Version.parseVersion(plugin.version()).equals(bundle.getVersion()));
        return embedded ? EMBEDDED : String.valueOf(bundle.getLocation());
    }

    /** Returns the newest version of a bundle that is known, started or not. */
    Optional<Version> newest(String name) {
        List<Version> versions = new ArrayList<>();
        bundles(name).forEach(bundle -> versions.add(bundle.getVersion()));
        available.embedded(name).ifPresent(versions::add);
        return versions.stream().max(Comparator.naturalOrder());
    }

    /** Returns the bundles of a name that are in use or could be. */
    List<Bundle> bundles(String name) {
        return all(name).stream()
                .filter(bundle -> !directory.isWithheld(bundle))
                .toList();
    }

    /** Returns the bundles of a name, also those that nobody is to use. */
    List<Bundle> all(String name) {
        return plugins().stream()
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .toList();
    }

    List<PluginStatus> list() {
        List<PluginStatus> all = new ArrayList<>();
        plugins().forEach(bundle -> all.addAll(of(bundle)));
        for (EmbeddedPlugin plugin : available.embedded()) {
            boolean installed = plugins().stream()
                    .anyMatch(bundle -> plugin.symbolicName().equals(bundle.getSymbolicName())
                            && Version.parseVersion(plugin.version()).equals(bundle.getVersion()));
            if (!installed) {
                plugin.offers().forEach(offer -> all.add(available(plugin, offer)));
            }
        }
        all.addAll(refused.values());
        all.sort(Comparator.comparing(PluginStatus::kind)
                .thenComparing(status -> status.schemes().toString())
                .thenComparing(PluginStatus::chosen, Comparator.reverseOrder())
                .thenComparing(PluginStatus::bundle)
                .thenComparing(status -> version(status.version()), Comparator.reverseOrder()));
        return all;
    }

    /** Returns what a bundle offers, or would. */
    List<PluginStatus> of(Bundle bundle) {
        List<PluginStatus> all = new ArrayList<>();
        List<ServiceOffer<?>> offers = directory.offers(bundle);
        for (ServiceOffer<?> offer : offers) {
            all.add(new PluginStatus(
                    offer.kind(),
                    offer.schemes(),
                    bundle.getSymbolicName(),
                    bundle.getVersion().toString(),
                    PluginState.ACTIVE,
                    offer.ranking(),
                    directory.isChosen(offer),
                    users(offer),
                    origin(bundle),
                    Optional.empty()));
        }
        for (PluginCapability declared : PluginBundle.plugins(bundle)) {
            boolean offered = offers.stream()
                    .anyMatch(offer -> offer.kind().equals(declared.kind())
                            && declared.schemes().containsAll(offer.schemes()));
            if (!offered) {
                all.add(idle(bundle, declared));
            }
        }
        return all;
    }

    /** Returns why a bundle offers nothing; empty when there is no more to it than that it is not started. */
    Optional<String> problem(Bundle bundle) {
        List<String> lacks = requirements.lacks(bundle);
        if (!lacks.isEmpty()) {
            return Optional.of(String.join("; ", lacks));
        }
        if (bundle.getState() == Bundle.STARTING) {
            return Optional.of("its start does not come back");
        }
        if (!PluginBundle.isActive(bundle)) {
            return Optional.empty();
        }
        List<String> awaits = requirements.awaits(bundle);
        return directory
                .problem(bundle)
                .or(() -> failures.of(bundle).map(words -> "a component of it cannot be activated: " + words))
                .or(() -> awaits.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", awaits)))
                .or(() -> Optional.of("it is started and registers nothing"));
    }

    private PluginStatus idle(Bundle bundle, PluginCapability declared) {
        Optional<String> problem = problem(bundle);
        PluginState state = PluginState.AVAILABLE;
        if (folder.isDisabled(bundle.getSymbolicName())) {
            state = PluginState.DISABLED;
        } else if (problem.isPresent()) {
            state = PluginState.REFUSED;
        } else if (available.isLeftAlone(bundle)) {
            state = PluginState.STOPPED;
        }
        return new PluginStatus(
                declared.kind(),
                declared.schemes(),
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                state,
                0,
                false,
                List.of(),
                origin(bundle),
                problem);
    }

    private PluginStatus available(EmbeddedPlugin plugin, PluginCapability offer) {
        return new PluginStatus(
                offer.kind(),
                offer.schemes(),
                plugin.symbolicName(),
                plugin.version(),
                folder.isDisabled(plugin.symbolicName()) ? PluginState.DISABLED : PluginState.AVAILABLE,
                0,
                false,
                List.of(),
                EMBEDDED,
                Optional.empty());
    }

    private List<Bundle> plugins() {
        return List.of(context.getBundles()).stream()
                .filter(bundle -> bundle.getSymbolicName() != null)
                .filter(bundle -> !PluginBundle.plugins(bundle).isEmpty()
                        || !directory.offers(bundle).isEmpty())
                .toList();
    }

    private static Version version(String text) {
        return text.isEmpty() ? Version.emptyVersion : Version.parseVersion(text);
    }
}
