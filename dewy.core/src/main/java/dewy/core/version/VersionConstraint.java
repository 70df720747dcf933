package dewy.core.version;

import dewy.api.InvalidException;
import java.util.List;

/**
 * Which versions are wanted, in npm's notation: {@code ~1.4} (1.4 and its patches), {@code ^2} (2.0.0 and all up to 3),
 * {@code 1.x}, {@code >=1.2 <2}, {@code 1.2.3}, {@code 1.2 - 1.4}, and several of these with {@code ||} between them.
 * They are read by a parser of our own, since libraries accept less of npm's notation, know no calendar versions, and do not say
 * where a constraint is wrong.
 *
 * <p>Whether pre-releases are taken at all is not decided here; they are in or out by their place in the order.
 */
public final class VersionConstraint {
    private enum Relation {
        AT_LEAST,
        ABOVE,
        AT_MOST,
        BELOW
    }

    /** One end of a range. */
    record Bound(Relation relation, NumberedVersion limit) {
        static Bound atLeast(NumberedVersion limit) {
            return new Bound(Relation.AT_LEAST, limit);
        }

        static Bound above(NumberedVersion limit) {
            return new Bound(Relation.ABOVE, limit);
        }

        static Bound atMost(NumberedVersion limit) {
            return new Bound(Relation.AT_MOST, limit);
        }

        static Bound below(NumberedVersion limit) {
            return new Bound(Relation.BELOW, limit);
        }

        boolean admits(NumberedVersion version) {
            int order = version.compareTo(limit);
            return switch (relation) {
                case AT_LEAST -> order >= 0;
                case ABOVE -> order > 0;
                case AT_MOST -> order <= 0;
                case BELOW -> order < 0;
            };
        }
    }

    private final String text;
    private final List<List<Bound>> alternatives;

    VersionConstraint(String text, List<List<Bound>> alternatives) {
        this.text = text;
        this.alternatives = alternatives;
    }

    /**
     * Reads a constraint on semantic versions.
     *
     * @throws InvalidException saying what is wrong, and where
     */
    public static VersionConstraint parse(String text) throws InvalidException {
        return new ConstraintReader(text, SemanticVersions.NUMBERS, false).read();
    }

    /** Returns whether a version is wanted. */
    public boolean admits(Version version) {
        return version instanceof NumberedVersion numbered
                && alternatives.stream().anyMatch(bounds -> bounds.stream().allMatch(bound -> bound.admits(numbered)));
    }

    /** Returns it as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
