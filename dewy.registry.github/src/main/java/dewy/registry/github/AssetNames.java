package dewy.registry.github;

import java.util.Locale;
import java.util.regex.Pattern;

/** What the names of a release's files mean. */
final class AssetNames {
    /** What a file is for. */
    enum Role {
        /** Something to deploy. */
        ARTIFACT,
        /** Digests of the artifacts beside it. */
        CHECKSUMS,
        /** Signatures and audit files: nothing that makes a release another one. */
        OTHER
    }

    static final String AUDIT_PREFIX = "shipped_to_";

    private static final Pattern OTHER = Pattern.compile(AUDIT_PREFIX + ".*|.*\\.(asc|sig|minisig)");
    private static final Pattern SIDECAR = Pattern.compile(".*\\.sha(256|512)");
    private static final Pattern LIST = Pattern.compile(".*checksums\\.txt|sha(256|512)sums(\\.txt)?");

    private AssetNames() {}

    static Role role(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        if (OTHER.matcher(name).matches()) {
            return Role.OTHER;
        }
        boolean checksums = SIDECAR.matcher(name).matches() || isList(name);
        return checksums ? Role.CHECKSUMS : Role.ARTIFACT;
    }

    /** Returns whether a file with checksums belongs to one artifact. */
    static boolean isSidecarOf(String file, String artifact) {
        return file.equals(artifact + ".sha256") || file.equals(artifact + ".sha512");
    }

    /** Returns whether a file holds the digests of several artifacts. */
    static boolean isList(String file) {
        return LIST.matcher(file.toLowerCase(Locale.ROOT)).matches();
    }
}
