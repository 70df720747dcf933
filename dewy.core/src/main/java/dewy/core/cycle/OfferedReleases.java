package dewy.core.cycle;

import dewy.api.artifact.Locating;
import dewy.api.registry.Poll;
import dewy.api.release.Release;
import dewy.core.select.ReleaseSelector;
import dewy.core.select.Selection;
import java.util.List;
import java.util.Optional;

/**
 * What a registry offers.
 *
 * @param releases in any order; what it prefers comes first where it selects itself
 * @param selected whether it selected for this host itself
 * @param remark what is to be said where nothing of it can be deployed
 */
record OfferedReleases(List<Release> releases, boolean selected, Optional<String> remark) {
    static OfferedReleases of(Poll poll) {
        return new OfferedReleases(poll.releases().orElse(List.of()), poll.selected(), poll.remark());
    }

    /** Selects the newest eligible release and its artifact, unless the registry has done so. */
    Selection select(ReleaseSelector selector, Optional<Locating> source) {
        return selected ? selector.selected(releases, source) : selector.select(releases, source);
    }

    /** Chooses the artifact of a release. */
    Selection choose(ReleaseSelector selector, Release release, Optional<Locating> source) {
        return selected ? selector.selected(List.of(release), source) : selector.choose(release, source);
    }

    Optional<Release> named(Optional<String> tag) {
        return releases.stream()
                .filter(release -> tag.equals(Optional.of(release.tag())))
                .findFirst();
    }

    OfferedReleases without(Optional<String> tag) {
        List<Release> rest = releases.stream()
                .filter(release -> !tag.equals(Optional.of(release.tag())))
                .toList();
        return new OfferedReleases(rest, selected, remark);
    }
}
