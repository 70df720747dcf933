package dewy.registry.s3;

import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import java.util.regex.Pattern;

/**
 * A place in a bucket: {@code s3://region/bucket/prefix}.
 *
 * @param prefix what all keys begin with: empty, or with a slash at its end
 */
record Location(String region, String bucket, String prefix) {
    private static final Pattern REGION = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    /** Reads a URL; what is wrong with it is told to {@code parameters}. */
    static Location of(PluginUrl url, Parameters parameters) {
        String path = url.path().replaceFirst("^/", "");
        int slash = path.indexOf('/');
        String bucket = slash < 0 ? path : path.substring(0, slash);
        String rest = slash < 0 ? "" : path.substring(slash + 1).replaceFirst("/+$", "");
        if (!REGION.matcher(url.authority()).matches() || bucket.isEmpty()) {
            parameters.complain("name a region and a bucket: s3://eu-west-1/bucket/prefix");
        } else if (!BUCKET.matcher(bucket).matches()) {
            parameters.complain("\"" + bucket + "\" cannot be the name of a bucket, which has 3 to 63 small letters,"
                    + " digits, dots and hyphens");
        }
        if (rest.startsWith("/") || rest.contains("//")) {
            parameters.complain("its prefix has an empty part");
        }
        return new Location(url.authority(), bucket, rest.isEmpty() ? "" : rest + "/");
    }

    /** Returns the key of something below the prefix. */
    String key(String... names) {
        return prefix + String.join("/", names);
    }

    /** Returns where a key is, for people. */
    String show(String key) {
        return "s3://" + region + "/" + bucket + "/" + key;
    }

    @Override
    public String toString() {
        return show(prefix).replaceFirst("/$", "");
    }
}
