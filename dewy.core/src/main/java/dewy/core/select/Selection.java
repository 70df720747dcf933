package dewy.core.select;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
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

    /** The newest release lacks something, for as long as that lasts. */
    sealed interface Incomplete extends Selection {
        /** Returns what it lacks, such as {@code its artifact}. */
        String lack();
    }

    /** The newest release lacks something which may still be on its way. */
    record Awaited(String version, String lack, String reason) implements Incomplete {
        @Override
        public Optional<String> tag() {
            return Optional.of(version);
        }
    }

    /** No artifact can be taken, and waiting does not help. */
    sealed interface Hopeless extends Selection {
        /** Returns it as what a deployment fails with. */
        DewyException failure();
    }

    /** The newest release lacks something. */
    record Missing(String version, String lack, String reason, String advice) implements Incomplete, Hopeless {
        @Override
        public DewyException failure() {
            return new NotFoundException(problem(version, reason, advice));
        }

        @Override
        public Optional<String> tag() {
            return Optional.of(version);
        }
    }

    /** The newest release has several artifacts that suit alike, of which whoever configured the app is to name one. */
    record Ambiguous(String version, String reason, String advice) implements Hopeless {
        @Override
        public DewyException failure() {
            return new InvalidException(problem(version, reason, advice));
        }

        @Override
        public Optional<String> tag() {
            return Optional.of(version);
        }
    }

    private static Problem problem(String version, String reason, String advice) {
        return new Problem("select an artifact", "of " + version, reason, advice);
    }
}
