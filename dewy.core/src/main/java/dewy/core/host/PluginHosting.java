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
public final class PluginHosting implements AutoCloseable {
    private static final long LOOK_SECONDS = 2;

    private final HostParts parts;
    private final PluginHost host;
    private final Drops drops;
    private final AtomicBoolean looking = new AtomicBoolean();
    private @Nullable ScheduledFuture<?> looks;

    /**
     * Puts it together; it does nothing yet.
     *
     * @param home the agent home, with the folder {@code plugins}
     * @param workers runs each task at once
     * @param users returns the apps there are
     */
    public PluginHosting(
            BundleContext context,
            Path home,
            Guard guard,
            EventStream events,
            OperationList operations,
            Executor workers,
            Supplier<? extends Collection<? extends PluginUser>> users) {
        PluginFolder folder = new PluginFolder(home.resolve("plugins"));
        Reasons reasons = new Reasons(context);
        ComponentFailures failures = new ComponentFailures(context);
        BundleStarter starter = new BundleStarter(context, guard, reasons);
        Shelf shelf = new Shelf(context, () -> embedded(context), starter, folder);
        ServicePluginDirectory directory = new ServicePluginDirectory(context, shelf, failures);
        Inventory inventory = new Inventory(context, directory, shelf, folder, reasons, failures, users);
        Exchange exchange = new Exchange(users);
        JarSource jars = new JarSource(folder, new JarDownload(folder, guard, Environment.SYSTEM));
        Admission admission = new Admission(directory, shelf, starter, exchange, inventory);
        EarlierVersions earlier = new EarlierVersions(folder, shelf);
        parts = new HostParts(directory, shelf, starter, folder, earlier, jars, exchange, inventory, admission);
        host = new PluginHost(parts, events, operations, workers);
        drops = new Drops(folder, host);
    }

    public PluginDirectory directory() {
        return parts.directory();
    }

    public Plugins plugins() {
        return host;
    }

    /** Begins one of the changes of plugins that take a while; returns at once. */
    public Ongoing<List<PluginStatus>> begin(Order order, String actor) {
        return host.begin(order, actor);
    }

    /** Installs what is in the plugin folder, and looks there from time to time from now on. */
    public void open(ScheduledExecutorService timer, Executor workers) {
        parts.folder().clean();
        parts.directory().open();
        host.installAll();
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
        if (!drops.isIdle() && looking.compareAndSet(false, true)) {
            workers.execute(() -> {
                try {
                    drops.look();
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
