package dewy.core.host;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.control.Order;
import dewy.api.control.PluginStatus;
import dewy.api.control.Plugins;
import dewy.api.release.Digest;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.operation.Ongoing;
import dewy.core.operation.OperationList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/**
 * What people do with the plugins of the agent. Each change passes the rules, takes its turn ({@link PluginChanges}) and comes
 * into force for all apps or for none. Safe for use by several threads.
 */
final class PluginCommands implements Plugins {
    private final HostParts parts;
    private final PluginChanges changes;
    private final Replacement replacement;
    private final Retirement retirement;
    private final HotDeployment deployment;
    private final OperationList operations;
    private final Executor workers;
    private final ChangeRules rules;
    private final Disablement disablement;

    PluginCommands(
            HostParts parts,
            PluginChanges changes,
            Replacement replacement,
            Retirement retirement,
            HotDeployment deployment,
            OperationList operations,
            Executor workers) {
        this.parts = parts;
        this.changes = changes;
        this.replacement = replacement;
        this.retirement = retirement;
        this.deployment = deployment;
        this.operations = operations;
        this.workers = workers;
        this.rules = new ChangeRules(parts);
        this.disablement = new Disablement(parts, retirement);
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
            case PLUGIN_INSTALL -> bring(operation, order, rules::requireInstallable);
            case PLUGIN_UPDATE -> bring(operation, order, rules::requireNewer);
            case PLUGIN_ROLLBACK -> change(operation, on, () -> {}, () -> goBack(on, operation.actor()));
            case PLUGIN_REMOVE -> change(operation, on, () -> {}, () -> takeAway(on, operation.actor()));
            default -> throw new IllegalArgumentException("no plugin can " + order.what());
        };
    }

    private List<PluginStatus> bring(Ongoing<?> operation, Order order, Replacement.Rule rule) throws DewyException {
        String source = order.on();
        operation.enter("fetch");
        Path copy = changes.told(source, operation.actor(), () -> parts.jars().get(source, order.digest(), operation));
        return change(
                operation,
                source,
                () -> parts.folder().delete(copy),
                () -> take(copy, source, operation.actor(), rule));
    }

    private List<PluginStatus> take(Path copy, String source, String actor, Replacement.Rule rule)
            throws DewyException {
        Bundle fresh = replacement.install(copy, source);
        replacement.require(rule, fresh, source);
        take(fresh, copy, EventKind.PLUGIN_UPDATED, changes.scope(actor));
        return parts.inventory().of(fresh);
    }

    private void take(Bundle fresh, Path copy, EventKind change, EventScope events) throws DewyException {
        String kept = fresh.getSymbolicName() + "-" + fresh.getVersion() + ".jar";
        replacement.take(fresh, Optional.of(kept), bundle -> parts.folder().keep(copy, kept), change, events);
    }

    private List<PluginStatus> goBack(String name, String actor) throws DewyException {
        find(name);
        Optional<Version> current = replacement
                .current(name)
                .map(Bundle::getVersion)
                .or(() -> parts.inventory().newest(name));
        Bundle fresh = goBack(name, rules.requireEarlier(name, current), changes.scope(actor));
        parts.folder().disable(name, false);
        return parts.inventory().of(fresh);
    }

    private Bundle goBack(String name, EarlierVersions.Earlier earlier, EventScope events) throws DewyException {
        if (earlier.jar().isEmpty()) {
            Bundle embedded = parts.available().install(name);
            parts.directory().withhold(embedded);
            replacement.take(embedded, Optional.empty(), bundle -> {}, EventKind.PLUGIN_ROLLED_BACK, events);
            return embedded;
        }
        Path copy = parts.folder().copy(earlier.jar().get());
        Bundle fresh = replacement.install(copy, name + " " + earlier.version());
        take(fresh, copy, EventKind.PLUGIN_ROLLED_BACK, events);
        return fresh;
    }

    /** Returns what is left of it, which is nothing. */
    private List<PluginStatus> takeAway(String name, String actor) throws DewyException {
        find(name);
        Optional<Path> bad = parts.inventory().refused(name);
        if (bad.isPresent()) {
            deployment.forget(bad.get());
            parts.folder().remove(bad.get());
            parts.inventory().forget(name);
            changes.scope(actor).publish(EventKind.PLUGIN_REMOVED, name);
        } else {
            retirement.remove(rules.requireRemovable(name), changes.scope(actor));
        }
        return List.of();
    }

    @Override
    public void disable(String name, String actor) throws DewyException {
        changes.make(name, actor, () -> {
            find(name);
            disablement.disable(name);
            changes.scope(actor).publish(EventKind.PLUGIN_DISABLED, name);
            return true;
        });
    }

    @Override
    public void enable(String name, String actor) throws DewyException {
        changes.make(name, actor, () -> {
            find(name);
            disablement.enable(name);
            changes.scope(actor).publish(EventKind.PLUGIN_ENABLED, name);
            return true;
        });
    }

    /** Makes a change that could be cancelled until its turn has come. */
    private <R> R change(Ongoing<?> operation, String what, Runnable whenCancelled, PluginChanges.Change<R> change)
            throws DewyException {
        return changes.make(what, operation.actor(), () -> {
            if (!operation.tryCommit()) {
                whenCancelled.run();
                throw operation.cancellation();
            }
            operation.enter("change");
            return change.make();
        });
    }

    private NotFoundException unknown(String bundle) {
        List<String> names =
                list().stream().map(PluginStatus::bundle).distinct().toList();
        return new NotFoundException(Problem.of(
                "find the plugin", "\"" + bundle + "\"", "there is none", "There are: " + String.join(", ", names)));
    }
}
