package dewy.registry.file;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Registry;
import dewy.api.registry.RegistryProvider;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Component;

/** Opens registries that are folders: {@code file:///dir?settle=500ms}. */
@Component(name = "dewy.registry.file.registry")
@Plugin(kind = "registry", scheme = "file")
public final class FileRegistryProvider implements RegistryProvider {
    private final SystemWatch watch = new SystemWatch();

    @Override
    public Registry open(PluginUrl url, AppContext app) throws InvalidException {
        RegistryFolder folder = RegistryFolder.of(url, app);
        return new FileRegistry(folder, InstantSource.system(), new FolderWatch(folder, watch));
    }
}
