package dewy.registry.file;

import dewy.api.InvalidException;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Component;

/** Opens the artifacts in folders: {@code file:///dir?settle=500ms}. */
@Component(name = "dewy.registry.file.artifact")
@Plugin(kind = "artifact", scheme = "file")
public final class FileArtifactProvider implements ArtifactProvider {
    @Override
    public ArtifactSource open(PluginUrl url, AppContext app) throws InvalidException {
        return new FileArtifactSource(RegistryFolder.of(url, app), InstantSource.system());
    }
}
