package dewy.tck;

import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.CorruptException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.ImageStore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is demanded of a runtime that runs images; the test of one implements it beside the contract of runtimes. */
public interface ImageStoreContract extends PluginUnderTest<AppRuntime> {
    /**
     * Publishes another image that works, and has a tag point to it.
     *
     * @return the image by digest
     */
    String publish(String tag) throws Exception;

    /** Returns where the image is that a tag points to, as a registry tells it. */
    String place(String tag);

    /** Has something else arrive in place of an image. */
    void damage(String image) throws Exception;

    /** Has something run from an image that is none of Dewy's, until it is closed. */
    AutoCloseable runElsewhere(String image) throws Exception;

    @Test
    default void pullsWhatATagPointsTo() throws Exception {
        try (AppRuntime runtime = open();
                CancellableCall call = call()) {
            String image = publish("v1");
            assertThat(store(runtime).holds(call, image)).isFalse();
            assertThat(pull(runtime, call, tagged("v1"))).isEqualTo(image);
            assertThat(store(runtime).holds(call, image)).isTrue();
            String moved = publish("v1");
            assertThat(moved).isNotEqualTo(image);
            assertThat(pull(runtime, call, tagged("v1"))).isEqualTo(moved);
            assertThat(store(runtime).holds(call, image)).isTrue();
        }
    }

    @Test
    default void pullsWhatHasTheDigestWhateverTheTagPointsTo() throws Exception {
        try (AppRuntime runtime = open();
                CancellableCall call = call()) {
            String image = publish("v1");
            String moved = publish("v1");
            assertThat(pull(runtime, call, known("v1", image))).isEqualTo(image);
            assertThat(store(runtime).holds(call, moved)).isFalse();
        }
    }

    @Test
    default void pullsNothingThatIsThere() throws Exception {
        try (AppRuntime runtime = open();
                CancellableCall call = call()) {
            String image = publish("v1");
            pull(runtime, call, known("v1", image));
            damage(image);
            assertThat(pull(runtime, call, known("v1", image))).isEqualTo(image);
        }
    }

    @Test
    default void runsWhatWasPulled() throws Exception {
        try (AppRuntime runtime = open();
                CancellableCall call = call()) {
            Deliverable deliverable = known("v1", publish("v1"));
            Activation activation = Activation.of(deliverable, pull(runtime, call, deliverable));
            runtime.prepare(call, activation);
            runtime.activate(call, activation);
            assertThat(runtime.status().cacheKey()).hasValue(deliverable.cacheKey());
        }
    }

    @Test
    default void findsNoImageThatIsNotThere() throws Exception {
        try (AppRuntime runtime = open();
                CancellableCall call = call()) {
            String image = publish("v1");
            TypedFailure.of(() -> pull(runtime, call, tagged("no-such-tag")), NotFoundException.class, secrets());
            String unknown = image.replaceFirst("@.*", "@" + Samples.digest(Samples.OTHER));
            TypedFailure.of(() -> pull(runtime, call, known("v1", unknown)), NotFoundException.class, secrets());
            assertThat(store(runtime).holds(call, unknown)).isFalse();
        }
    }

    @Test
    default void refusesWhatIsNotWhatWasAnnounced() throws Exception {
        try (AppRuntime runtime = open();
                CancellableCall call = call()) {
            String image = publish("v1");
            damage(image);
            TypedFailure.of(() -> pull(runtime, call, known("v1", image)), CorruptException.class, secrets());
            assertThat(store(runtime).holds(call, image)).isFalse();
        }
    }

    @Test
    default void pullsNothingForACallThatWasCancelled() throws Exception {
        try (AppRuntime runtime = open();
                CancellableCall call = call();
                CancellableCall cancelled = Calls.cancelled()) {
            String image = publish("v1");
            TypedFailure.of(() -> pull(runtime, cancelled, known("v1", image)), CancelledException.class, secrets());
            assertThat(store(runtime).holds(call, image)).isFalse();
        }
    }

    @Test
    default void removesImagesThatNothingRunsFrom() throws Exception {
        try (AppRuntime runtime = open();
                CancellableCall call = call()) {
            String pulled = pull(runtime, call, known("v1", publish("v1")));
            String notPulled = publish("v2");
            assertThat(store(runtime).remove(call, List.of(pulled, notPulled)))
                    .as("what is here no more, or never was")
                    .containsExactlyInAnyOrder(pulled, notPulled);
            assertThat(store(runtime).holds(call, pulled)).isFalse();
            assertThat(pull(runtime, call, known("v1", pulled))).isEqualTo(pulled);
        }
    }

    @Test
    default void leavesImagesThatSomethingRunsFrom() throws Exception {
        try (AppRuntime runtime = open();
                CancellableCall call = call()) {
            Deliverable deliverable = known("v1", publish("v1"));
            String running = pull(runtime, call, deliverable);
            runtime.activate(call, Activation.of(deliverable, running));
            String elsewhere = pull(runtime, call, known("v2", publish("v2")));
            String unused = pull(runtime, call, known("v3", publish("v3")));
            try (AutoCloseable other = runElsewhere(elsewhere)) {
                assertThat(store(runtime).remove(call, List.of(running, elsewhere, unused)))
                        .containsExactly(unused);
                assertThat(store(runtime).holds(call, running)).isTrue();
                assertThat(store(runtime).holds(call, elsewhere)).isTrue();
            }
            runtime.stop(call);
            assertThat(store(runtime).remove(call, List.of(running, elsewhere)))
                    .containsExactlyInAnyOrder(running, elsewhere);
        }
    }

    private Deliverable tagged(String tag) {
        return deliverable(tag, Artifact.image("web", place(tag)));
    }

    private Deliverable known(String tag, String image) throws InvalidException {
        Digest digest = Digest.parse(image.substring(image.indexOf('@') + 1));
        return deliverable(tag, Artifact.image("web", place(tag)).withDigest(digest));
    }

    private static Deliverable deliverable(String tag, Artifact artifact) {
        return new Deliverable(new Release(tag, Optional.empty(), List.of(artifact)), artifact);
    }

    private static String pull(AppRuntime runtime, CancellableCall call, Deliverable deliverable) throws Exception {
        return store(runtime).pull(call, deliverable, Optional.empty());
    }

    private static ImageStore store(AppRuntime runtime) {
        assertThat(runtime).isInstanceOf(ImageStore.class);
        return (ImageStore) runtime;
    }
}
