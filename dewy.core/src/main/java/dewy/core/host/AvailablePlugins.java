package dewy.core.host;

import dewy.api.DewyException;
import dewy.api.bundle.EmbeddedBundles;
import dewy.api.bundle.EmbeddedPlugin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins that are at hand, of which those are started that an app names: the bundles that came with the launcher, and
 * those that are installed and were never started. Safe for use by several threads.
 */
final class AvailablePlugins {
    private static final Logger LOG = LoggerFactory.getLogger("dewy.plugin");

    /** One bundle that could be started; only named as long as it is not installed. */
    private record Candidate(String name, Version version, Optional<Bundle> bundle) {}

    private final BundleContext context;
    private final Supplier<Optional<EmbeddedBundles>> embedded;
    private final BundleStarter starter;
    private final PluginFolder folder;
    private final Set<Long> leftAlone = new HashSet<>();
    private final Set<Bundle> retired = new HashSet<>();
    private volatile Runnable lastResort = () -> {};

    AvailablePlugins(
            BundleContext context,
            Supplier<Optional<EmbeddedBundles>> embedded,
            BundleStarter starter,
            PluginFolder folder) {
        this.context = context;
        this.embedded = embedded;
        this.starter = starter;
        this.folder = folder;
    }

    /** Has something done when nothing at hand would answer to a scheme, that may put it there. */
    void asLastResort(Runnable work) {
        lastResort = work;
    }

    /** Returns where a jar is put to be used, for people: an agent that is there for one question has no such folder. */
    String place() {
        boolean brief = Boolean.parseBoolean(context.getProperty("dewy.brief"));
        return brief ? "the folder plugins of the agent home" : folder.path().toString();
    }

    /** Returns what came with the launcher. */
    List<EmbeddedPlugin> embedded() {
        return embedded.get().map(EmbeddedBundles::plugins).orElse(List.of());
    }

    /** Returns the version that came with the launcher of a bundle, if it did. */
    Optional<Version> embedded(String name) {
        return embedded().stream()
                .filter(plugin -> plugin.symbolicName().equals(name))
                .map(plugin -> Version.parseVersion(plugin.version()))
                .max(Comparator.naturalOrder());
    }

    /** Returns the schemes of a kind that plugins at hand would answer to. */
    Set<String> schemes(String kind) {
        return Stream.concat(
                        embedded().stream().flatMap(plugin -> plugin.offers().stream()),
                        Stream.of(context.getBundles()).flatMap(bundle -> PluginBundle.plugins(bundle).stream()))
                .filter(offer -> offer.kind().equals(kind))
                .flatMap(offer -> offer.schemes().stream())
                .collect(Collectors.toSet());
    }

    /**
     * Starts the newest version of each plugin that declares a scheme, or the one before if that does not start. One that was
     * started before and is not active was stopped by somebody, and is left alone.
     */
    void provide(String kind, String scheme) {
        if (candidates(kind, scheme).isEmpty()) {
            lastResort.run();
        }
        start(kind, scheme);
    }

    private synchronized void start(String kind, String scheme) {
        List<Candidate> candidates = candidates(kind, scheme);
        Set<String> names = candidates.stream().map(Candidate::name).collect(Collectors.toSet());
        for (String name : names) {
            boolean started = false;
            for (Candidate candidate : candidates) {
                started = started || (candidate.name().equals(name) && start(candidate));
            }
        }
    }

    /** Has a bundle not be started by itself any more, as it was started or stopped by somebody. */
    synchronized void leaveAlone(Bundle bundle) {
        leftAlone.add(bundle.getBundleId());
    }

    /** Returns whether a bundle is not started by itself any more. */
    synchronized boolean isLeftAlone(Bundle bundle) {
        return leftAlone.contains(bundle.getBundleId());
    }

    /** Has a bundle be started again when an app names it. */
    synchronized void makeAvailable(Bundle bundle) {
        leftAlone.remove(bundle.getBundleId());
        retired.remove(bundle);
    }

    /** Forgets a bundle that is gone. */
    synchronized void forget(Bundle bundle) {
        makeAvailable(bundle);
    }

    /** Has others be found in the place of a bundle, as if it were gone. */
    synchronized void retire(Bundle bundle) {
        retired.add(bundle);
    }

    /** Installs the bundle of a name that came with the launcher, unless it is; it is not started. */
    Bundle install(String name) throws DewyException {
        long id = embedded.get().orElseThrow().install(name);
        return Objects.requireNonNull(context.getBundle(id));
    }

    /** Returns the name of a bundle that would answer to a scheme and is disabled. */
    Optional<String> disabled(String kind, String scheme) {
        return declared(kind, scheme).stream()
                .map(Candidate::name)
                .filter(folder::isDisabled)
                .findFirst();
    }

    private List<Candidate> candidates(String kind, String scheme) {
        return declared(kind, scheme).stream()
                .filter(candidate -> !folder.isDisabled(candidate.name()))
                .sorted(Comparator.comparing(Candidate::version).reversed())
                .toList();
    }

    private synchronized List<Candidate> declared(String kind, String scheme) {
        List<Candidate> found = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            if (PluginBundle.declares(bundle, kind, scheme) && !retired.contains(bundle)) {
                found.add(new Candidate(bundle.getSymbolicName(), bundle.getVersion(), Optional.of(bundle)));
            }
        }
        for (EmbeddedPlugin plugin : embedded()) {
            boolean offers = plugin.offers().stream()
                    .anyMatch(offer ->
                            offer.kind().equals(kind) && offer.schemes().contains(scheme));
            Candidate candidate =
                    new Candidate(plugin.symbolicName(), Version.parseVersion(plugin.version()), Optional.empty());
            boolean installed = found.stream()
                    .anyMatch(other -> other.name().equals(candidate.name())
                            && other.version().equals(candidate.version()));
            if (offers && !installed) {
                found.add(candidate);
            }
        }
        return found;
    }

    private boolean start(Candidate candidate) {
        try {
            Bundle bundle = candidate.bundle().isPresent() ? candidate.bundle().get() : install(candidate.name());
            if (PluginBundle.isActive(bundle)) {
                return true;
            }
            if (!leftAlone.add(bundle.getBundleId())) {
                return false;
            }
            starter.start(bundle);
            return true;
        } catch (DewyException e) {
            LOG.atError()
                    .addKeyValue("bundle", candidate.name() + " " + candidate.version())
                    .addKeyValue("error", e.problem().sentence())
                    .log("Plugin refused");
            return false;
        }
    }
}
