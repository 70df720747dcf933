package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.VersionTemplate;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Platform;
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

/**
 * Opens the assets of releases on GitHub: {@code github://owner/repository}, or, where the release has another tag there than
 * in the registry, {@code github://owner/repository@app-{version}}. With {@code ?asset=app_{os}_{arch}.tar.gz} the registry
 * need only announce versions.
 */
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
        int at = url.path().indexOf('@');
        String path = at < 0 ? url.path() : url.path().substring(0, at);
        String tagged = at < 0 ? VersionTemplate.VERSION : url.path().substring(at + 1);
        if (tagged.isEmpty()) {
            parameters.complain("there is no tag behind the @, as in github://owner/repository@app-{version}");
        }
        PluginUrl plain = new PluginUrl(url.scheme(), url.authority(), path, url.parameters());
        Repository repository = Repository.of(plain, parameters);
        VersionTemplate tag = VersionTemplate.of(tagged, Platform.current(), parameters);
        Optional<VersionTemplate> asset =
                parameters.text("asset").map(text -> VersionTemplate.of(text, Platform.current(), parameters));
        Api api = access.api(parameters);
        parameters.finish();
        return asset.<ArtifactSource>map(name -> new NamedAssets(api, repository, tag, name))
                .orElseGet(() -> new GitHubArtifactSource(api, repository, tag));
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
