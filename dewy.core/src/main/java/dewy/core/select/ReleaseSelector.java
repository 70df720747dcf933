package dewy.core.select;

import dewy.api.Problem;
import dewy.api.artifact.Locating;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.core.select.ArtifactMatcher.Match;
import dewy.core.verify.TrustedKeys;
import dewy.core.version.Version;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Chooses the newest eligible release and its artifact. */
public final class ReleaseSelector {
    private record Eligible(Release release, Version version) {}

    private final SelectionRules rules;
    private final InstantSource clock;

    public ReleaseSelector(SelectionRules rules, InstantSource clock) {
        this.rules = rules;
        this.clock = clock;
    }

    /**
     * Selects.
     *
     * @param source the artifact source, if that knows by itself which artifact a release has
     */
    public Selection select(List<Release> releases, Optional<Locating> source) {
        Optional<Eligible> newest = releases.stream()
                .flatMap(release ->
                        rules.scheme().parse(release.tag()).map(version -> new Eligible(release, version)).stream())
                .filter(this::isWanted)
                .max(Comparator.comparing(Eligible::version)
                        .thenComparing(eligible -> eligible.release().tag()));
        return newest.map(eligible -> choose(eligible.release(), source))
                .orElseGet(() -> new Selection.None(whyNone(releases)));
    }

    /**
     * Takes what a registry selected for this host: neither version nor name or platform is looked at.
     *
     * @param releases what it prefers comes first
     * @param source the artifact source, if that knows by itself which artifact a release has
     */
    public Selection selected(List<Release> releases, Optional<Locating> source) {
        return releases.stream()
                .findFirst()
                .map(release -> selected(release, source))
                .orElseGet(() -> new Selection.None("the registry has selected none for this host"));
    }

    private Selection selected(Release release, Optional<Locating> source) {
        Optional<Artifact> artifact = source.isPresent()
                ? source.map(itself -> located(release, itself.locate(release)))
                : release.artifacts().stream().findFirst();
        return artifact.<Selection>map(one -> new Selection.Selected(new Deliverable(release, one)))
                .orElseGet(() -> withoutArtifact(
                        release,
                        "the registry selected release " + release.tag() + " without an artifact",
                        "Have the registry name one"));
    }

    private Selection withoutArtifact(Release release, String reason, String advice) {
        return without("its artifact", release, reason, advice);
    }

    private Selection without(String lack, Release release, String reason, String advice) {
        return isRecent(release)
                ? new Selection.Awaited(release.tag(), lack, reason)
                : new Selection.Missing(release.tag(), lack, reason, advice);
    }

    private boolean isWanted(Eligible eligible) {
        boolean slotFits = rules.slot().isEmpty()
                || rules.slot().get().equals(eligible.version().build());
        boolean inRange =
                rules.constraint().isEmpty() || rules.constraint().get().admits(eligible.version());
        return slotFits && inRange && (rules.preRelease() || !eligible.version().isPreRelease());
    }

    /** Returns by which keys an artifact must be signed. */
    public TrustedKeys trusted() {
        return rules.trusted();
    }

    /** Returns whether a version that is published again with another content is no other release. */
    public boolean takesVersionsOnly() {
        return rules.versionsOnly();
    }

    /** Returns what is to be said of a release whose artifact its source does not have. */
    public Selection lacking(Release release, Problem problem) {
        return lacking("its artifact", release, problem);
    }

    /** Returns what is to be said of a release whose artifact is not signed. */
    public Selection unsigned(Release release, Problem problem) {
        return lacking("a signature", release, problem);
    }

    private Selection lacking(String lack, Release release, Problem problem) {
        String reason = "release " + release.tag() + " does not have " + problem.on() + ": " + problem.why();
        return without(lack, release, reason, problem.advice());
    }

    /** Returns whether a version is older than another; not when one of them is no version of the app's scheme. */
    public boolean isOlder(String tag, String other) {
        Optional<Version> version = rules.scheme().parse(tag);
        Optional<Version> reference = rules.scheme().parse(other);
        return version.isPresent() && reference.isPresent() && version.get().compareTo(reference.get()) < 0;
    }

    /** Returns versions, each once, the newest first; what is no version of the app's scheme comes last. */
    public List<String> newestFirst(Stream<String> tags) {
        Comparator<String> byVersion = Comparator.comparing(
                tag -> rules.scheme().parse(tag).orElse(null), Comparator.nullsFirst(Comparator.naturalOrder()));
        return tags.distinct()
                .sorted(byVersion.thenComparing(Comparator.naturalOrder()).reversed())
                .toList();
    }

    /** Chooses the artifact of a release, whether or not that is the newest or wanted. */
    public Selection choose(Release release, Optional<Locating> source) {
        Match match = source.isPresent()
                ? new Match.Found(located(release, source.get().locate(release)))
                : rules.artifacts().match(release.artifacts());
        if (match instanceof Match.Found found) {
            return new Selection.Selected(new Deliverable(release, found.artifact()));
        }
        if (match instanceof Match.Several several) {
            return new Selection.Ambiguous(
                    release.tag(),
                    "release " + release.tag() + " has several "
                            + (rules.artifacts().kind() == Artifact.Kind.IMAGE ? "images" : "archives") + " that suit "
                            + rules.artifacts().host() + " alike: " + names(several.artifacts()),
                    "Name one with artifact=");
        }
        String reason = "release " + release.tag() + " does not have "
                + rules.artifacts().wanted() + "; " + offer(release);
        return withoutArtifact(release, reason, "Add it to the release, or name one with artifact=");
    }

    private static Artifact located(Release release, Artifact artifact) {
        return release.artifacts().stream()
                .filter(announced -> announced.name().equals(artifact.name()))
                .findFirst()
                .orElse(artifact);
    }

    private boolean isRecent(Release release) {
        return release.created()
                .map(created -> created.plus(rules.gracePeriod()).isAfter(clock.instant()))
                .orElse(false);
    }

    private static String offer(Release release) {
        return release.artifacts().isEmpty() ? "it has no artifacts" : "it has " + names(release.artifacts());
    }

    private static String names(List<Artifact> artifacts) {
        String names = artifacts.stream().limit(10).map(Artifact::name).collect(Collectors.joining(", "));
        return names + (artifacts.size() > 10 ? ", …" : "");
    }

    private String whyNone(List<Release> releases) {
        if (releases.isEmpty()) {
            return "the registry has no releases";
        }
        String slot = rules.slot().map(wanted -> " in slot " + wanted).orElse("");
        String preRelease = rules.preRelease() ? "" : " that is not a pre-release";
        String range = rules.constraint().map(wanted -> " in " + wanted).orElse("");
        return "none of the registry's " + releases.size() + " releases is "
                + rules.scheme().form() + range + slot + preRelease;
    }
}
