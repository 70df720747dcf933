package dewy.registry.gcs;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobListOption;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.release.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

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
            Bucket.Page page = bucket.list(
                    call,
                    "list the versions at",
                    options(next.map(BlobListOption::pageToken), prefix, BlobListOption.fields(BlobField.NAME)));
            for (Blob object : page.objects()) {
                String name = object.getName().substring(prefix.length());
                if (name.endsWith("/") && Names.isRelease(name)) {
                    tags.add(name.substring(0, name.length() - 1));
                } else if (loose.isEmpty() && Names.isArchive(name)) {
                    loose = Optional.of(name);
                }
            }
            next = page.next();
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
        Optional<BlobListOption> from = Optional.empty();
        do {
            Bucket.Page page = bucket.list(
                    call,
                    "look into version " + tag + " at",
                    options(
                            from,
                            prefix,
                            BlobListOption.fields(
                                    BlobField.NAME, BlobField.SIZE, BlobField.GENERATION, BlobField.TIME_CREATED)));
            String last = "";
            for (Blob object : page.objects()) {
                String name = object.getName().substring(prefix.length());
                last = name.compareTo(last) > 0 ? name : last;
                if (!object.isDirectory() && !name.startsWith(Names.AUDIT_PREFIX)) {
                    entries.add(VersionFolder.Entry.of(name, object));
                }
            }
            boolean amongReports = last.startsWith(Names.AUDIT_PREFIX);
            from = page.next()
                    .map(token -> amongReports
                            ? BlobListOption.startOffset(prefix + Names.AUDIT_PREFIX + "~")
                            : BlobListOption.pageToken(token));
        } while (from.isPresent());
        return new VersionFolder(tag, List.copyOf(entries));
    }

    private static BlobListOption[] options(Optional<BlobListOption> from, String prefix, BlobListOption fields) {
        Stream<BlobListOption> all =
                Stream.of(BlobListOption.prefix(prefix), BlobListOption.currentDirectory(), fields);
        return Stream.concat(all, from.stream()).toArray(BlobListOption[]::new);
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
