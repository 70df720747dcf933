package dewy.core.version;

import java.util.Optional;

/** How the tags of an app are read. */
@FunctionalInterface
public interface VersionScheme {
    /** Returns the version that a tag stands for, or empty when it is no version of this scheme. */
    Optional<Version> parse(String tag);
}
