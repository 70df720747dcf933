package dewy.registry.github;

import dewy.api.InvalidException;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens the assets of releases on GitHub: {@code github://owner/repository}. */
@Component(name = "dewy.registry.github.artifact")
@Plugin(
        kind = "artifact",
        scheme = {"github", "ghr"})
public final class GitHubArtifactProvider implements ArtifactProvider {
    private final GitHubAccess access;

    /** Makes a provider whose sources ask through {@code access}. */
    @Activate
    public GitHubArtifactProvider(@Reference GitHubAccess access) {
        this.access = access;
    }

    @Override
    public ArtifactSource open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Repository repository = Repository.of(url, parameters);
        Api api = access.api(parameters);
        parameters.finish();
        return new GitHubArtifactSource(api, repository);
    }
}
