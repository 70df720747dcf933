package dewy.bucket;

import java.util.Locale;
import java.util.regex.Pattern;

/** What the names below a prefix mean. */
final class Names {
    /** What an object of a version is for. */
    enum Role {
        /** Something to deploy, or the signature of it. */
        ARTIFACT,
        /** Digests of the artifacts beside it. */
        CHECKSUMS,
        /** Unfinished uploads, signatures by OpenPGP, audit objects, what is hidden: nothing that makes a release another one. */
        OTHER
    }

    static final String AUDIT_PREFIX = "shipped_to_";

    private static final Pattern OTHER = Pattern.compile("(\\.|" + AUDIT_PREFIX + ").*|.*\\.(part|tmp|asc)");
    private static final Pattern ARCHIVE =
            Pattern.compile("[^.].*\\.(zip|tar|tgz|tzst|txz|tbz2|tar\\.(gz|zst|xz|bz2))");
    private static final Pattern SIDECAR = Pattern.compile(".*\\.sha(256|512)");
    private static final Pattern LIST = Pattern.compile(".*checksums\\.txt|sha(256|512)sums(\\.txt)?");

    private Names() {}

    /** Returns whether what begins with this name stands for a release; which of them are versions is for core to judge. */
    static boolean isRelease(String folder) {
        return !folder.isEmpty() && !folder.startsWith(".");
    }

    static Role role(String object) {
        String name = object.toLowerCase(Locale.ROOT);
        if (name.isEmpty() || OTHER.matcher(name).matches()) {
            return Role.OTHER;
        }
        boolean checksums = SIDECAR.matcher(name).matches() || isList(object);
        return checksums ? Role.CHECKSUMS : Role.ARTIFACT;
    }

    /** Returns whether an object is an archive, as far as its name tells. */
    static boolean isArchive(String object) {
        return ARCHIVE.matcher(object.toLowerCase(Locale.ROOT)).matches();
    }

    /** Returns whether an object holds the digests of several artifacts. */
    static boolean isList(String object) {
        return LIST.matcher(object.toLowerCase(Locale.ROOT)).matches();
    }

    /** Returns whether an object holds the digest of one artifact. */
    static boolean isSidecarOf(String object, String artifact) {
        return object.equals(artifact + ".sha256") || object.equals(artifact + ".sha512");
    }
}
