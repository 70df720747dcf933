package dewy.core.cycle;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.core.backoff.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReleaseBackoffTest {
    private static final Deliverable FIRST = deliverable("v1.0.0", 1);
    private static final Duration TEN = Duration.ofSeconds(10);

    private final DewyException broken = new UnreachableException(new Problem("download", "web.zip", "no route", ""));

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1); // A clock that runs over.
    private final ReleaseBackoff failed =
            new ReleaseBackoff(new Backoff(TEN, Duration.ofMinutes(1), () -> 0.5), nanoTime::get);

    @Test
    void isLeftAloneUntilItsTimeHasCome() {
        assertThat(failed.left(FIRST)).isZero();
        assertThat(failed.failed(FIRST, broken)).isEqualTo(TEN);
        assertThat(failed.left(FIRST)).isEqualTo(TEN);
        pass(Duration.ofSeconds(4));
        assertThat(failed.left(FIRST)).isEqualTo(Duration.ofSeconds(6));
        pass(Duration.ofSeconds(6));
        assertThat(failed.left(FIRST)).isZero();
        pass(TEN);
        assertThat(failed.left(FIRST)).isZero();
    }

    @Test
    void isLeftAloneTwiceAsLongWhenItFailsAgain() {
        failed.failed(FIRST, broken);
        assertThat(failed.failed(FIRST, broken)).isEqualTo(Duration.ofSeconds(20));
        assertThat(failed.left(FIRST)).isEqualTo(Duration.ofSeconds(20));
        assertThat(failed.left("v1.0.0")).isEqualTo(Duration.ofSeconds(20));
        assertThat(failed.left("v1.0.1")).isZero();
    }

    @Test
    void doesNotHoldUpAnotherVersionOrAnotherArtifact() {
        failed.failed(FIRST, broken);
        assertThat(failed.left(deliverable("v1.0.1", 1))).isZero();
        assertThat(failed.left(deliverable("v1.0.0", 2))).isZero();
    }

    @Test
    void startsOverWithAnotherVersion() {
        failed.failed(FIRST, broken);
        failed.failed(FIRST, broken);
        assertThat(failed.failed(deliverable("v1.0.1", 1), broken)).isEqualTo(TEN);
    }

    @Test
    void isNotForgottenBecauseAnotherOneFailsOrWorks() {
        Deliverable other = deliverable("v1.0.1", 1);
        failed.failed(FIRST, broken);
        failed.failed(FIRST, broken);
        failed.failed(other, broken);
        assertThat(failed.left(FIRST)).isEqualTo(Duration.ofSeconds(20));

        failed.forget(other);
        assertThat(failed.left(other)).isZero();
        assertThat(failed.left(FIRST)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void isForgottenOnceSomethingWorked() {
        failed.failed(FIRST, broken);
        failed.forgetFailures();
        assertThat(failed.left(FIRST)).isZero();
        assertThat(failed.failed(FIRST, broken)).isEqualTo(TEN);
    }

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    private static Deliverable deliverable(String tag, long size) {
        Artifact artifact =
                new Artifact(Artifact.Kind.ARCHIVE, "web.zip", "web.zip", OptionalLong.of(size), Optional.empty());
        return new Deliverable(new Release(tag, Optional.empty(), List.of(artifact)), artifact);
    }
}
