package dewy.registry.s3;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.release.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Which versions there are. They are listed by the slash behind their names, so that a thousand of them are one request,
 * however many objects they have.
 *
 * @param tags ordered
 * @param loose an archive that is in no version, the first by name
 * @param requests how many it took
 */
record Listing(List<String> tags, Optional<String> loose, int requests) {
    /** Lists the versions below the prefix of a bucket. */
    static Listing of(Call call, Bucket bucket) throws DewyException {
        String prefix = bucket.location().prefix();
        TreeSet<String> tags = new TreeSet<>();
        Optional<String> loose = Optional.empty();
        Optional<String> next = Optional.empty();
        int requests = 0;
        do {
            String token = next.orElse(null);
            ListObjectsV2Response page = bucket.list(call, "list the versions at", request -> request.prefix(prefix)
                    .delimiter("/")
                    .continuationToken(token));
            for (CommonPrefix below : page.commonPrefixes()) {
                String name = below.prefix().substring(prefix.length()).replaceFirst("/$", "");
                if (Names.isRelease(name)) {
                    tags.add(name);
                }
            }
            loose = loose.or(() -> page.contents().stream()
                    .map(object -> object.key().substring(prefix.length()))
                    .filter(Names::isArchive)
                    .findFirst());
            next = Optional.ofNullable(page.isTruncated() ? page.nextContinuationToken() : null);
            requests++;
        } while (next.isPresent());
        return new Listing(List.copyOf(tags), loose, requests);
    }

    /**
     * Looks into a version. What hosts reported is passed over as a whole, however much it is: its names stand together.
     */
    static VersionFolder version(Call call, Bucket bucket, String tag) throws DewyException {
        String prefix = bucket.location().key(tag, "");
        List<VersionFolder.Entry> entries = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            String start = after.orElse(null);
            ListObjectsV2Response page =
                    bucket.list(call, "look into version " + tag + " at", request -> request.prefix(prefix)
                            .delimiter("/")
                            .startAfter(start));
            String last = "";
            for (S3Object object : page.contents()) {
                last = object.key().substring(prefix.length());
                if (!last.startsWith(Names.AUDIT_PREFIX)) {
                    entries.add(VersionFolder.Entry.of(last, object));
                }
            }
            for (CommonPrefix below : page.commonPrefixes()) {
                String folder = below.prefix().substring(prefix.length());
                // Behind all that is in the folder.
                last = folder.compareTo(last) > 0 ? folder.replaceFirst("/$", "0") : last;
            }
            String behind = last.startsWith(Names.AUDIT_PREFIX) ? Names.AUDIT_PREFIX + "~" : last;
            after = page.isTruncated() && !last.isEmpty() ? Optional.of(prefix + behind) : Optional.empty();
        } while (after.isPresent());
        return new VersionFolder(tag, List.copyOf(entries));
    }

    /** Returns what stays the same as long as there are the same versions. */
    String fingerprint(Location location) {
        MessageDigest sum = Digest.calculation("sha256");
        String all = location + "\0" + String.join("\0", tags) + "\0\0" + loose.orElse("");
        sum.update(all.getBytes(StandardCharsets.UTF_8));
        return Digest.of(sum).hex().substring(0, 32);
    }

    /** Returns what is to be said of archives that no version has. */
    Optional<String> remark(Location location) {
        return loose.map(archive -> "archives such as " + archive + " are at " + location
                + " itself, where each version needs a folder of its own named after it, such as "
                + location.show(location.key("v1.0.0", archive)));
    }
}
