package dewy.artifact.http;

import dewy.api.artifact.VersionTemplate;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Platform;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;

/**
 * Where artifacts are: {@code https://host/path/{version}/app_{os}_{arch}.tar.gz}.
 *
 * @param origin scheme, host and port, as {@code https://host:port}
 * @param path the path, not encoded, in which {@code {version}} alone is left to be filled in
 */
record UrlTemplate(String origin, String path) implements WebAddress {
    private static final String UNRESERVED = "-._~";
    private static final String ALSO_IN_PATHS = UNRESERVED + "/!$&'()*+,;=:@";

    /** Reads a URL; what is wrong with it is told to {@code parameters}. */
    static UrlTemplate of(PluginUrl url, Platform platform, Parameters parameters) {
        checkAuthority(url, parameters);
        String path = VersionTemplate.of(url.path(), platform, parameters).text();
        if (path.endsWith("/") || path.isEmpty()) {
            parameters.complain("its path does not end in the name of a file");
        }
        return new UrlTemplate(url.scheme() + "://" + url.authority(), path);
    }

    @Override
    public URI resolve(String tag) {
        int at = 0;
        StringBuilder encoded = new StringBuilder(origin);
        for (int next = path.indexOf(VersionTemplate.VERSION);
                next >= 0;
                next = path.indexOf(VersionTemplate.VERSION, at)) {
            encoded.append(encode(path.substring(at, next), ALSO_IN_PATHS)).append(encode(tag, UNRESERVED));
            at = next + VersionTemplate.VERSION.length();
        }
        return URI.create(
                encoded.append(encode(path.substring(at), ALSO_IN_PATHS)).toString());
    }

    @Override
    public String name(String tag) {
        return path.substring(path.lastIndexOf('/') + 1).replace(VersionTemplate.VERSION, tag);
    }

    private static void checkAuthority(PluginUrl url, Parameters parameters) {
        String authority = url.authority();
        if (authority.contains("@")) {
            parameters.complain("it holds a user; put credentials into ~/.netrc, or name them with header=env:NAME");
        } else if (authority.matches(".*[{}].*")) {
            parameters.complain("placeholders can stand in its path only, not in its host");
        } else if (!isHost(url.scheme() + "://" + authority)) {
            parameters.complain("it names no host, as https://example.com/app_{version}.tar.gz does");
        }
    }

    private static boolean isHost(String address) {
        try {
            return new URI(address).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String encode(String text, String plain) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean alphanumeric = c < 128 && Character.isLetterOrDigit(c);
            if (alphanumeric || plain.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append("%%%02X".formatted((int) c));
            }
        }
        return encoded.toString();
    }
}
