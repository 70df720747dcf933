package dewy.core.select;

import dewy.api.release.Deliverable;
import java.util.Optional;

/** What a look at the releases of a registry comes to. */
public sealed interface Selection {
    /** Returns the version that it is about; empty when there is none. */
    default Optional<String> tag() {
        return Optional.empty();
    }

    /** This is to be deployed, unless it is already. */
    record Selected(Deliverable deliverable) implements Selection {
        @Override
        public Optional<String> tag() {
            return Optional.of(deliverable.release().tag());
        }
    }

    /** No release is eligible. */
    record None(String reason) implements Selection {}

    /** The newest release lacks its artifact, which may still be on its way. */
    record Awaited(String version, String reason) implements Selection {
        @Override
        public Optional<String> tag() {
            return Optional.of(version);
        }
    }

    /** The newest release lacks its artifact, or has several that suit alike, and waiting does not help. */
    record Missing(String version, String reason, String advice) implements Selection {
        @Override
        public Optional<String> tag() {
            return Optional.of(version);
        }
    }
}
