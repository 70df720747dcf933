package dewy.api.process;

import org.osgi.annotation.versioning.ProviderType;

/** Something of the operating system that one plugin instance can leave to the next, and one agent to the next. */
@ProviderType
public interface Inheritable {
    /**
     * Returns by what {@link Survivors} of a later agent find it again while it is in use: one line of printable ASCII,
     * which tells it from everything that gets the same number later.
     */
    String reference();
}
