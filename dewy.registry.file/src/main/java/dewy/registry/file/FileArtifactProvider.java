package dewy.registry.file;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** Opens the artifacts in folders: {@code file:///dir?settle=500ms}. */
@Component(name = "dewy.registry.file.artifact")
@Plugin(kind = "artifact", scheme = "file")
public final class FileArtifactProvider implements ArtifactProvider {
    @Override
    public ArtifactSource open(PluginUrl url, AppContext app) throws InvalidException {
        return new FileArtifactSource(RegistryFolder.of(url, app), Optional.empty(), InstantSource.system());
    }

    /** A file that somebody names is found by its path, wherever it is. */
    @Override
    public ArtifactSource openAt(URI address, AppContext app) throws InvalidException {
        PluginUrl url = PluginUrl.parse(address.getScheme() + "://" + Objects.toString(address.getRawAuthority(), "")
                + Objects.toString(address.getRawPath(), ""));
        RegistryFolder named = RegistryFolder.of(url, app);
        Path folder = named.root().getParent();
        Path file = named.root().getFileName();
        if (folder == null || file == null) {
            String why = "it names no file, as file:///srv/releases/v1.0.0/app.tar.gz does";
            throw new InvalidException(Problem.of("read", address, why, ""));
        }
        RegistryFolder around = new RegistryFolder(folder, named.settle());
        return new FileArtifactSource(around, Optional.of(file.toString()), InstantSource.system());
    }
}
