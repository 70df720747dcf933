package dewy.core.version;

import dewy.api.InvalidException;
import java.util.Optional;

/** How the tags of an app are read. */
@FunctionalInterface
public interface VersionScheme {
    /** Returns the version that a tag stands for, or empty when it is no version of this scheme. */
    Optional<Version> parse(String tag);

    /** Returns what a tag is to be, for people. */
    default String form() {
        return "a version";
    }

    /**
     * Reads a constraint on versions of this scheme.
     *
     * @throws InvalidException saying what is wrong, and where
     */
    default VersionConstraint constraint(String text) throws InvalidException {
        return VersionConstraint.parse(text);
    }
}
