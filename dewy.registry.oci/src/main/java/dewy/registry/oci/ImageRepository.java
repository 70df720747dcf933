package dewy.registry.oci;

import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.http.Origin;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A repository of images, named as container engines name it ({@code distribution/reference}): without a host it is on Docker
 * Hub, and there without a namespace one of {@code library}.
 *
 * @param host the registry, such as {@code docker.io}, {@code ghcr.io}, {@code localhost:5000}
 * @param name within the registry, such as {@code library/nginx}
 * @param encrypted whether it is asked by HTTPS
 */
record ImageRepository(String host, String name, boolean encrypted) {
    private static final String HUB = "docker.io";
    /** The names under which Docker Hub is known as well; the first is that of its API. */
    private static final Set<String> HUBS = Set.of("registry-1.docker.io", "index.docker.io", HUB);

    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+])(:\\d{1,5})?");
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*");
    private static final Pattern BUILD = Pattern.compile("([vV]?\\d+\\.\\d+\\.\\d+[0-9A-Za-z.-]*)_([0-9A-Za-z.-]+)$");
    private static final int LONGEST_NAME = 255;
    private static final int HIGHEST_PORT = 65_535;
    private static final ImageRepository NONE = new ImageRepository(HUB, "library/none", true);

    /**
     * Reads the place of a URL, and its parameter {@code tls}; what is wrong is told to {@code parameters}.
     *
     * @param allowsHttp whether others than this host may be asked without encryption
     */
    static ImageRepository of(PluginUrl url, Parameters parameters, boolean allowsHttp) {
        String first = url.authority();
        boolean isNamed = first.matches(".*[.:].*|localhost");
        String host = isNamed ? first.toLowerCase(Locale.ROOT) : HUB;
        String path = url.path().replaceFirst("^/", "");
        String name = isNamed ? path : first + (path.isEmpty() ? "" : "/" + path);
        boolean isHub = HUBS.contains(host);
        boolean encrypted = encrypted(host, parameters, allowsHttp);
        if (!isHost(host) || !NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
            parameters.complain("name a repository, in small letters and without a tag, as img://ghcr.io/owner/app"
                    + " or for Docker Hub img://owner/app: which tag is taken, its version tells");
            return NONE;
        }
        return new ImageRepository(
                isHub ? HUB : host, isHub && !name.contains("/") ? "library/" + name : name, encrypted);
    }

    /** Engines ask this host without encryption by themselves, and nobody else. */
    private static boolean encrypted(String host, Parameters parameters, boolean allowsHttp) {
        boolean isThisHost =
                isHost(host) && Origin.of(URI.create("http://" + host)).isThisHost();
        boolean encrypted = parameters.flag("tls", !isThisHost);
        if (!encrypted && !isThisHost && !allowsHttp) {
            parameters.complain(
                    "tls", "tls=false lets all read it on the way; start the agent with --allow-http to have it so");
        }
        return encrypted;
    }

    private static boolean isHost(String host) {
        if (!HOST.matcher(host).matches()) {
            return false;
        }
        URI uri = URI.create("http://" + host);
        return uri.getHost() != null && uri.getPort() <= HIGHEST_PORT;
    }

    /** Returns an address of its API, such as that of {@code tags/list}. */
    URI address(String path) {
        String server = host.equals(HUB) ? "registry-1.docker.io" : host;
        return URI.create((encrypted ? "https://" : "http://") + server + "/v2/" + name + "/" + path);
    }

    /** Returns where its registry is. */
    Origin origin() {
        return Origin.of(address(""));
    }

    /** Returns the reference of the image that has a tag, or a digest. */
    String reference(String tag) {
        return this + (tag.contains(":") ? "@" : ":") + tag;
    }

    /** Returns the version that a tag tells: tags have no plus sign, and an underscore in its place, as Helm has it. */
    static String version(String tag) {
        return BUILD.matcher(tag).replaceFirst("$1+$2");
    }

    /** Returns the tag that tells a version. */
    static String tag(String version) {
        return version.replace('+', '_');
    }

    /** Returns whether a place is this repository, or an image of it, named in full or as people name it. */
    boolean has(String place) {
        return place.matches("(" + Pattern.quote(toString()) + "|" + Pattern.quote(shortName()) + ")([:@].*)?");
    }

    private String shortName() {
        return host.equals(HUB) ? name.replaceFirst("^library/", "") : toString();
    }

    /** Returns by what name credentials for its registry are kept. */
    String server() {
        return host.equals(HUB) ? "https://index.docker.io/v1/" : host;
    }

    /**
     * Returns how closely credentials that are kept under a name are meant for it: the length of the part of the registry that
     * they are for; 0 if that is all of it, and -1 if it is another one.
     */
    int nearness(String key) {
        String place =
                key.replaceFirst("^https?://", "").replaceFirst("/v[12]/?$", "").replaceFirst("/+$", "");
        int slash = place.indexOf('/');
        String server = slash < 0 ? place : place.substring(0, slash);
        String part = slash < 0 ? "" : place.substring(slash + 1);
        boolean isHere = server.equals(host) || (host.equals(HUB) && HUBS.contains(server));
        return isHere && (part.isEmpty() || (name + "/").startsWith(part + "/")) ? part.length() : -1;
    }

    @Override
    public String toString() {
        return host + "/" + name;
    }
}
