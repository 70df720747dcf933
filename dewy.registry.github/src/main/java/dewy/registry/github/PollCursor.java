package dewy.registry.github;

import dewy.api.registry.Cursor;
import dewy.api.release.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a poll ended.
 *
 * @param fingerprint what all releases looked like, in what matters
 * @param etag the validator of the first page, where GitHub gave one
 */
record PollCursor(String fingerprint, Optional<String> etag) {
    /** The meaning of a cursor, to be changed together with it: one of another format counts as none. */
    private static final String FORMAT = "1";

    private static final Pattern ETAG = Pattern.compile("(W/)?\"[\\x21\\x23-\\x7e]*\"");

    static Optional<PollCursor> parse(Cursor cursor) {
        String[] parts = cursor.state().split(" ", 3);
        if (parts.length != 3 || !parts[0].equals(FORMAT)) {
            return Optional.empty();
        }
        return Optional.of(new PollCursor(
                parts[1], Optional.of(parts[2]).filter(tag -> ETAG.matcher(tag).matches())));
    }

    /**
     * Sums up releases in what matters to a deployment. GitHub's ETag changes also with the number of downloads, and with each
     * audit file that a host leaves.
     */
    static PollCursor of(ApiAddress address, Repository repository, ReleasePages.Listing listing) {
        MessageDigest sum = Digest.calculation("sha256");
        add(sum, address.base(), repository);
        for (GitHubRelease release : listing.releases()) {
            add(sum, "release", release.id(), release.tag(), release.published());
            for (Asset asset : release.assets()) {
                if (asset.matters()) {
                    add(sum, asset.id(), asset.name(), asset.size(), asset.digest());
                }
            }
        }
        return new PollCursor(Digest.of(sum).hex(), listing.etag());
    }

    Cursor toCursor() {
        return new Cursor(FORMAT + " " + fingerprint + " " + etag.orElse(""));
    }

    /** Adds texts, each with its end, which no value holds. */
    private static void add(MessageDigest sum, Object... values) {
        for (Object value : values) {
            sum.update(value.toString().getBytes(StandardCharsets.UTF_8));
            sum.update((byte) 0);
        }
    }
}
