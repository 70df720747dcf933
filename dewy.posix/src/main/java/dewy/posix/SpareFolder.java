package dewy.posix;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;

/** The folder that the framework keeps for this bundle, once there is a framework. Safe for use by several threads. */
final class SpareFolder implements Supplier<Optional<Path>> {
    private volatile Supplier<Optional<Path>> folder = Optional::empty;

    void offer(BundleContext context) {
        folder = () -> Optional.ofNullable(context.getDataFile("")).map(File::toPath);
    }

    @Override
    public Optional<Path> get() {
        return folder.get();
    }
}
