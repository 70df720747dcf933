package dewy.registry.file;

import java.util.Locale;
import java.util.regex.Pattern;

/** What the names in a registry folder mean. */
final class Names {
    /** What a file in a version folder is for. */
    enum Role {
        /** Something to deploy, or the signature of it. */
        ARTIFACT,
        /** Digests of the artifacts beside it. */
        CHECKSUMS,
        /** Unfinished uploads, signatures by OpenPGP, audit files, what is hidden: nothing that makes a release another one. */
        OTHER
    }

    static final String AUDIT_PREFIX = "shipped_to_";

    private static final Pattern OTHER = Pattern.compile("(\\.|" + AUDIT_PREFIX + ").*|.*\\.(part|tmp|asc)");
    private static final Pattern ARCHIVE =
            Pattern.compile("[^.].*\\.(zip|tar|tgz|tzst|txz|tbz2|tar\\.(gz|zst|xz|bz2))");
    private static final Pattern SIDECAR = Pattern.compile(".*\\.sha(256|512)");
    private static final Pattern LIST = Pattern.compile(".*checksums\\.txt|sha(256|512)sums(\\.txt)?");

    private Names() {}

    /** Returns whether a folder of this name stands for a release; which of them are versions is for core to judge. */
    static boolean isRelease(String folder) {
        return !folder.startsWith(".") && !folder.equals("lost+found");
    }

    static Role role(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        if (OTHER.matcher(name).matches()) {
            return Role.OTHER;
        }
        boolean checksums = SIDECAR.matcher(name).matches() || isChecksumList(file);
        return checksums ? Role.CHECKSUMS : Role.ARTIFACT;
    }

    /** Returns whether a file is an archive, as far as its name tells. */
    static boolean isArchive(String file) {
        return ARCHIVE.matcher(file.toLowerCase(Locale.ROOT)).matches();
    }

    /** Returns whether a file holds the digests of several artifacts. */
    static boolean isChecksumList(String file) {
        return LIST.matcher(file.toLowerCase(Locale.ROOT)).matches();
    }

    /** Returns whether a file with checksums may hold the one of {@code artifact}. */
    static boolean isChecksumFor(String file, String artifact) {
        return file.equals(artifact + ".sha256") || file.equals(artifact + ".sha512") || isChecksumList(file);
    }
}
