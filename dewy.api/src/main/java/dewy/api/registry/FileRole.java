package dewy.api.registry;

import java.util.Locale;
import java.util.regex.Pattern;

/** What a file of a release is for, as its name tells: the same in every registry that holds files. */
public enum FileRole {
    /** Something to deploy, or the signature of it. */
    ARTIFACT,
    /** The digest of the one artifact whose name it has, with {@code .sha256} or {@code .sha512} behind it. */
    CHECKSUM,
    /** The digests of several artifacts, such as {@code checksums.txt} or {@code SHA256SUMS}. */
    CHECKSUM_LIST,
    /**
     * Unfinished uploads, signatures by OpenPGP, what is hidden, and what hosts {@linkplain DeploymentReport#fileName leave}:
     * nothing that makes a release another one.
     */
    OTHER;

    /** What the names begin with of the files that hosts leave at a release. */
    public static final String REPORT_PREFIX = "shipped_to_";

    private static final Pattern UNTOLD = Pattern.compile("|(\\.|" + REPORT_PREFIX + ").*|.*\\.(part|tmp|asc)");
    private static final Pattern SIDECAR = Pattern.compile(".*\\.sha(256|512)");
    private static final Pattern LIST = Pattern.compile(".*checksums\\.txt|sha(256|512)sums(\\.txt)?");
    private static final Pattern ARCHIVE =
            Pattern.compile("[^.].*\\.(zip|tar|tgz|tzst|txz|tbz2|tar\\.(gz|zst|xz|bz2))");

    /** Returns what a file is for. Upper and lower case mean the same. */
    public static FileRole of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (UNTOLD.matcher(lower).matches()) {
            return OTHER;
        }
        if (LIST.matcher(lower).matches()) {
            return CHECKSUM_LIST;
        }
        return SIDECAR.matcher(lower).matches() ? CHECKSUM : ARTIFACT;
    }

    /** Returns whether a file may hold the digest of an artifact: a list may, and what belongs to it alone. */
    public static boolean isChecksumOf(String artifact, String name) {
        return of(name) == CHECKSUM_LIST || name.equals(artifact + ".sha256") || name.equals(artifact + ".sha512");
    }

    /** Returns whether a file is an archive. */
    public static boolean isArchive(String name) {
        return ARCHIVE.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }
}
