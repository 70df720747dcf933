package dewy.registry.oci;

import dewy.api.InvalidException;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens repositories of images as what releases are made of, whichever registry announces these. */
@Component(name = "dewy.registry.oci.artifact")
@Plugin(kind = "artifact", scheme = "img")
public final class ImageSourceProvider implements ArtifactProvider {
    private final RegistryAccess access;

    /** Makes a provider whose sources ask through {@code access}. */
    @Activate
    public ImageSourceProvider(@Reference RegistryAccess access) {
        this.access = access;
    }

    @Override
    public ArtifactSource open(PluginUrl url, AppContext app) throws InvalidException {
        RegistryAccess.Opened opened = access.open(url, app);
        return new ImageSource(opened.api(), opened.platform());
    }
}
