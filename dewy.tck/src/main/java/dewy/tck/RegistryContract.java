package dewy.tck;

import static dewy.tck.Applicable.when;
import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.Registration;
import dewy.api.registry.Cursor;
import dewy.api.registry.DeploymentReport;
import dewy.api.registry.Outlining;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.registry.Reporting;
import dewy.api.registry.Waking;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What is demanded of registries. {@link Trouble#MISSING} is a URL that names something which the remote does not have; a
 * registry without releases is no trouble. One that selects for the host itself ({@link Poll#selected}) may leave out what it
 * does not select, and has the newest of these releases first.
 */
public abstract class RegistryContract extends ProviderContract<Registry> {
    private static final String ARTIFACT = "app_linux_amd64.tar.gz";

    /** Has the remote announce a release with one artifact, complete since a while. */
    protected abstract void publish(String tag, String artifact, String content) throws Exception;

    /**
     * Returns which image a release has, where the releases are images: each has one then, whatever the artifact is called that
     * is published. Empty where they have files.
     */
    protected Optional<String> image(String tag) {
        return Optional.empty();
    }

    @Override
    public void use(Registry registry, Call call) throws Exception {
        registry.poll(call, Optional.empty());
    }

    /** Core polls one instance from one thread at a time. */
    @Override
    public boolean sharesInstances() {
        return false;
    }

    @Test
    void anEmptyRegistryIsNoFailure() throws Exception {
        try (Registry registry = open()) {
            assertThat(poll(registry, Optional.empty()).releases()).hasValue(List.of());
        }
    }

    @Test
    void reportsEveryReleaseWithItsArtifacts() throws Exception {
        publish("v1.0.0", ARTIFACT, "first");
        publish("v1.1.0-rc.1", "app.zip", "second");
        try (Registry registry = open()) {
            Poll poll = poll(registry, Optional.empty());
            List<Release> releases = releases(registry, poll);
            if (poll.selected()) {
                assertSelected(releases, "v1.1.0-rc.1", "app.zip");
                return;
            }
            assertThat(releases).extracting(Release::tag).containsExactlyInAnyOrder("v1.0.0", "v1.1.0-rc.1");
            assertThat(artifacts(releases, "v1.0.0"))
                    .extracting(Artifact::name)
                    .containsExactly(image("v1.0.0").orElse(ARTIFACT));
            assertThat(artifacts(releases, "v1.1.0-rc.1"))
                    .extracting(Artifact::name)
                    .containsExactly(image("v1.1.0-rc.1").orElse("app.zip"));
        }
    }

    private static void assertSelected(List<Release> releases, String tag, String artifact) {
        assertThat(releases).as("what it selected").isNotEmpty();
        assertThat(releases.get(0).tag()).isEqualTo(tag);
        assertThat(releases.get(0).artifacts())
                .as("the artifact that it selected comes first")
                .first()
                .satisfies(first -> assertThat(first.name()).isEqualTo(artifact));
    }

    @Test
    void thePollAfterThatFindsNothingNew() throws Exception {
        publish("v1.0.0", ARTIFACT, "first");
        try (Registry registry = open();
                Registry later = open()) {
            Cursor cursor = poll(registry, Optional.empty()).cursor();
            Poll second = poll(registry, Optional.of(cursor));
            assertThat(second.releases())
                    .as("with the cursor of the first poll")
                    .isEmpty();
            assertThat(poll(registry, Optional.of(second.cursor())).releases())
                    .as("with the cursor of a poll that found nothing new")
                    .isEmpty();
            assertThat(poll(later, Optional.of(cursor)).releases())
                    .as("with the cursor of another instance")
                    .isEmpty();
        }
    }

    @Test
    void anEmptyRegistryStaysUnchangedToo() throws Exception {
        try (Registry registry = open()) {
            Cursor cursor = poll(registry, Optional.empty()).cursor();
            assertThat(poll(registry, Optional.of(cursor)).releases()).isEmpty();
        }
    }

    @Test
    void aNewReleaseIsFoundFromTheCursorAmongAllOthers() throws Exception {
        publish("v1.0.0", ARTIFACT, "first");
        try (Registry registry = open()) {
            Cursor cursor = poll(registry, Optional.empty()).cursor();
            publish("v1.1.0", ARTIFACT, "second");
            Poll second = poll(registry, Optional.of(cursor));
            if (second.selected()) {
                assertSelected(releases(registry, second), "v1.1.0", ARTIFACT);
            } else {
                assertThat(releases(registry, second))
                        .extracting(Release::tag)
                        .containsExactlyInAnyOrder("v1.0.0", "v1.1.0");
            }
            assertThat(poll(registry, Optional.of(second.cursor())).releases()).isEmpty();
            // Who comes late with the first cursor has missed nothing.
            assertThat(poll(registry, Optional.of(cursor)).releases()).isPresent();
        }
    }

    @Test
    void aCursorThatIsNotUnderstoodCountsAsNone() throws Exception {
        publish("v1.0.0", ARTIFACT, "first");
        try (Registry registry = open()) {
            String known = poll(registry, Optional.empty()).cursor().state();
            for (String strange : strangeCursors(known)) {
                Poll poll = poll(registry, Optional.of(new Cursor(strange)));
                assertThat(releases(registry, poll))
                        .as("with the cursor \"%s\"", strange)
                        .hasSize(1);
                assertThat(poll(registry, Optional.of(poll.cursor())).releases())
                        .as("with the cursor that follows \"%s\"", strange)
                        .isEmpty();
            }
        }
    }

    @Test
    void aCursorHoldsNoSecret() throws Exception {
        publish("v1.0.0", ARTIFACT, "first");
        try (Registry registry = open()) {
            Cursor cursor = poll(registry, Optional.empty()).cursor();
            assertThat(secrets()).noneMatch(cursor.state()::contains);
        }
    }

    @Test
    void describesAnArtifactWithoutChangingWhatItIs() throws Exception {
        publish("v1.0.0", ARTIFACT, Samples.LARGE);
        try (Registry registry = open();
                CancellableCall call = call()) {
            Release release =
                    releases(registry, poll(registry, Optional.empty())).get(0);
            Artifact announced = release.artifacts().get(0);
            Artifact described = registry.describe(call, release, announced);
            assertThat(described.name()).isEqualTo(announced.name());
            assertThat(described.kind()).isEqualTo(announced.kind());
            assertThat(described.location()).isEqualTo(announced.location());
            if (described.size().isPresent()) {
                assertThat(described.size()).hasValue(Samples.LARGE.length());
            }
            described
                    .digest()
                    .filter(digest -> digest.algorithm().equals("sha256")
                            && image("v1.0.0").isEmpty())
                    .ifPresent(digest -> assertThat(digest).isEqualTo(Samples.digest(Samples.LARGE)));
        }
    }

    @TestFactory
    Stream<DynamicTest> aPollFindsThatWhatItCompletedHasChanged() throws Exception {
        return when(is(Outlining.class), "completed, and changed since", () -> {
            publish("v1.0.0", ARTIFACT, "first");
            try (Registry registry = open();
                    Registry later = open()) {
                Poll first = poll(registry, Optional.empty());
                assertThat(first.releases().orElseThrow())
                        .allMatch(outline -> outline.artifacts().isEmpty());
                List<Release> before = releases(registry, first);
                Cursor cursor = poll(registry, Optional.of(first.cursor())).cursor();
                publish("v1.0.0", "app.zip", "second");
                Poll second = poll(registry, Optional.of(cursor));
                List<Release> after = releases(registry, second);
                assertThat(after).isNotEqualTo(before);
                assertThat(artifacts(after, "v1.0.0")).hasSize(image("v1.0.0").isPresent() ? 1 : 2);
                assertThat(poll(later, Optional.of(cursor)).releases())
                        .as("with the cursor of another instance")
                        .isPresent();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aDeploymentMayBeReportedTwiceAndIsNoChange() throws Exception {
        return when(is(Reporting.class), "reported twice", this::assertReportsAreNoChange);
    }

    @TestFactory
    Stream<DynamicTest> wakesWhoeverListensWhenThereIsSomethingNew() throws Exception {
        return when(is(Waking.class), "something new", this::assertWakes);
    }

    private boolean is(Class<?> type) throws Exception {
        try (Registry registry = open()) {
            return type.isInstance(registry);
        }
    }

    private void assertReportsAreNoChange() throws Exception {
        publish("v1.0.0", ARTIFACT, "first");
        try (Registry registry = open();
                CancellableCall call = call()) {
            Poll poll = poll(registry, Optional.empty());
            Release release = releases(registry, poll).get(0);
            Deliverable deliverable =
                    new Deliverable(release, release.artifacts().get(0));
            Instant at = Instant.parse("2026-03-01T12:00:00Z");
            DeploymentReport report = new DeploymentReport(deliverable, "host-1", "server", at, Optional.empty());
            DeploymentReport failure =
                    new DeploymentReport(deliverable, "host-1", "server", at, Optional.of("it exited at once"));
            ((Reporting) registry).report(call, report);
            ((Reporting) registry).report(call, report);
            ((Reporting) registry).reportFailure(call, failure);
            ((Reporting) registry).reportFailure(call, failure);
            assertThat(poll(registry, Optional.of(poll.cursor())).releases()).isEmpty();
        }
    }

    private void assertWakes() throws Exception {
        try (Registry registry = open()) {
            CountDownLatch woken = new CountDownLatch(1);
            try (Registration listening = ((Waking) registry).onChange(woken::countDown)) {
                poll(registry, Optional.empty());
                publish("v1.0.0", ARTIFACT, "first");
                assertThat(woken.await(Calls.PLENTY.toSeconds(), TimeUnit.SECONDS))
                        .as("it wakes its listener")
                        .isTrue();
                listening.close();
            }
        }
    }

    /** Returns cursors of nobody, and what another version may make of a cursor. */
    private static List<String> strangeCursors(String known) {
        return List.of("", " ", "\0", "999:unheard of", "{\"format\":2}", "W/\"etag\"", "\"", "2" + known);
    }

    private static Poll poll(Registry registry, Optional<Cursor> cursor) throws Exception {
        try (CancellableCall call = call()) {
            return registry.poll(call, cursor);
        }
    }

    /** Returns what a poll found, completed where it was outlined. */
    private static List<Release> releases(Registry registry, Poll poll) throws Exception {
        assertThat(poll.releases()).as("the releases that were found").isPresent();
        List<Release> releases = new ArrayList<>();
        try (CancellableCall call = call()) {
            for (Release release : poll.releases().orElseThrow()) {
                releases.add(registry instanceof Outlining outlining ? outlining.complete(call, release) : release);
            }
        }
        assertThat(releases)
                .extracting(Release::tag)
                .as("what is completed stays the same")
                .isEqualTo(
                        poll.releases().orElseThrow().stream().map(Release::tag).toList());
        return releases;
    }

    private static List<Artifact> artifacts(List<Release> releases, String tag) {
        return releases.stream()
                .filter(release -> release.tag().equals(tag))
                .findFirst()
                .map(Release::artifacts)
                .orElseThrow();
    }
}
