package dewy.registry.oci;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens repositories of images as what releases are made of, whichever registry announces these. */
@Component(name = "dewy.registry.oci.artifact")
@Plugin(kind = "artifact", scheme = "img")
public final class ImageSourceProvider implements ArtifactProvider {
    private static final Pattern IMAGE = Pattern.compile("([^?#@]+?)([:@]([^:/?#@]+|sha\\d+:[0-9a-f]+))?");
    private static final String LATEST = "latest";

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

    /** Opens {@code img://ghcr.io/owner/app:v1.2.3}, or the same by digest: {@code img://ghcr.io/owner/app@sha256:…}. */
    @Override
    public ArtifactSource openAt(URI address, AppContext app) throws InvalidException {
        Matcher image = IMAGE.matcher(address.toString());
        if (!image.matches()) {
            throw new InvalidException(Problem.of(
                    "fetch",
                    address,
                    "it is no address of an image",
                    "Have the registry announce it as img://ghcr.io/owner/app:v1.2.3"));
        }
        RegistryAccess.Opened opened = access.open(PluginUrl.parse(image.group(1)), app);
        String tag = Optional.ofNullable(image.group(3)).orElse(LATEST);
        return new ImageSource(opened.api(), opened.platform(), release -> tag);
    }
}
