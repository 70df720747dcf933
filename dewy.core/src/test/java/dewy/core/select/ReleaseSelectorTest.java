package dewy.core.select;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.Call;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.artifact.Locating;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Platform;
import dewy.api.release.Release;
import dewy.core.select.Host.Libc;
import dewy.core.verify.TrustedKeys;
import dewy.core.version.SemanticVersions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReleaseSelectorTest {
    private static final Instant NOW = Instant.parse("2026-01-15T10:30:00Z");

    @Test
    void takesTheNewestVersionAndNoPreRelease() {
        assertThat(tag(select(false, Optional.empty(), "v1.9.0", "v1.10.0", "v1.11.0-rc.1", "nightly")))
                .isEqualTo("v1.10.0");
    }

    @Test
    void takesAPreReleaseWhereThatWasAskedFor() {
        assertThat(tag(select(true, Optional.empty(), "v1.10.0", "v1.11.0-rc.1")))
                .isEqualTo("v1.11.0-rc.1");
    }

    @Test
    void looksForTheNewestOfItsSlotEvenBehindANewerOne() {
        assertThat(tag(select(false, Optional.of("blue"), "v1.0.0+blue", "v1.1.0+green")))
                .isEqualTo("v1.0.0+blue");
    }

    @Test
    void saysWhyNothingIsEligible() {
        assertThat(select(false, Optional.empty())).isEqualTo(new Selection.None("the registry has no releases"));
        assertThat(select(false, Optional.empty(), "v2.0.0-rc.1"))
                .isEqualTo(
                        new Selection.None("none of the registry's 1 releases is a version that is not a pre-release"));
    }

    @Test
    void waitsForTheArtifactOfAFreshReleaseUpToTheGracePeriod() {
        assertThat(withoutArtifact(NOW.minus(Duration.ofMinutes(30)).plusMillis(1)))
                .isInstanceOf(Selection.Awaited.class);
        assertThat(withoutArtifact(NOW.minus(Duration.ofMinutes(30)))).isInstanceOf(Selection.Missing.class);
    }

    @Test
    void namesTheArchivesThatSuitAlikeAndHowToTakeOne() {
        Release release = new Release(
                "v1.0.0",
                Optional.of(NOW),
                List.of(Artifact.archive("client.tar.gz", ""), Artifact.archive("server.tar.gz", "")));

        assertThat(selector(false, Optional.empty()).select(List.of(release), Optional.empty()))
                .isEqualTo(new Selection.Ambiguous(
                        "v1.0.0",
                        "release v1.0.0 has several archives that suit linux/amd64 alike: client.tar.gz, server.tar.gz",
                        "Name one with artifact="));
    }

    @Test
    void asksASourceThatKnowsItForTheArtifactOfAReleaseThatOffersNone() {
        Release release = new Release("v1.0.0", Optional.of(NOW), List.of());

        Selection selection =
                selector(false, Optional.empty()).select(List.of(release), Optional.of(new Elsewhere("site.tar.gz")));

        assertThat(selection)
                .isEqualTo(new Selection.Selected(new Deliverable(release, Artifact.archive("site.tar.gz", "there"))));
    }

    @Test
    void keepsWhatTheRegistrySaysAboutTheArtifactThatASourceNames() throws InvalidException {
        Artifact announced = Artifact.archive("site.tar.gz", "here").withDigest(Digest.parse("a".repeat(64)));
        Release release =
                new Release("v1.0.0", Optional.of(NOW), List.of(Artifact.archive("a.tar.gz", "here"), announced));

        Selection selection =
                selector(false, Optional.empty()).select(List.of(release), Optional.of(new Elsewhere("site.tar.gz")));

        assertThat(selection).isEqualTo(new Selection.Selected(new Deliverable(release, announced)));
    }

    @Test
    void waitsForWhatASourceDoesNotHaveUpToTheGracePeriod() {
        Problem problem = new Problem("find", "https://a/site.tar.gz", "a answered 404", "Upload it");
        ReleaseSelector selector = selector(false, Optional.empty());

        assertThat(selector.lacking(new Release("v1.0.0", Optional.of(NOW), List.of()), problem))
                .isInstanceOf(Selection.Awaited.class);
        assertThat(selector.lacking(
                        new Release("v1.0.0", Optional.of(NOW.minus(Duration.ofMinutes(30))), List.of()), problem))
                .isEqualTo(new Selection.Missing(
                        "v1.0.0",
                        "its artifact",
                        "release v1.0.0 does not have https://a/site.tar.gz: a answered 404",
                        "Upload it"));
    }

    /** A source that has one artifact for each release. */
    private record Elsewhere(String name) implements Locating {
        @Override
        public Artifact locate(Release release) {
            return Artifact.archive(name, "there");
        }

        @Override
        public Artifact describe(Call call, Release release, Artifact artifact) {
            return artifact;
        }
    }

    private static Selection withoutArtifact(Instant created) {
        Release release =
                new Release("v1.0.0", Optional.of(created), List.of(Artifact.archive("app_freebsd_mips.tar.gz", "")));
        return selector(false, Optional.empty()).select(List.of(release), Optional.empty());
    }

    private static Selection select(boolean preRelease, Optional<String> slot, String... tags) {
        List<Release> releases = Arrays.stream(tags)
                .map(tag -> new Release(tag, Optional.empty(), List.of(Artifact.archive("app.tar.gz", ""))))
                .toList();
        return selector(preRelease, slot).select(releases, Optional.empty());
    }

    private static ReleaseSelector selector(boolean preRelease, Optional<String> slot) {
        SelectionRules rules = new SelectionRules(
                new SemanticVersions(),
                preRelease,
                false,
                slot,
                Optional.empty(),
                Duration.ZERO,
                new ArtifactMatcher(
                        Optional.empty(),
                        Artifact.Kind.ARCHIVE,
                        new Host(new Platform("linux", "amd64"), () -> Libc.GNU)),
                TrustedKeys.NONE,
                Duration.ofMinutes(30));
        return new ReleaseSelector(rules, InstantSource.fixed(NOW));
    }

    private static String tag(Selection selection) {
        return ((Selection.Selected) selection).deliverable().release().tag();
    }
}
