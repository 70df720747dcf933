package dewy.core.host;

import dewy.core.event.EventKind;
import dewy.core.event.EventStream;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;

/** Removes bundles that nobody uses, and tells what they leave behind. For one thread at a time. */
final class BundleRemoval {
    private final HostParts parts;
    private final EventStream events;
    /** Threads that were told: whoever comes later is not blamed for them. */
    private final Set<Thread> told = Collections.newSetFromMap(new WeakHashMap<>());

    BundleRemoval(HostParts parts, EventStream events) {
        this.parts = parts;
        this.events = events;
    }

    /** Returns the threads that run code of a bundle, so far. */
    BundleThreads threads(Bundle bundle) {
        return BundleThreads.of(bundle).without(told);
    }

    /** Removes a bundle; its threads should end soon. */
    void remove(Bundle bundle, BundleThreads threads) {
        String name = PluginBundle.name(bundle);
        parts.directory().withhold(bundle);
        parts.starter().uninstall(bundle);
        if (bundle.getState() != Bundle.UNINSTALLED) {
            return; // It is told; whatever it comes to, it stays withheld.
        }
        parts.directory().forget(bundle);
        parts.available().forget(bundle);
        parts.folder().copyOf(bundle).ifPresent(parts.folder()::delete);
        parts.inventory().forget(bundle);
        List<Thread> left = threads.awaitEnd();
        if (told.addAll(left)) {
            String names = left.stream().map(Thread::getName).sorted().collect(Collectors.joining(", "));
            events.scope("").during("", "command", "dewy").publish(EventKind.PLUGIN_LEAKED, name, names);
        }
    }
}
