package dewy.bucket;

import dewy.api.InvalidException;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.VersionTemplate;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Platform;
import java.net.URI;
import java.util.Map;
import java.util.Objects;

/**
 * Opens artifacts in buckets: below the prefix of a URL, where they are by version and name, or where a template in its place
 * says, such as {@code app-{version}_{os}_{arch}.tar.gz}.
 */
public abstract class BucketArtifactProvider implements ArtifactProvider {
    private final BucketAccess access;
    private final Arrivals arrivals = new Arrivals();

    /** Makes a provider whose sources ask through {@code access}. */
    protected BucketArtifactProvider(BucketAccess access) {
        this.access = access;
    }

    @Override
    public final ArtifactSource open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Bucket bucket = access.bucket(url, parameters, app);
        String prefix = bucket.location().prefix();
        boolean isTemplate = VersionTemplate.isOne(prefix);
        VersionTemplate template = VersionTemplate.of(prefix.replaceFirst("/$", ""), Platform.current(), parameters);
        if (isTemplate && !template.text().contains(VersionTemplate.VERSION)) {
            parameters.complain("{version} must stand in it, or no placeholder at all");
        }
        parameters.finish();
        return isTemplate
                ? new LocatingSource(bucket, template::resolve, arrivals)
                : new BucketArtifactSource(bucket, arrivals);
    }

    /** Opens the object at an address. By which way, and as whom, this host says: a remote does not lead credentials away. */
    @Override
    public final ArtifactSource openAt(URI address, AppContext app) throws InvalidException {
        String authority = Objects.toString(address.getRawAuthority(), "");
        String path = Objects.toString(address.getPath(), "");
        PluginUrl url = new PluginUrl(address.getScheme(), authority, path, Map.of());
        Parameters none = Parameters.of("fetch", url, Map.of());
        Bucket bucket = access.bucket(url, none, app);
        Location location = bucket.location();
        if (location.prefix().isEmpty() || path.endsWith("/")) {
            none.complain("it names no object, as " + location.show("v1.2.3/app.tar.gz") + " does");
        }
        if (address.getRawQuery() != null) {
            none.complain("it has parameters, which a URL on this host alone may have");
        }
        none.finish();
        return new LocatingSource(bucket, any -> location.key(), arrivals);
    }
}
