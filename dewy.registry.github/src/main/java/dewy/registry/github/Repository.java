package dewy.registry.github;

import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A repository on GitHub, and the paths of the API that belong to it.
 *
 * @param owner the user or organization
 * @param name its name there
 */
record Repository(String owner, String name) {
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");
    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}");

    /** Reads {@code github://owner/name}; what is wrong with it is added to {@code parameters}. */
    static Repository of(PluginUrl url, Parameters parameters) {
        String name = url.path().startsWith("/") ? url.path().substring(1) : url.path();
        if (name.endsWith("/")) {
            name = name.substring(0, name.length() - 1);
        }
        if (url.authority().isEmpty() || name.isEmpty()) {
            parameters.complain("it names no repository, as github://owner/repository does");
        } else {
            if (!OWNER.matcher(url.authority()).matches()) {
                parameters.complain("its owner can be none on GitHub: letters, digits, - and _ only");
            }
            if (!NAME.matcher(name).matches()) {
                parameters.complain("\"" + name + "\" can be no repository on GitHub: letters, digits, . - and _ only");
            }
        }
        return new Repository(url.authority(), name);
    }

    String path() {
        return "/repos/" + owner + "/" + name;
    }

    String releasePath(String tag) {
        String encoded = URLEncoder.encode(tag, StandardCharsets.UTF_8).replace("+", "%20");
        return path() + "/releases/tags/" + encoded;
    }

    String assetPath(long asset) {
        return path() + "/releases/assets/" + asset;
    }

    /** Returns where the artifact is that an asset holds: {@code github://owner/repository/releases/assets/<id>}. */
    String location(long asset) {
        return locations() + asset;
    }

    /** Returns the asset that a location names, if it is one of this repository. */
    OptionalLong assetAt(String location) {
        String id = location.startsWith(locations())
                ? location.substring(locations().length())
                : "";
        return id.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(id)) : OptionalLong.empty();
    }

    private String locations() {
        return "github://" + this + "/releases/assets/";
    }

    @Override
    public String toString() {
        return owner + "/" + name;
    }
}
