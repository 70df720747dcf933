package dewy.core.host;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.control.Order;
import dewy.api.control.PluginStatus;
import dewy.api.control.Plugins;
import dewy.api.release.Digest;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import dewy.core.operation.Ongoing;
import dewy.core.operation.OperationList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/** Changes the plugins of the agent, one thing after the other. Safe for use by several threads. */
final class PluginHost implements Plugins {
    /** Who puts jars into the folder is not known. */
    private static final String FOLDER = "folder";

    private final HostParts parts;
    private final EventStream events;
    private final OperationList operations;
    private final Executor workers;
    private final ReentrantLock changing = new ReentrantLock();
    private final Disposal disposal;
    private final Eligibility eligibility;
    private final Succession succession;
    private final Departure departure;
    private final Disablement disablement;
    private final RefusedJars refused;
    private final Set<Path> aside = new TreeSet<>();

    private interface Change<R> {
        R make() throws DewyException;
    }

    private interface Rule {
        void require(Bundle fresh, String origin) throws InvalidException;
    }

    PluginHost(HostParts parts, EventStream events, OperationList operations, Executor workers) {
        this.parts = parts;
        this.events = events;
        this.operations = operations;
        this.workers = workers;
        this.disposal = new Disposal(parts, events);
        this.eligibility = new Eligibility(parts);
        this.succession = new Succession(parts, disposal);
        this.departure = new Departure(parts);
        this.disablement = new Disablement(parts, departure);
        this.refused = new RefusedJars(parts.folder().path());
        parts.shelf().lastly(this::installAside);
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
        return begin(Order.installPlugin(source, digest), actor).await();
    }

    @Override
    public List<PluginStatus> update(String source, Optional<Digest> digest, String actor) throws DewyException {
        return begin(Order.updatePlugin(source, digest), actor).await();
    }

    @Override
    public List<PluginStatus> rollback(String name, String actor) throws DewyException {
        return begin(Order.rollbackPlugin(name), actor).await();
    }

    @Override
    public void remove(String name, String actor) throws DewyException {
        var unused = begin(Order.removePlugin(name), actor).await();
    }

    /** Begins a change that takes a while; returns at once. */
    Ongoing<List<PluginStatus>> begin(Order order, String actor) {
        Ongoing<List<PluginStatus>> operation = operations.begin(order, actor);
        workers.execute(() -> operation.attempt(() -> {
            List<PluginStatus> offers = make(operation, order);
            operation.end(offers, operation.done("it is in force"));
        }));
        return operation;
    }

    private List<PluginStatus> make(Ongoing<?> operation, Order order) throws DewyException {
        String on = order.on();
        return switch (order.what()) {
            case PLUGIN_INSTALL -> bring(operation, order, eligibility::requireInstallable);
            case PLUGIN_UPDATE -> bring(operation, order, eligibility::requireNewer);
            case PLUGIN_ROLLBACK -> change(operation, on, () -> {}, () -> goBack(on, operation.actor()));
            case PLUGIN_REMOVE -> change(operation, on, () -> {}, () -> takeAway(on, operation.actor()));
            default -> throw new IllegalArgumentException("no plugin can " + order.what());
        };
    }

    private List<PluginStatus> bring(Ongoing<?> operation, Order order, Rule rule) throws DewyException {
        String source = order.on();
        operation.enter("fetch");
        Path copy = told(source, operation.actor(), () -> parts.jars().get(source, order.digest(), operation));
        return change(
                operation,
                source,
                () -> parts.folder().delete(copy),
                () -> take(copy, source, operation.actor(), rule));
    }

    private List<PluginStatus> take(Path copy, String source, String actor, Rule rule) throws DewyException {
        Bundle fresh = installed(copy, source);
        require(rule, fresh, source);
        take(fresh, copy, EventKind.PLUGIN_UPDATED, scope(actor));
        return parts.inventory().of(fresh);
    }

    private void take(Bundle fresh, Path copy, EventKind change, EventScope events) throws DewyException {
        String kept = fresh.getSymbolicName() + "-" + fresh.getVersion() + ".jar";
        succession.take(fresh, Optional.of(kept), bundle -> parts.folder().keep(copy, kept), change, events);
    }

    private List<PluginStatus> goBack(String name, String actor) throws DewyException {
        find(name);
        Optional<Version> current = succession
                .current(name)
                .map(Bundle::getVersion)
                .or(() -> parts.inventory().newest(name));
        Bundle fresh = goBack(name, eligibility.requireEarlier(name, current), scope(actor));
        parts.folder().disable(name, false);
        return parts.inventory().of(fresh);
    }

