package dewy.bucket;

import dewy.api.plugin.Parameters;

/**
 * A place in a bucket.
 *
 * @param bucket the URL of the bucket: {@code gs://releases}
 * @param prefix what all keys begin with: empty, or with a slash at its end
 */
public record Location(String bucket, String prefix) {
    /** Reads what follows the bucket in a URL; what is wrong with it is told to {@code parameters}. */
    public static Location of(String bucket, String path, Parameters parameters) {
        String prefix = path.replaceFirst("^/", "").replaceFirst("/+$", "");
        if (prefix.startsWith("/") || prefix.contains("//")) {
            parameters.complain("its prefix has an empty part");
        }
        return new Location(bucket, prefix.isEmpty() ? "" : prefix + "/");
    }

    /** Returns the key of something below the prefix. */
    String key(String... names) {
        return prefix + String.join("/", names);
    }

    /** Returns the key that the whole of the prefix is, where it is no prefix. */
    String key() {
        return prefix.replaceFirst("/$", "");
    }

    /** Returns where a key is, for people. */
    public String show(String key) {
        return bucket + "/" + key;
    }

    @Override
    public String toString() {
        return show(prefix).replaceFirst("/$", "");
    }
}
