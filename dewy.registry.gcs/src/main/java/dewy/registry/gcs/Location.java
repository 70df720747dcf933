package dewy.registry.gcs;

import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import java.util.regex.Pattern;

/**
 * A place in a bucket: {@code gs://bucket/prefix}.
 *
 * @param prefix what all names begin with: empty, or with a slash at its end
 */
record Location(String bucket, String prefix) {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");

    /** Reads a URL; what is wrong with it is told to {@code parameters}. */
    static Location of(PluginUrl url, Parameters parameters) {
        String bucket = url.authority();
        String rest = url.path().replaceFirst("^/", "").replaceFirst("/+$", "");
        if (bucket.isEmpty()) {
            parameters.complain("name a bucket: gs://bucket/prefix");
        } else if (!BUCKET.matcher(bucket).matches()) {
            parameters.complain("\"" + bucket + "\" cannot be the name of a bucket, which has 3 to 63 small letters,"
                    + " digits, dots, hyphens and underscores");
        }
        if (rest.startsWith("/") || rest.contains("//")) {
            parameters.complain("its prefix has an empty part");
        }
        return new Location(bucket, rest.isEmpty() ? "" : rest + "/");
    }

    /** Returns the name of an object below the prefix. */
    String key(String... names) {
        return prefix + String.join("/", names);
    }

    /** Returns where an object is, for people. */
    String show(String key) {
        return "gs://" + bucket + "/" + key;
    }

    @Override
    public String toString() {
        return show(prefix).replaceFirst("/$", "");
    }
}
