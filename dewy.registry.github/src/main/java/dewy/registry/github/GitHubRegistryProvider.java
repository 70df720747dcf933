package dewy.registry.github;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Registry;
import dewy.api.registry.RegistryProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens registries that are repositories on GitHub: {@code github://owner/repository}. */
@Component(name = "dewy.registry.github.registry")
@Plugin(
        kind = "registry",
        scheme = {"github", "ghr"})
public final class GitHubRegistryProvider implements RegistryProvider {
    private final GitHubAccess access;

    /** Makes a provider whose registries ask through {@code access}. */
    @Activate
    public GitHubRegistryProvider(@Reference GitHubAccess access) {
        this.access = access;
    }

    @Override
    public Registry open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Repository repository = Repository.of(url, parameters);
        Api api = access.api(parameters);
        parameters.finish();
        return new GitHubRegistry(api, repository);
    }
}
