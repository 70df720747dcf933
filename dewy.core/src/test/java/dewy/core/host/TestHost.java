package dewy.core.host;

import dewy.api.DewyException;
import dewy.api.control.PluginStatus;
import dewy.api.control.Plugins;
import dewy.api.event.Event;
import dewy.api.notifier.Notifier;
import dewy.api.plugin.PluginUrl;
import dewy.core.event.EventStream;
import dewy.core.host.scripted.ScriptedPlugin;
import dewy.core.operation.OperationList;
import dewy.core.plugin.Guard;
import dewy.core.plugin.Offer;
import dewy.core.plugin.PluginKind;
import dewy.core.plugin.PluginSlot;
import dewy.tck.TestApp;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.felix.framework.Felix;
import org.apache.felix.framework.util.FelixConstants;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** A framework with the plugins of an agent home, and apps that have one notifier each. */
final class TestHost implements AutoCloseable {
    private static final String API = Arrays.stream(new String[] {
                "dewy.api", "dewy.api.bundle", "dewy.api.event", "dewy.api.notifier", "dewy.api.plugin"
            })
            .map(name -> name + ";version=0.1.0")
            .collect(Collectors.joining(","));

    final List<Event> events = new CopyOnWriteArrayList<>();
    /** Whether there was a plugin to use, each time that apps were told to look for a better one. */
    final List<Boolean> found = new CopyOnWriteArrayList<>();

    final Path home;
    private final List<User> users = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer = new HastyTimer();
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final Guard guard = new Guard(workers, timer, System::nanoTime);
    private final EventStream stream = new EventStream(InstantSource.system(), events::add, workers);
    final OperationList operations = new OperationList(stream, InstantSource.system(), System::nanoTime);
    private final Felix felix;
    private final PluginHost plugins;

    TestHost(Path home) throws Exception {
        this.home = home;
        System.setProperty(ScriptedPlugin.TESTING, UUID.randomUUID().toString());
        Map<String, Object> configuration = new HashMap<>();
        configuration.put(Constants.FRAMEWORK_STORAGE, home.resolve("framework").toString());
        configuration.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, API);
        configuration.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        configuration.put(FelixConstants.LOG_LEVEL_PROP, "0");
        felix = new Felix(configuration);
        felix.start();
        plugins = new PluginHost(felix.getBundleContext(), home, guard, stream, operations, workers, () -> users);
        plugins.directory().listen(new dewy.core.plugin.PluginDirectory.Listener() {
            @Override
            public void changed() {
                found.add(plugins.directory().best(PluginKind.NOTIFIER, "test").isPresent());
            }

            @Override
            public void leaving(Offer<?> offer) {
                users.forEach(user -> user.slot.vacate(offer));
            }
        });
        plugins.open(timer, workers);
    }

    Plugins plugins() {
        return plugins.plugins();
    }

    /** A look found that a jar is not in the folder. */
    void removed(Path jar) {
        plugins.deployment().removed(jar);
    }

    BundleContext context() {
        return felix.getBundleContext();
    }

    Path folder() {
        return home.resolve("plugins");
    }

    /** Returns the bundles of a name that are installed. */
    List<Bundle> bundles(String name) {
        return Arrays.stream(context().getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .toList();
    }

    PluginStatus only(String bundle) throws DewyException {
        List<PluginStatus> found = plugins().find(bundle);
        if (found.size() != 1) {
            throw new AssertionError(found);
        }
        return found.get(0);
    }

    List<String> told(String type) {
        return events.stream()
                .filter(event -> event.type().equals(type))
                .map(event -> String.valueOf(event.data()))
                .toList();
    }

    /** Waits, not forever, until something is so. */
    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not come to that");
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Adds an app that notifies by {@code test:}. */
    User user(String name) throws DewyException {
        User user = new User(name, "test");
        user.slot.fill();
        users.add(user);
        return user;
    }

    /** Returns a slot of an app, in which nothing is yet. */
    <T extends AutoCloseable> PluginSlot<T> slot(PluginKind<T> kind, String scheme, String app) {
        PluginUrl url = new PluginUrl(scheme, "", "", Map.of());
        TestApp context = TestApp.in(home.resolve(app)).named(app);
        return new PluginSlot<>(kind, url, context, plugins.directory(), stream.scope(app), guard);
    }

    User user(String name, String scheme) throws DewyException {
        User user = new User(name, scheme);
        user.slot.fill();
        users.add(user);
        return user;
    }

    @Override
    public void close() throws Exception {
        System.clearProperty(ScriptedPlugin.TESTING);
        plugins.close();
        felix.stop();
        felix.waitForStop(10_000);
        timer.shutdownNow();
        workers.shutdownNow();
    }

    /** An app. */
    final class User implements PluginUser {
        private final String name;
        private final PluginSlot<Notifier> slot;

        User(String name, String scheme) {
            this.name = name;
            slot = slot(PluginKind.NOTIFIER, scheme, name);
        }

        /** Returns by which versions its instance was opened and adopted; empty when it has none. */
        String history() {
            slot.settle();
            return slot.current().map(Object::toString).orElse("");
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public List<Offer<?>> offers() {
            return slot.offer().<List<Offer<?>>>map(List::of).orElse(List.of());
        }

        @Override
        public void prove(List<? extends Offer<?>> next) throws DewyException {
            for (Offer<?> offer : next) {
                Optional<Offer<Notifier>> fitting = slot.fitting(offer);
                if (fitting.isPresent()) {
                    slot.prove(fitting.get());
                }
            }
        }

        @Override
        public void moveTo(List<? extends Offer<?>> next) throws DewyException {
            for (Offer<?> offer : next) {
                Optional<Offer<Notifier>> fitting = slot.fitting(offer);
                if (fitting.isPresent()) {
                    slot.moveTo(fitting.get());
                }
            }
        }

        @Override
        public void release() {
            slot.release();
        }
    }

    /** Time flies, so that limits are over soon. */
    private static final class HastyTimer extends ScheduledThreadPoolExecutor {
        private static final int TIMES = 10;

        HastyTimer() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
            return super.schedule(work, unit.toNanos(delay) / TIMES, TimeUnit.NANOSECONDS);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable work, long first, long delay, TimeUnit unit) {
            return super.scheduleWithFixedDelay(
                    work, unit.toNanos(first) / TIMES, unit.toNanos(delay) / TIMES, TimeUnit.NANOSECONDS);
        }
    }
}
