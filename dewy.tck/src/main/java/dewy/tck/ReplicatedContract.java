package dewy.tck;

import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.CancellableCall;
import dewy.api.plugin.AdoptingProvider;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.ReplicaStatus;
import dewy.api.runtime.Replicated;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is demanded of a runtime that runs replicas; the test of one implements it beside the contract of runtimes. */
public interface ReplicatedContract extends PluginUnderTest<AppRuntime> {
    /** Returns an activation that works, of a release with this tag. */
    Activation replicable(String tag) throws Exception;

    @Test
    default void tellsHowEachReplicaIsDoing() throws Exception {
        try (AppRuntime runtime = open(scaled(2));
                CancellableCall call = call()) {
            assertThat(replicas(runtime, call)).isEmpty();
            Activation activation = replicable("v1.0.0");
            runtime.activate(call, activation);
            assertThat(replicas(runtime, call))
                    .hasSize(2)
                    .allMatch(replica -> replica.state() == ReplicaStatus.State.RUNNING)
                    .allMatch(replica -> replica.version().equals("v1.0.0"))
                    .allMatch(
                            replica -> replica.image().equals(activation.image().orElseThrow()))
                    .noneMatch(replica -> replica.id().isEmpty())
                    .extracting(ReplicaStatus::name)
                    .containsExactlyElementsOf(runtime.status().instances());
            runtime.stop(call);
            assertThat(replicas(runtime, call)).isEmpty();
        }
    }

    @Test
    default void hasAsManyReplicasAsTheUrlSaysWithoutLosingThoseThatServe() throws Exception {
        try (AppRuntime runtime = open(scaled(1));
                CancellableCall call = call()) {
            runtime.activate(call, replicable("v1.0.0"));
            List<String> first = runtime.status().instances();
            try (AppRuntime more = successor(runtime, 3, call)) {
                ((Replicated) more).complete(call);
                assertThat(more.status().instances()).hasSize(3).containsAll(first);
                assertThat(more.status().generation()).isEqualTo(1);
                try (AppRuntime less = successor(more, 1, call)) {
                    ((Replicated) less).complete(call);
                    assertThat(less.status().instances()).isEqualTo(first);
                    Await.until(
                            "the end of the others", () -> replicas(less, call).size() == 1);
                }
            }
        }
    }

    @Test
    default void completesNothingWhereNothingServes() throws Exception {
        try (AppRuntime runtime = open(scaled(2));
                CancellableCall call = call()) {
            ((Replicated) runtime).complete(call);
            assertThat(replicas(runtime, call)).isEmpty();
        }
    }

    private String scaled(int replicas) throws Exception {
        return PluginUrl.parse(url())
                .with("replicas", Integer.toString(replicas))
                .toString();
    }

    private AppRuntime successor(AppRuntime runtime, int replicas, CancellableCall call) throws Exception {
        HandoverState state = ((Handover) runtime).prepare(call);
        AppRuntime next =
                ((AdoptingProvider<AppRuntime>) provider()).adopt(PluginUrl.parse(scaled(replicas)), app(), state);
        ((Handover) runtime).commit();
        runtime.close();
        return next;
    }

    private static List<ReplicaStatus> replicas(AppRuntime runtime, CancellableCall call) throws Exception {
        assertThat(runtime).isInstanceOf(Replicated.class);
        return ((Replicated) runtime).replicas(call);
    }
}
