package dewy.core.host;

import static java.util.Comparator.comparing;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.control.PluginStatus;
import dewy.api.control.Plugins;
import dewy.api.release.Digest;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.Bundle;

/** Changes the plugins of the agent, one thing after the other. Safe for use by several threads. */
final class PluginHost implements Plugins {
    /** Who puts jars into the folder is not known. */
    private static final String FOLDER = "folder";

    private final HostParts parts;
    private final EventStream events;
    private final ReentrantLock changing = new ReentrantLock();
    private final Disposal disposal;

    PluginHost(HostParts parts, EventStream events) {
        this.parts = parts;
        this.events = events;
        this.disposal = new Disposal(parts, events);
    }

    @Override
    public List<PluginStatus> list() {
        return parts.inventory().list();
    }

    @Override
    public List<PluginStatus> find(String bundle) throws DewyException {
        List<PluginStatus> found = list().stream()
                .filter(status ->
                        status.bundle().equals(bundle) || status.schemes().contains(bundle))
                .toList();
        if (found.isEmpty()) {
            throw unknown(bundle);
        }
        return found;
    }

    @Override
    public List<String> why(String bundle) throws DewyException {
        List<String> sentences = new ArrayList<>();
        for (PluginStatus status : find(bundle)) {
            sentences.add(Explanation.of(status));
        }
        return sentences;
    }

    @Override
    public List<PluginStatus> install(String source, Optional<Digest> digest, String actor) throws DewyException {
        return take(source, digest, actor, false);
    }

    @Override
    public List<PluginStatus> update(String source, Optional<Digest> digest, String actor) throws DewyException {
        return take(source, digest, actor, true);
    }

    @Override
    public void remove(String name, String actor) throws DewyException {
        changing.lock();
        try {
            remove(installed(name), actor);
        } catch (DewyException e) {
            throw refused(name, actor, e);
        } finally {
            changing.unlock();
        }
    }

    private void remove(List<Bundle> bundles, String actor) throws DewyException {
        moveAway(bundles, true);
        for (Bundle bundle : bundles) {
            parts.inventory().file(bundle).ifPresent(parts.folder()::remove);
            disposal.remove(bundle, disposal.threads(bundle));
            scope(actor).publish(EventKind.PLUGIN_REMOVED, HostedBundle.name(bundle));
        }
    }

    @Override
    public void disable(String name, String actor) throws DewyException {
        changing.lock();
        try {
            find(name);
            parts.folder().disable(name, true);
            List<Bundle> bundles = parts.inventory().bundles(name);
            moveAway(bundles, false);
            for (Bundle bundle : bundles) {
                parts.starter().stop(bundle);
            }
            scope(actor).publish(EventKind.PLUGIN_DISABLED, name);
        } catch (DewyException e) {
            throw refused(name, actor, e);
        } finally {
            changing.unlock();
        }
    }

    @Override
    public void enable(String name, String actor) throws DewyException {
        changing.lock();
        try {
            find(name);
            parts.folder().disable(name, false);
            for (Bundle bundle : parts.inventory().all(name)) {
                parts.shelf().takeUp(bundle);
                parts.directory().admit(bundle);
            }
            Optional<Bundle> newest = parts.inventory().bundles(name).stream().max(comparing(Bundle::getVersion));
            if (newest.isPresent()) {
                parts.starter().start(newest.get());
            }
            parts.directory().lookAgain();
            scope(actor).publish(EventKind.PLUGIN_ENABLED, name);
        } catch (DewyException e) {
            throw refused(name, actor, e);
        } finally {
            changing.unlock();
        }
    }

