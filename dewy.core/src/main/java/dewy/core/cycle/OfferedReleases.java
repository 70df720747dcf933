package dewy.core.cycle;

import dewy.api.artifact.Locating;
import dewy.api.registry.Outlining;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.release.Release;
import dewy.core.select.ReleaseSelector;
import dewy.core.select.Selection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a registry offers.
 *
 * @param releases in any order; what it prefers comes first where it selects itself
 * @param selected whether it selected for this host itself
 * @param outlines the tags of those that it only outlined, and did not complete since
 * @param remark what is to be said where nothing of it can be deployed
 */
record OfferedReleases(List<Release> releases, boolean selected, Set<String> outlines, Optional<String> remark) {
    static OfferedReleases of(Registry registry, Poll poll) {
        List<Release> releases = poll.releases().orElse(List.of());
        Set<String> outlines = registry instanceof Outlining
                ? releases.stream().map(Release::tag).collect(Collectors.toUnmodifiableSet())
                : Set.of();
        return new OfferedReleases(releases, poll.selected(), outlines, poll.remark());
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

    /** Returns whether no more than the name of a release is known. */
    boolean isOutline(Release release) {
        return outlines.contains(release.tag());
    }

    /** Returns the same with a release that was completed in the place of its outline. */
    OfferedReleases with(Release complete) {
        List<Release> known = releases.stream()
                .map(release -> release.tag().equals(complete.tag()) ? complete : release)
                .toList();
        Set<String> rest =
                outlines.stream().filter(tag -> !tag.equals(complete.tag())).collect(Collectors.toUnmodifiableSet());
        return new OfferedReleases(known, selected, rest, remark);
    }

    OfferedReleases without(Optional<String> tag) {
        List<Release> rest = releases.stream()
                .filter(release -> !tag.equals(Optional.of(release.tag())))
                .toList();
        return new OfferedReleases(rest, selected, outlines, remark);
    }
}
