package dewy.core.select;

import dewy.api.release.Artifact;
import java.util.List;

/** What a look for the right artifact of a release comes to. */
sealed interface Match {
    /** This one suits best. */
    record Found(Artifact artifact) implements Match {}

    /** None suits. */
    record None() implements Match {}

    /** These suit alike, and differ in what only a person can decide. */
    record Several(List<Artifact> artifacts) implements Match {}
}