    /**
     * Installs the jars of the folder, as at the start: plugins are started when an app names them, other bundles at once. One
     * that is refused does not keep the others from being used.
     */
    void installAll() {
        List<Bundle> others = new ArrayList<>();
        try {
            for (Path jar : parts.folder().jars()) {
                install(jar)
                        .filter(bundle -> HostedBundle.plugins(bundle).isEmpty())
                        .ifPresent(others::add);
            }
        } catch (DewyException e) {
            refused(parts.folder().path().toString(), FOLDER, e);
        }
        for (Bundle bundle : others) {
            try {
                parts.starter().start(bundle);
            } catch (DewyException e) {
                refused(parts.inventory().origin(bundle), FOLDER, e);
            }
        }
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
            refused(origin, FOLDER, e);
            return Optional.empty();
        }
    }

    /** Takes in a jar that was put into the folder, whatever it is. */
    void arrived(Path jar) {
        String origin = String.valueOf(jar.getFileName());
        changing.lock();
        try {
            Path copy = parts.folder().copy(jar);
            Bundle fresh = installed(copy, origin);
            if (HostedBundle.plugins(fresh).isEmpty()) {
                parts.inventory().note(fresh, origin);
                parts.directory().admit(fresh);
                parts.starter().start(fresh);
            } else {
                take(fresh, origin, FOLDER, origin, bundle -> {});
            }
        } catch (DewyException e) {
            parts.inventory().refuse(origin, e.problem().sentence());
            refused(origin, FOLDER, e);
        } finally {
            changing.unlock();
        }
    }

    /** Removes what came from a jar that is not in the folder any more. */
    void left(String origin) {
        changing.lock();
        try {
            parts.inventory().forget(origin);
            remove(parts.inventory().from(origin), FOLDER);
        } catch (DewyException e) {
            refused(origin, FOLDER, e); // The bundle works on until the agent ends.
        } finally {
            changing.unlock();
        }
    }

    private List<PluginStatus> take(String source, Optional<Digest> digest, String actor, boolean update)
            throws DewyException {
        Path copy = get(source, digest, actor);
        changing.lock();
        try {
            Bundle fresh = installed(copy, source);
            String kept = fresh.getSymbolicName() + "-" + fresh.getVersion() + ".jar";
            try {
                requireKnown(fresh, update);
            } catch (DewyException e) {
                disposal.remove(fresh, disposal.threads(fresh));
                throw e;
            }
            return take(fresh, source, actor, kept, bundle -> parts.folder().keep(copy, kept));
        } catch (DewyException e) {
            throw refused(source, actor, e);
        } finally {
            changing.unlock();
        }
    }

    private Path get(String source, Optional<Digest> digest, String actor) throws DewyException {
        try {
            return parts.jars().get(source, digest);
        } catch (DewyException e) {
            throw refused(source, actor, e);
        }
    }

    /** Installs a copy without anybody using it. */
    private Bundle installed(Path copy, String origin) throws DewyException {
        try {
            Bundle fresh = parts.starter().install(copy, origin);
            parts.directory().withhold(fresh);
            return fresh;
        } catch (DewyException e) {
            parts.folder().delete(copy);
            throw e;
        }
    }

    private void requireKnown(Bundle fresh, boolean update) throws InvalidException {
        boolean known = parts.inventory().newest(fresh.getSymbolicName()).isPresent();
        if (known != update) {
            throw new InvalidException(Problem.of(
                    update ? "update to" : "install",
                    HostedBundle.name(fresh),
                    known ? "there is a version of it already" : "there is no version of it yet",
                    known ? "Use update" : "Use install"));
        }
    }

    private List<PluginStatus> take(Bundle fresh, String origin, String actor, String kept, Admission.Keeping keeping)
            throws DewyException {
        List<Bundle> before = parts.inventory().bundles(fresh.getSymbolicName());
        Map<Bundle, LeftThreads> threads = new LinkedHashMap<>();
        before.forEach(old -> threads.put(old, disposal.threads(old)));
        List<Thread> others = disposal.threads(fresh).threads();
        try {
            Admission.requirePlugin(fresh, origin);
            parts.admission().requireNewer(fresh, origin);
            parts.admission().admit(fresh, before, keeping);
        } catch (DewyException | RuntimeException e) {
            disposal.remove(fresh, disposal.threads(fresh).without(others));
            throw e;
        }
        parts.inventory().note(fresh, kept);
        replaced(threads, fresh, kept, actor);
        return parts.inventory().of(fresh);
    }

    private void replaced(Map<Bundle, LeftThreads> before, Bundle fresh, String kept, String actor) {
        String now = HostedBundle.name(fresh);
        if (before.isEmpty()) {
            scope(actor).publish(EventKind.PLUGIN_INSTALLED, now, kept);
        }
        before.forEach((old, threads) -> {
            scope(actor).publish(EventKind.PLUGIN_UPDATED, now, HostedBundle.name(old), kept);
            parts.inventory().file(old).filter(file -> !file.endsWith(kept)).ifPresent(parts.folder()::remove);
            disposal.remove(old, threads);
        });
    }

    /** Has all apps use others than these bundles; where there is none, that is refused, or they are left to degrade. */
    private void moveAway(List<Bundle> bundles, boolean needed) throws DewyException {
        List<ServiceOffer<?>> next = new ArrayList<>();
        bundles.forEach(parts.shelf()::retire);
        bundles.forEach(parts.directory()::withhold);
        try {
            for (Bundle bundle : bundles) {
                for (ServiceOffer<?> offer : parts.directory().offers(bundle)) {
                    next.addAll(alternatives(offer, needed));
                }
            }
            parts.exchange().to(next);
            parts.exchange().release();
        } catch (DewyException e) {
            bundles.forEach(parts.shelf()::takeUp);
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
            parts.shelf().provide(offer.kind(), scheme);
            Optional<ServiceOffer<?>> best = parts.directory().best(offer.kind(), scheme);
            if (best.isEmpty() && needed) {
                throw new InvalidException(Problem.of(
                        "remove",
                        offer.bundle(),
                        String.join(", ", users) + " needs " + offer.kind() + ":" + scheme
                                + ", and no other plugin answers to it",
                        "Install another one first, or remove the app"));
            }
            best.ifPresent(found::add);
        }
        return found;
    }

    private List<Bundle> installed(String name) throws DewyException {
        find(name);
        List<Bundle> installed = parts.inventory().bundles(name).stream()
                .filter(bundle -> parts.inventory().file(bundle).isPresent())
                .toList();
        if (installed.isEmpty()) {
            throw new InvalidException(Problem.of(
                    "remove", name, "it came with the launcher, or is known by another name", "Use disable"));
        }
        return installed;
    }

    private DewyException refused(String what, String actor, DewyException e) {
        scope(actor).publish(EventKind.PLUGIN_CHANGE_REFUSED, what, e.problem().sentence());
        return e;
    }

    private EventScope scope(String actor) {
        return events.scope("").during("", "command", actor);
    }

    private NotFoundException unknown(String bundle) {
        List<String> names =
                list().stream().map(PluginStatus::bundle).distinct().toList();
        return new NotFoundException(Problem.of(
                "find the plugin", "\"" + bundle + "\"", "there is none", "There are: " + String.join(", ", names)));
    }
}
