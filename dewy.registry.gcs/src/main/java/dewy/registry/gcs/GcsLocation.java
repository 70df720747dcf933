package dewy.registry.gcs;

import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.bucket.Location;
import java.util.regex.Pattern;

/** A place in a bucket of GCS: {@code gs://bucket/prefix}. */
record GcsLocation(String bucket, Location place) {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");

    /** Reads a URL; what is wrong with it is told to {@code parameters}. */
    static GcsLocation of(PluginUrl url, Parameters parameters) {
        String bucket = url.authority();
        if (bucket.isEmpty()) {
            parameters.complain("name a bucket: gs://bucket/prefix");
        } else if (!BUCKET.matcher(bucket).matches()) {
            parameters.complain("\"" + bucket + "\" cannot be the name of a bucket, which has 3 to 63 small letters,"
                    + " digits, dots, hyphens and underscores");
        }
        return new GcsLocation(bucket, Location.of("gs://" + bucket, url.path(), parameters));
    }
}
