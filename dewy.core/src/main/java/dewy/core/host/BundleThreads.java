package dewy.core.host;

import dewy.core.plugin.Guard;
import java.net.URL;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * The threads that run code of a bundle, looked up while it is there, of which none should be left soon after it was removed.
 * They are known by the packages of the bundle, which other versions of it have as well: so those of the version before are
 * looked up before the next one starts, and those of the next one are the ones that came since. Packages that another bundle
 * carries as well, which is at work, tell nothing: its threads would be taken for those of this one.
 */
final class BundleThreads {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Set<String> packages;
    private final List<Thread> threads;

    private BundleThreads(Set<String> packages, List<Thread> threads) {
        this.packages = packages;
        this.threads = threads;
    }

    static BundleThreads of(Bundle bundle) {
        Set<String> packages = packages(bundle);
        for (Bundle other : others(bundle)) {
            packages.removeAll(packages(other));
        }
        List<Thread> threads = Thread.getAllStackTraces().entrySet().stream()
                .filter(each -> runs(packages, each))
                .map(Map.Entry::getKey)
                .toList();
        return new BundleThreads(packages, threads);
    }

    /** Returns these without others. */
    BundleThreads without(Collection<Thread> others) {
        return new BundleThreads(
                packages,
                threads.stream().filter(thread -> !others.contains(thread)).toList());
    }

    List<Thread> threads() {
        return threads;
    }

    /** Returns those that go on although their bundle has been gone for a while. */
    List<Thread> awaitEnd() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Thread> left = left(threads);
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK.toNanos());
            left = left(left);
        }
        return left;
    }

    private List<Thread> left(List<Thread> of) {
        return of.stream()
                .filter(Thread::isAlive)
                .filter(thread -> runs(packages, Map.entry(thread, thread.getStackTrace())))
                .toList();
    }

    /** A thread of core's that runs code of a plugin is not the plugin's: if it hangs, that is told by itself. */
    private static boolean runs(Set<String> packages, Map.Entry<Thread, StackTraceElement[]> thread) {
        return !Guard.isBelow(thread.getValue())
                && Arrays.stream(thread.getValue())
                        .map(StackTraceElement::getClassName)
                        .anyMatch(name -> packages.contains(name.substring(0, Math.max(0, name.lastIndexOf('.')))));
    }

    private static List<Bundle> others(Bundle bundle) {
        return Optional.ofNullable(bundle.getBundleContext()).map(BundleContext::getBundles).stream()
                .flatMap(Arrays::stream)
                .filter(other -> other.getState() == Bundle.ACTIVE && other.getBundleId() != Constants.SYSTEM_BUNDLE_ID)
                .filter(other -> !Objects.equals(other.getSymbolicName(), bundle.getSymbolicName()))
                .toList();
    }

    private static Set<String> packages(Bundle bundle) {
        Set<String> packages = new HashSet<>();
        Enumeration<URL> classes = bundle.findEntries("/", "*.class", true);
        for (URL url : classes == null ? List.<URL>of() : Collections.list(classes)) {
            String path = url.getPath().substring(1);
            packages.add(path.substring(0, Math.max(0, path.lastIndexOf('/'))).replace('/', '.'));
        }
        return packages;
    }
}
