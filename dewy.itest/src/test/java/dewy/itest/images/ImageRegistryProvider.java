package dewy.itest.images;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Cursor;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.registry.RegistryProvider;
import dewy.api.release.Artifact;
import dewy.api.release.Release;
import dewy.tck.memory.host.DataPlanes;
import dewy.tck.memory.host.Engine;
import dewy.tck.memory.host.MemoryEngine;
import dewy.tck.memory.host.Software;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Announces as images what a folder has files of: {@code images:/folder}. The engine that has them is a service. */
@Component(service = RegistryProvider.class, immediate = true)
@Plugin(kind = "registry", scheme = "images")
public final class ImageRegistryProvider implements RegistryProvider {
    private final MemoryEngine engine = new MemoryEngine();
    private final Map<String, String> published = new ConcurrentHashMap<>();

    /** Offers the engine, and data planes, as long as the bundle is there. */
    @Activate
    public ImageRegistryProvider(BundleContext context) {
        context.registerService(Engine.class, engine, null);
        context.registerService(DataPlanes.class, new DataPlanes(), null);
    }

    @Override
    public Registry open(PluginUrl url, AppContext app) {
        Path folder = Path.of(url.path());
        return new Registry() {
            @Override
            public Poll poll(Call call, Optional<Cursor> cursor) throws DewyException {
                List<Release> releases =
                        tags(folder).stream().map(tag -> image(tag)).toList();
                return Poll.changed(releases, new Cursor(releases.toString()));
            }

            @Override
            public void close() {}
        };
    }

    private Release image(String tag) {
        published.computeIfAbsent(tag, name -> engine.publish("web", name, Software.of(name)));
        return new Release(tag, Optional.empty(), List.of(Artifact.image("web", "web:" + tag)));
    }

    private static List<String> tags(Path folder) throws StorageException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new StorageException(Problem.of("list", folder, StorageException.reason(e), ""), e);
        }
    }
}
