package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens the assets of releases on GitHub: {@code github://owner/repository}. */
@Component(name = "dewy.registry.github.artifact")
@Plugin(
        kind = "artifact",
        scheme = {"github", "ghr"})
public final class GitHubArtifactProvider implements ArtifactProvider {
    private static final Pattern ASSET = Pattern.compile("(/[^/]+)/tag/(.+)/([^/]+)");

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

    /** Opens an asset by tag and name, as linyows/dewy writes it: {@code ghr://owner/repository/tag/v1.2.3/app.tar.gz}. */
    @Override
    public ArtifactSource openAt(URI address, AppContext app) throws InvalidException {
        Matcher parts = ASSET.matcher(String.valueOf(address.getPath()));
        if (!parts.matches()) {
            String why = "it names no asset, as ghr://owner/repository/tag/v1.2.3/app.tar.gz does";
            throw new InvalidException(Problem.of("fetch", address, why, ""));
        }
        String owner = String.valueOf(address.getRawAuthority());
        PluginUrl repository = new PluginUrl(address.getScheme(), owner, parts.group(1), Map.of());
        return new Named(open(repository, app), parts.group(2), parts.group(3));
    }

    /** The one asset of that tag and name. */
    private record Named(ArtifactSource source, String tag, String name) implements ArtifactSource {
        @Override
        public ArtifactStream open(Call call, Deliverable any, long offset, Optional<String> validator)
                throws DewyException {
            Release release = new Release(tag, any.release().created(), List.of());
            Deliverable named = new Deliverable(release, Artifact.archive(name, ""));
            return source.open(call, named, offset, validator);
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
