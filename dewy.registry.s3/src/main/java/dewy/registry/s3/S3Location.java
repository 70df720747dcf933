package dewy.registry.s3;

import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.bucket.Location;
import java.util.regex.Pattern;

/** A place in a bucket of S3: {@code s3://region/bucket/prefix}. */
record S3Location(String region, String bucket, Location place) {
    private static final Pattern REGION = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    /** Those of AWS, to which other stores do not keep. */
    private static final Pattern OF_AWS = Pattern.compile("[a-z]+(-[a-z]+)+-[0-9]+");

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    /**
     * Reads a URL; what is wrong with it is told to {@code parameters}.
     *
     * @param isAws whether its region must be one of AWS
     */
    static S3Location of(PluginUrl url, boolean isAws, Parameters parameters) {
        String region = url.authority();
        String path = url.path().replaceFirst("^/", "");
        int slash = path.indexOf('/');
        String bucket = slash < 0 ? path : path.substring(0, slash);
        if (!REGION.matcher(region).matches() || bucket.isEmpty()) {
            parameters.complain("name a region and a bucket: s3://eu-west-1/bucket/prefix");
        } else if (isAws && !OF_AWS.matcher(region).matches()) {
            parameters.complain("\"" + region + "\" is no region of AWS; write s3://region/bucket/prefix, such as"
                    + " s3://eu-west-1/" + region + "/" + path);
        } else if (!BUCKET.matcher(bucket).matches()) {
            parameters.complain("\"" + bucket + "\" cannot be the name of a bucket, which has 3 to 63 small letters,"
                    + " digits, dots and hyphens");
        }
        Location place = Location.of("s3://" + region + "/" + bucket, path.substring(bucket.length()), parameters);
        return new S3Location(region, bucket, place);
    }
}
