package dewy.bucket;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.registry.FileRole;
import dewy.api.release.Digest;
import dewy.bucket.Bucket.PageRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
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
    static final String TRIED = "list the versions at";

    /** Lists the versions below the prefix of a bucket. */
    static Listing of(Call call, Bucket bucket) throws DewyException {
        String prefix = bucket.location().prefix();
        TreeSet<String> tags = new TreeSet<>();
        Optional<String> loose = Optional.empty();
        Optional<PageRequest> request = Optional.of(PageRequest.first(prefix));
        int requests = 0;
        while (request.isPresent()) {
            Bucket.Page page = bucket.list(call, TRIED, request.get());
            for (String folder : page.folders()) {
                String name = folder.substring(prefix.length()).replaceFirst("/$", "");
                if (isRelease(name)) {
                    tags.add(name);
                }
            }
            loose = loose.or(() -> page.objects().stream()
                    .map(object -> object.key().substring(prefix.length()))
                    .filter(FileRole::isArchive)
                    .findFirst());
            request = page.next().map(request.get()::behind);
            requests++;
        }
        return new Listing(List.copyOf(tags), loose, requests);
    }

    /**
     * Looks into a version. What hosts reported is passed over as a whole, however much it is: its names stand together.
     */
    static VersionFolder version(Call call, Bucket bucket, String tag) throws DewyException {
        String prefix = bucket.location().key(tag, "");
        PageRequest behindReports = PageRequest.first(prefix).startingAt(prefix + FileRole.REPORT_PREFIX + "~");
        List<VersionFolder.Entry> entries = new ArrayList<>();
        Optional<PageRequest> request = Optional.of(PageRequest.first(prefix));
        boolean passed = false;
        while (request.isPresent()) {
            Bucket.Page page = bucket.list(call, "look into version " + tag + " at", request.get());
            for (Bucket.Listed object : page.objects()) {
                String name = object.key().substring(prefix.length());
                if (!name.startsWith(FileRole.REPORT_PREFIX)) {
                    entries.add(new VersionFolder.Entry(name, object));
                }
            }
            boolean passes = !passed && last(page).startsWith(prefix + FileRole.REPORT_PREFIX);
            passed |= passes;
            request = page.next().map(passes ? token -> behindReports : request.get()::behind);
        }
        return new VersionFolder(tag, List.copyOf(entries));
    }

    /** Returns whether what begins with this name stands for a release; which of them are versions is for core to judge. */
    private static boolean isRelease(String folder) {
        return !folder.isEmpty() && !folder.startsWith(".");
    }

    /** Returns at which key a page ends. */
    private static String last(Bucket.Page page) {
        return Stream.concat(page.objects().stream().map(Bucket.Listed::key), page.folders().stream())
                .max(Comparator.naturalOrder())
                .orElse("");
    }

    /** Returns what stays the same as long as there are the same versions. */
    String fingerprint(Location location) {
        String all = location + "\0" + String.join("\0", tags) + "\0\0" + loose.orElse("");
        return Digest.of(all.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
    }

    /** Returns what is to be said of archives that no version has. */
    Optional<String> remark(Location location) {
        return loose.map(archive -> "archives such as " + archive + " are at " + location
                + " itself, where each version needs a folder of its own named after it, such as "
                + location.show(location.key("v1.0.0", archive)));
    }
}
