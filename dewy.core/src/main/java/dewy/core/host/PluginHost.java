package dewy.core.host;

import dewy.api.bundle.EmbeddedBundles;
import dewy.api.control.Order;
import dewy.api.control.PluginStatus;
import dewy.api.control.Plugins;
import dewy.core.event.EventStream;
import dewy.core.operation.Ongoing;
import dewy.core.operation.OperationList;
import dewy.core.plugin.Guard;
import dewy.core.plugin.PluginDirectory;
import dewy.http.Environment;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The plugins of an agent in their framework. Safe for use by several threads. */
public final class PluginHost implements AutoCloseable {
    private static final long LOOK_SECONDS = 2;

    private final HostParts parts;
    private final PluginCommands commands;
    private final HotDeployment deployment;
    private final FolderWatch watch;
    private final AtomicBoolean looking = new AtomicBoolean();
    private @Nullable ScheduledFuture<?> looks;

    /**
     * Puts it together; it does nothing yet.
     *
     * @param home the agent home, with the folder {@code plugins}
     * @param workers runs each task at once
     * @param users returns the apps there are
     */
    public PluginHost(
            BundleContext context,
            Path home,
            Guard guard,
            EventStream events,
            OperationList operations,
            Executor workers,
            Supplier<? extends Collection<? extends PluginUser>> users) {
        PluginFolder folder = new PluginFolder(home.resolve("plugins"));
        MissingRequirements requirements = new MissingRequirements(context);
        ComponentFailures failures = new ComponentFailures(context);
        BundleStarter starter = new BundleStarter(context, guard, requirements);
        AvailablePlugins available = new AvailablePlugins(context, () -> embedded(context), starter, folder);
        ServicePluginDirectory directory = new ServicePluginDirectory(context, available, failures);
        Inventory inventory = new Inventory(context, directory, available, folder, requirements, failures, users);
        Switchover switchover = new Switchover(users);
        JarSource jars = new JarSource(folder, new JarDownload(folder, guard, Environment.SYSTEM));
        Admission admission = new Admission(directory, available, starter, switchover, inventory);
        EarlierVersions earlier = new EarlierVersions(folder, available);
        parts = new HostParts(directory, available, starter, folder, earlier, jars, switchover, inventory, admission);
        BundleRemoval removal = new BundleRemoval(parts, events);
        Replacement replacement = new Replacement(parts, removal);
        Retirement retirement = new Retirement(parts, removal);
        PluginChanges changes = new PluginChanges(events);
        deployment = new HotDeployment(parts, changes, replacement, retirement);
        commands = new PluginCommands(parts, changes, replacement, retirement, deployment, operations, workers);
        watch = new FolderWatch(folder, deployment);
    }

    public PluginDirectory directory() {
        return parts.directory();
    }

    public Plugins plugins() {
        return commands;
    }

    HotDeployment deployment() {
        return deployment;
    }

    /** Begins one of the changes of plugins that take a while; returns at once. */
    public Ongoing<List<PluginStatus>> begin(Order order, String actor) {
        return commands.begin(order, actor);
    }

    /** Installs what is in the plugin folder, and looks there from time to time from now on. */
    public void open(ScheduledExecutorService timer, Executor workers) {
        parts.folder().clean();
        parts.directory().open();
        deployment.installAll();
        looks = timer.scheduleWithFixedDelay(() -> lookOn(workers), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        if (looks != null) {
            looks.cancel(false);
        }
        parts.directory().close();
    }

    private void lookOn(Executor workers) {
        if (!watch.isIdle() && looking.compareAndSet(false, true)) {
            workers.execute(() -> {
                try {
                    watch.look();
                } finally {
                    looking.set(false);
                }
            });
        }
    }

    private static Optional<EmbeddedBundles> embedded(BundleContext context) {
        ServiceReference<EmbeddedBundles> reference = context.getServiceReference(EmbeddedBundles.class);
        return reference == null ? Optional.empty() : Optional.ofNullable(context.getService(reference));
    }
}
