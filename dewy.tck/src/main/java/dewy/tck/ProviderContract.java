package dewy.tck;

import dewy.api.plugin.AppContext;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is demanded of plugins of every kind. Extended by the contract of each kind, and by nobody else.
 *
 * @param <T> what the provider opens
 */
@Timeout(120)
public abstract class ProviderContract<T extends AutoCloseable>
        implements UrlContract<T>, LifeCycleContract<T>, CallContract<T>, FailureContract<T> {
    /** Where the app is; empty at first. */
    @TempDir
    protected Path folder;

    private Optional<TestApp> app = Optional.empty();

    ProviderContract() {}

    @BeforeEach
    final void nameApp() {
        app = Optional.of(TestApp.in(folder.resolve("app")));
    }

    /** It is the same one during a test. */
    @Override
    public AppContext app() {
        return app.orElseThrow();
    }
}
