package dewy.itest.images;

import dewy.api.Call;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Deliverable;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** What every registry has beside it: here nothing is fetched from it, since images come from the engine. */
@Component(service = ArtifactProvider.class)
@Plugin(kind = "artifact", scheme = "images")
public final class NoArchivesProvider implements ArtifactProvider {
    @Override
    public ArtifactSource open(PluginUrl url, AppContext app) {
        return new ArtifactSource() {
            @Override
            public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator) {
                throw new AssertionError("an image was fetched as an archive");
            }

            @Override
            public void close() {}
        };
    }
}
