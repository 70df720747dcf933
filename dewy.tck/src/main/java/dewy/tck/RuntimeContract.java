package dewy.tck;

import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.ApplicationException;
import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.plugin.AdoptingProvider;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.ImageStore;
import dewy.api.runtime.Replicated;
import dewy.api.runtime.RuntimeStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What is demanded of runtimes. {@link Trouble#HANGING} is an app that starts and never becomes ready, {@link
 * Trouble#LYING} one that ends before it is ready, and {@link Trouble#MISSING} one whose program or image is not there. The
 * test of a runtime that moves traffic extends {@link RoutingContract}, and that of one which runs images implements {@link
 * ImageStoreContract} as well, and that of one that runs replicas {@link ReplicatedContract}.
 */
public abstract class RuntimeContract extends ProviderContract<AppRuntime> implements RecoveryContract<AppRuntime> {
    private static final String GOOD = "v1.0.0";

    /** Returns what is to run for a release; as often as it is asked for. */
    protected abstract Activation activation(String tag) throws Exception;

    /** Returns what ends by itself, with a failure, before it is ready. */
    protected abstract Activation broken(String tag) throws Exception;

    /** Returns whether something runs that an instance of the runtime {@linkplain RuntimeStatus#instances told of}. */
    protected abstract boolean isRunning(String instance);

    /** Returns the deliverable of a release, with an artifact whose place does not matter. */
    protected static Deliverable deliverable(String tag) {
        Artifact artifact = Artifact.archive("app.tar.gz", tag + "/app.tar.gz");
        return new Deliverable(new Release(tag, Optional.empty(), List.of(artifact)), artifact);
    }

    @Override
    public void use(AppRuntime runtime, Call call) throws Exception {
        Activation activation = activation(GOOD);
        runtime.prepare(call, activation);
        runtime.activate(call, activation);
    }

    @Override
    public boolean sharesInstances() {
        return false;
    }

    @Override
    public void assertAtWork(AppRuntime runtime) throws Exception {
        assertServes(runtime, activation(GOOD));
    }

    @Test
    void isTestedForImagesIfItRunsThem() throws Exception {
        try (AppRuntime runtime = open()) {
            assertThat(this instanceof ImageStoreContract)
                    .as("the test of a runtime that runs images, and of no other, implements ImageStoreContract")
                    .isEqualTo(runtime instanceof ImageStore);
        }
    }

    @Test
    void isTestedForReplicasIfItHasThem() throws Exception {
        try (AppRuntime runtime = open()) {
            assertThat(this instanceof ReplicatedContract)
                    .as("the test of a runtime that runs replicas, and of no other, implements ReplicatedContract")
                    .isEqualTo(runtime instanceof Replicated);
        }
    }

    @Test
    void isStoppedAtFirst() throws Exception {
        try (AppRuntime runtime = open()) {
            assertStopped(runtime);
            assertThat(runtime.status().generation()).isZero();
            assertThat(runtime.status().cacheKey()).isEmpty();
        }
    }

    @Test
    void runsWhatIsActivated() throws Exception {
        try (AppRuntime runtime = open()) {
            activate(runtime, activation(GOOD));
            assertServes(runtime, activation(GOOD));
            assertThat(runtime.status().generation()).isEqualTo(1);
            assertThat(runtime.status().crashes()).isZero();
        }
    }

    @Test
    void aNewGenerationTakesThePlaceOfTheOneBefore() throws Exception {
        try (AppRuntime runtime = open()) {
            activate(runtime, activation(GOOD));
            List<String> first = runtime.status().instances();
            activate(runtime, activation("v1.1.0"));
            assertServes(runtime, activation("v1.1.0"));
            assertThat(runtime.status().generation()).isEqualTo(2);
            assertThat(runtime.status().instances()).doesNotContainAnyElementsOf(first);
            awaitEnd(first);
        }
    }

    @Test
    void whatDoesNotBecomeReadyLeavesTheGenerationBeforeAtWork() throws Exception {
        try (AppRuntime runtime = open()) {
            activate(runtime, activation(GOOD));
            RuntimeStatus before = runtime.status();
            TypedFailure.of(() -> activate(runtime, broken("v1.1.0")), ApplicationException.class, secrets());
            assertServes(runtime, activation(GOOD));
            assertThat(runtime.status().instances()).isEqualTo(before.instances());
            assertThat(runtime.status().generation()).isEqualTo(before.generation());
        }
    }

    @Test
    void whatDoesNotBecomeReadyAtFirstLeavesNothing() throws Exception {
        try (AppRuntime runtime = open()) {
            TypedFailure.of(() -> activate(runtime, broken(GOOD)), ApplicationException.class, secrets());
            assertThat(runtime.status().instances()).isEmpty();
            activate(runtime, activation("v1.1.0"));
            assertServes(runtime, activation("v1.1.0"));
        }
    }

    @Test
    void aRestartReplacesTheGenerationByOneOfTheSameRelease() throws Exception {
        try (AppRuntime runtime = open();
                CancellableCall call = call()) {
            activate(runtime, activation(GOOD));
            List<String> first = runtime.status().instances();
            runtime.restart(call);
            assertServes(runtime, activation(GOOD));
            assertThat(runtime.status().generation()).isEqualTo(2);
            assertThat(runtime.status().instances()).doesNotContainAnyElementsOf(first);
            awaitEnd(first);
        }
    }

    @Test
    void thereIsNothingToRestartBeforeAnythingWasActivated() throws Exception {
        try (AppRuntime runtime = open();
                CancellableCall call = call()) {
            TypedFailure.of(() -> runtime.restart(call), ApplicationException.class, secrets());
        }
    }

    @Test
    void nothingIsLeftOnceItIsStoppedAndItCanBeActivatedAgain() throws Exception {
        try (AppRuntime runtime = open();
                CancellableCall call = call()) {
            activate(runtime, activation(GOOD));
            List<String> first = runtime.status().instances();
            runtime.stop(call);
            assertStopped(runtime);
            assertThat(first).noneMatch(this::isRunning);
            runtime.stop(call);
            activate(runtime, activation(GOOD));
            assertServes(runtime, activation(GOOD));
        }
    }

    @Test
    void aCloseEndsWhatRunsInTime() throws Throwable {
        AppRuntime runtime = open();
        activate(runtime, activation(GOOD));
        List<String> instances = runtime.status().instances();
        InProgress.start("closing", runtime::close).await(Calls.CLOSING.plus(Calls.DELAY));
        assertThat(instances).noneMatch(this::isRunning);
    }

    @Test
    void nothingRunsForACallThatWasCancelledBefore() throws Exception {
        try (AppRuntime runtime = open();
                CancellableCall call = Calls.cancelled()) {
            TypedFailure.of(() -> runtime.activate(call, activation(GOOD)), CancelledException.class, secrets());
            assertStopped(runtime);
        }
    }

    @Test
    void whatServesIsTheSameAfterAHandover() throws Exception {
        AdoptingProvider<AppRuntime> provider = (AdoptingProvider<AppRuntime>) provider();
        AppRuntime old = open();
        activate(old, activation(GOOD));
        RuntimeStatus before = old.status();
        try (CancellableCall call = call()) {
            HandoverState state = ((Handover) old).prepare(call);
            AppRuntime successor = provider.adopt(PluginUrl.parse(url()), app(), state);
            ((Handover) old).commit();
            old.close();
            assertThat(successor.status().instances()).isEqualTo(before.instances());
            assertThat(successor.status().generation()).isEqualTo(before.generation());
            assertServes(successor, activation(GOOD));
            successor.close();
            assertThat(before.instances()).noneMatch(this::isRunning);
        }
    }

    private void assertServes(AppRuntime runtime, Activation activation) {
        RuntimeStatus status = runtime.status();
        assertThat(status.state()).isEqualTo(RuntimeStatus.State.RUNNING);
        assertThat(status.cacheKey()).hasValue(activation.deliverable().cacheKey());
        assertThat(status.instances()).isNotEmpty().allMatch(this::isRunning);
    }

    private static void assertStopped(AppRuntime runtime) {
        assertThat(runtime.status().state()).isEqualTo(RuntimeStatus.State.STOPPED);
        assertThat(runtime.status().instances()).isEmpty();
    }

    static void activate(AppRuntime runtime, Activation activation) throws Exception {
        try (CancellableCall call = call()) {
            runtime.prepare(call, activation);
            runtime.activate(call, activation);
        }
    }

    void awaitEnd(List<String> instances) {
        Await.until("the end of " + instances, () -> instances.stream().noneMatch(this::isRunning));
    }
}
