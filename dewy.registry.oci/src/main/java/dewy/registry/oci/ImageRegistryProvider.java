package dewy.registry.oci;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Registry;
import dewy.api.registry.RegistryProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens registries that are repositories of images: {@code img://ghcr.io/owner/app}. */
@Component(name = "dewy.registry.oci.registry")
@Plugin(kind = "registry", scheme = "img")
public final class ImageRegistryProvider implements RegistryProvider {
    private final RegistryAccess access;

    /** Makes a provider whose registries ask through {@code access}. */
    @Activate
    public ImageRegistryProvider(@Reference RegistryAccess access) {
        this.access = access;
    }

    @Override
    public Registry open(PluginUrl url, AppContext app) throws InvalidException {
        return new ImageRegistry(access.open(url, app).api(), access.clock());
    }
}
