package dewy.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.CancellableCall;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.PluginUrl;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.ImageStore;
import dewy.api.runtime.RuntimeProvider;
import dewy.runtime.docker.TestImages.Manner;
import dewy.tck.Await;
import dewy.tck.ContainerEngine;
import dewy.tck.TestApp;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Classes of the bundle can be unloaded once it was used: no library that it shares with others holds on to them. */
@Timeout(60)
class UnloadingTest {
    @TempDir
    Path folder;

    /** Loads what the bundle carries itself, and leaves all else to the libraries that are there. */
    private static final class BundleLoader extends URLClassLoader {
        BundleLoader() throws Exception {
            super(new URL[] {Path.of("target/classes").toUri().toURL()}, UnloadingTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                boolean own = name.matches(
                        "(dewy\\.runtime\\.docker|dewy\\.http|dewy\\.engine|dewy\\.replicas|com\\.github|com\\.google|picocli)\\..*");
                return own && findLoadedClass(name) == null ? findClass(name) : super.loadClass(name, resolve);
            }
        }
    }

    @Test
    void afterUse() throws Exception {
        WeakReference<ClassLoader> loader = use();
        Await.until("the end of its classes", () -> {
            System.gc();
            return loader.get() == null;
        });
    }

    private WeakReference<ClassLoader> use() throws Exception {
        try (BundleLoader loader = new BundleLoader();
                CancellableCall call = TestImages.call();
                AppRuntime runtime =
                        provider(loader).open(PluginUrl.parse("docker:?health-path=/&probe-interval=20ms"), app())) {
            assertThat(runtime.getClass().getClassLoader()).isSameAs(loader);
            runtime.activate(call, TestImages.activation("v1", Manner.SERVING));
            String image = TestImages.publish("unloading", "v1", TestImages.config(Manner.SERVING));
            assertThat(((ImageStore) runtime).pull(call, TestImages.deliverable("v1", image), Optional.empty()))
                    .isEqualTo(image);
            return new WeakReference<>(loader);
        }
    }

    private AppContext app() {
        return TestApp.in(folder).running("-e", "A=1", "--memory", "64m");
    }

    private static RuntimeProvider provider(ClassLoader loader) throws Exception {
        String address = ContainerEngine.shared().address();
        Class<?> environment = loader.loadClass("dewy.http.Environment");
        Object variables = Proxy.newProxyInstance(
                loader,
                new Class<?>[] {environment},
                (proxy, method, arguments) ->
                        "DOCKER_HOST".equals(arguments[0]) ? Optional.of(address) : Optional.empty());
        Constructor<?> engine =
                loader.loadClass("dewy.engine.Engine").getConstructor(loader.loadClass("dewy.engine.EngineAddress"));
        Function<Object, Object> engines = place -> {
            try {
                return engine.newInstance(place);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(e.toString(), e);
            }
        };
        Constructor<?> provider = loader.loadClass("dewy.runtime.docker.DockerRuntimeProvider")
                .getDeclaredConstructor(environment, Function.class);
        provider.setAccessible(true);
        return (RuntimeProvider) provider.newInstance(variables, engines);
    }
}
