package dewy.launcher.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Commands and options of linyows/dewy, or of its documentation, that this version does not have. */
final class NotHere {
    private static final String IMAGES = "images are run by container. Use container --registry img://HOST/NAME";

    private static final Map<String, String> WHY = new HashMap<>();

    static {
        WHY.put("image", IMAGES);
        WHY.put("--image", IMAGES);
        WHY.put("--no-rollback", "a release that does not become ready never replaces the one before. Leave it out");
        WHY.put("--verify-checksum", "artifacts are checked against the registry's digests. Leave it out");
        WHY.put("--max-backoff-interval", "a release that failed is left alone by itself. Leave it out");
        WHY.put("--verbose", "the log has levels. Use --log-level debug");
        WHY.put("--keeptime", "releases are kept by their number. Use --keep-releases");
        WHY.put("--timezone", "times are in UTC. Set TZ for the server");
        WHY.put("--workdir", "the app directory is where all happens. Use --dir");
        WHY.put("-r", "the long name is the only one. Use --registry");
        WHY.put("-a", "the long name is the only one. Use --artifact");
    }

    private NotHere() {}

    /** Returns what to tell about an argument that nobody knows, if it is one of these. */
    static Optional<String> explain(String argument) {
        String name = argument.replaceFirst("=.*", "");
        return Optional.ofNullable(WHY.get(name)).map(why -> "this version has no " + name + ": " + why);
    }
}