    private Bundle goBack(String name, EarlierVersions.Earlier earlier, EventScope events) throws DewyException {
        if (earlier.jar().isEmpty()) {
            Bundle embedded = parts.shelf().install(name);
            parts.directory().withhold(embedded);
            succession.take(embedded, Optional.empty(), bundle -> {}, EventKind.PLUGIN_ROLLED_BACK, events);
            return embedded;
        }
        Path copy = parts.folder().copy(earlier.jar().get());
        Bundle fresh = installed(copy, name + " " + earlier.version());
        take(fresh, copy, EventKind.PLUGIN_ROLLED_BACK, events);
        return fresh;
    }

    /** Returns what is left of it, which is nothing. */
    private List<PluginStatus> takeAway(String name, String actor) throws DewyException {
        find(name);
        Optional<Path> bad = parts.inventory().refused(name);
        if (bad.isPresent()) {
            takeFromAside(bad.get());
            refused.forget(bad.get());
            parts.folder().remove(bad.get());
            parts.inventory().forget(name);
            scope(actor).publish(EventKind.PLUGIN_REMOVED, name);
        } else {
            remove(eligibility.requireRemovable(name), actor);
        }
        return List.of();
    }

    private void remove(List<Bundle> bundles, String actor) throws DewyException {
        departure.replace(bundles);
        for (Bundle bundle : bundles) {
            String name = bundle.getSymbolicName();
            parts.inventory().file(bundle).ifPresent(parts.folder()::remove);
            disposal.remove(bundle, disposal.threads(bundle));
            parts.earlier().forget(name);
            if (parts.inventory().newest(name).isEmpty()) {
                parts.folder().disable(name, false);
            }
            scope(actor).publish(EventKind.PLUGIN_REMOVED, HostedBundle.name(bundle));
        }
    }

    @Override
    public void disable(String name, String actor) throws DewyException {
        change(name, actor, () -> {
            find(name);
            disablement.disable(name);
            scope(actor).publish(EventKind.PLUGIN_DISABLED, name);
            return true;
        });
    }

    @Override
    public void enable(String name, String actor) throws DewyException {
        change(name, actor, () -> {
            find(name);
            disablement.enable(name);
            scope(actor).publish(EventKind.PLUGIN_ENABLED, name);
            return true;
        });
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
        takeFromAside(jar);
        try {
            change(origin, FOLDER, () -> {
                arrived(installed(parts.folder().copy(jar), origin), origin);
                return true;
            });
            refused.forget(jar);
        } catch (DewyException e) {
            parts.inventory().refuse(origin, e.problem().sentence());
            refused.note(jar);
        }
    }

    private void arrived(Bundle fresh, String origin) throws DewyException {
        boolean isPlugin = !HostedBundle.plugins(fresh).isEmpty();
        if (isPlugin && !parts.folder().isDisabled(fresh.getSymbolicName())) {
            require(eligibility::requireNewOrNewer, fresh, origin);
            succession.take(fresh, Optional.of(origin), bundle -> {}, EventKind.PLUGIN_UPDATED, scope(FOLDER));
            return;
        }
        parts.inventory().note(fresh, origin);
        parts.directory().admit(fresh);
        if (!isPlugin) {
            parts.starter().start(fresh);
        }
    }

    /** Removes what came from a jar that is not in the folder any more; it may have come back by a change meanwhile. */
    void left(Path jar) {
        String origin = String.valueOf(jar.getFileName());
        try {
            change(origin, FOLDER, () -> {
                if (Files.notExists(jar)) {
                    parts.folder().forget(jar);
                    refused.forget(jar);
                    parts.inventory().forget(origin);
                    remove(parts.inventory().from(origin), FOLDER);
                }
                return true;
            });
        } catch (DewyException e) {
            // It is told; the bundle works on until the agent ends.
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

    private void require(Rule rule, Bundle fresh, String origin) throws InvalidException {
        try {
            rule.require(fresh, origin);
        } catch (InvalidException e) {
            disposal.remove(fresh, disposal.threads(fresh));
            throw e;
        }
    }

    /** Makes a change that could be cancelled until its turn has come. */
    private <R> R change(Ongoing<?> operation, String what, Runnable whenCancelled, Change<R> change)
            throws DewyException {
        return change(what, operation.actor(), () -> {
            if (!operation.commit()) {
                whenCancelled.run();
                throw operation.cancellation();
            }
            operation.enter("change");
            return change.make();
        });
    }

    /** Makes one change after the other. */
    private <R> R change(String what, String actor, Change<R> change) throws DewyException {
        changing.lock();
        try {
            return told(what, actor, change);
        } finally {
            changing.unlock();
        }
    }

    private <R> R told(String what, String actor, Change<R> change) throws DewyException {
        try {
            return change.make();
        } catch (CancelledException e) {
            throw e;
        } catch (DewyException e) {
            refused(what, actor, e);
            throw e;
        }
    }

    private void refused(String what, String actor, DewyException e) {
        scope(actor).publish(EventKind.PLUGIN_CHANGE_REFUSED, what, e.problem().sentence());
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
