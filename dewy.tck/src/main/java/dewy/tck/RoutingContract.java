package dewy.tck;

import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.ApplicationException;
import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.UnreachableException;
import dewy.api.plugin.AdoptingProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.route.Backend;
import dewy.api.route.Router;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.RuntimeStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What is demanded beside that of runtimes which move the traffic of an app that has a {@linkplain AppContext#router router}:
 * what serves is ready, then it is routed to, then the ones before are drained, and only then they are told to go.
 */
public abstract class RoutingContract extends RuntimeContract {
    private static final String GOOD = "v1.0.0";
    private static final String BETTER = "v1.1.0";

    private final TestRouter router = new TestRouter();

    /** Ends something that an instance of the runtime {@linkplain RuntimeStatus#instances told of}, as a crash would. */
    protected abstract void crash(String instance) throws Exception;

    /** Returns the app, with a router. */
    protected AppContext routed(Router by) {
        return ((TestApp) app()).routing(by);
    }

    @Test
    void routesToWhatIsReady() throws Exception {
        try (AppRuntime runtime = openRouted()) {
            activate(runtime, activation(GOOD));
            assertIsRoutedTo(runtime, GOOD);
        }
    }

    /** A proxy would have to be started for it, also where an app is only looked at. */
    @Test
    void routesNothingWhereNothingRan() throws Exception {
        try (AppRuntime runtime = openRouted();
                CancellableCall call = call()) {
            runtime.stop(call);
        }
        assertThat(router.wasAsked()).isFalse();
    }

    @Test
    void drainsTheGenerationBeforeItIsToldToGo() throws Exception {
        try (AppRuntime runtime = openRouted()) {
            activate(runtime, activation(GOOD));
            List<Backend> first = router.set("web");
            List<String> instances = runtime.status().instances();
            router.holdDrains();
            activate(runtime, activation(BETTER));
            assertIsRoutedTo(runtime, BETTER);
            assertThat(first).allMatch(TestRouter::accepts);
            assertThat(instances).allMatch(this::isRunning);
            router.finishDrains();
            awaitEnd(instances);
            assertThat(router.drained()).containsAll(ids(first));
            assertThat(router.complaints()).isEmpty();
        }
    }

    @Test
    void triesADrainAgainThatFails() throws Exception {
        try (AppRuntime runtime = openRouted()) {
            activate(runtime, activation(GOOD));
            List<Backend> first = router.set("web");
            List<String> instances = runtime.status().instances();
            router.failDrains(1);
            activate(runtime, activation(BETTER));
            awaitEnd(instances);
            assertThat(router.drained()).containsAll(ids(first));
            assertThat(router.complaints()).isEmpty();
        }
    }

    @Test
    void aRoutingThatFailsFailsTheActivation() throws Exception {
        try (AppRuntime runtime = openRouted()) {
            activate(runtime, activation(GOOD));
            List<Backend> before = router.set("web");
            RuntimeStatus status = runtime.status();
            router.failNext();
            TypedFailure.of(() -> activate(runtime, activation(BETTER)), UnreachableException.class, secrets());
            assertThat(router.set("web")).isEqualTo(before);
            assertThat(router.set("admin")).isEqualTo(before);
            assertThat(runtime.status().instances()).isEqualTo(status.instances());
            assertThat(runtime.status().generation()).isEqualTo(status.generation());
            assertIsRoutedTo(runtime, GOOD);
            awaitRefusals(
                    router.seen().stream().filter(one -> !before.contains(one)).toList());
            activate(runtime, activation(BETTER));
            assertIsRoutedTo(runtime, BETTER);
        }
    }

    @Test
    void aRoutingThatFailsAtFirstLeavesNothing() throws Exception {
        try (AppRuntime runtime = openRouted()) {
            router.failNext();
            TypedFailure.of(() -> activate(runtime, activation(GOOD)), UnreachableException.class, secrets());
            assertThat(runtime.status().instances()).isEmpty();
            assertThat(router.set("web")).isEmpty();
            assertThat(router.set("admin")).isEmpty();
            awaitRefusals(router.seen());
            activate(runtime, activation(BETTER));
            assertIsRoutedTo(runtime, BETTER);
        }
    }

    @Test
    void movesTrafficBackWhenItIsCancelledWhileItRoutes() throws Throwable {
        try (AppRuntime runtime = openRouted();
                CancellableCall call = call()) {
            activate(runtime, activation(GOOD));
            List<Backend> before = router.set("web");
            int routed = router.routed();
            router.hang();
            InProgress activating = InProgress.start("activating", () -> runtime.activate(call, activation(BETTER)));
            Await.until("the routing", () -> router.routed() > routed);
            call.cancel("the test cancelled it");
            Throwable failure = catchThrowable(() -> activating.await(Calls.CLOSING));
            TypedFailure.check(failure, CancelledException.class, secrets());
            assertThat(router.set("web")).isEqualTo(before);
            assertThat(router.set("admin")).isEqualTo(before);
            assertIsRoutedTo(runtime, GOOD);
        }
    }

    @Test
    void whatDoesNotBecomeReadyIsNotRoutedTo() throws Exception {
        try (AppRuntime runtime = openRouted()) {
            activate(runtime, activation(GOOD));
            List<Backend> before = router.set("web");
            TypedFailure.of(() -> activate(runtime, broken(BETTER)), ApplicationException.class, secrets());
            assertThat(router.set("web")).isEqualTo(before);
            assertThat(router.seen()).isEqualTo(before);
        }
    }

    @Test
    void aRestartMovesTheTraffic() throws Exception {
        try (AppRuntime runtime = openRouted();
                CancellableCall call = call()) {
            activate(runtime, activation(GOOD));
            List<Backend> first = router.set("web");
            List<String> instances = runtime.status().instances();
            runtime.restart(call);
            assertIsRoutedTo(runtime, GOOD);
            assertThat(ids(router.set("web"))).doesNotContainAnyElementsOf(ids(first));
            awaitEnd(instances);
            assertThat(router.drained()).containsAll(ids(first));
            assertThat(router.complaints()).isEmpty();
        }
    }

    @Test
    void aStopMovesTheTrafficAwayAndDrainsFirst() throws Exception {
        try (AppRuntime runtime = openRouted();
                CancellableCall call = call()) {
            activate(runtime, activation(GOOD));
            List<Backend> first = router.set("web");
            runtime.stop(call);
            assertThat(router.set("web")).isEmpty();
            assertThat(router.set("admin")).isEmpty();
            assertThat(router.drained()).containsAll(ids(first));
            assertThat(router.complaints()).isEmpty();
        }
    }

    @Test
    void aCloseMovesTheTrafficAway() throws Exception {
        try (AppRuntime runtime = openRouted()) {
            activate(runtime, activation(GOOD));
        }
        assertThat(router.set("web")).isEmpty();
        assertThat(router.set("admin")).isEmpty();
    }

    @Test
    void startsAgainAndRoutesToWhatCrashed() throws Exception {
        try (AppRuntime runtime = openRouted()) {
            activate(runtime, activation(GOOD));
            int replicas = runtime.status().instances().size();
            String crashed = runtime.status().instances().get(0);
            crash(crashed);
            Await.until("what is started again", () -> {
                List<String> now = runtime.status().instances();
                return now.size() == replicas && !now.contains(crashed);
            });
            Await.until(
                    "the routing to it",
                    () -> router.set("admin").size() == replicas
                            && router.set("admin").stream().allMatch(TestRouter::accepts));
            assertIsRoutedTo(runtime, GOOD);
            assertThat(runtime.status().crashes()).isEqualTo(1);
        }
    }

    @Test
    void aSuccessorDrainsWhatItsPredecessorRoutedTo() throws Exception {
        AppRuntime old = openRouted();
        activate(old, activation(GOOD));
        List<Backend> first = router.set("web");
        List<String> instances = old.status().instances();
        try (AppRuntime successor = succeed(old)) {
            assertIsRoutedTo(successor, GOOD);
            activate(successor, activation(BETTER));
            assertIsRoutedTo(successor, BETTER);
            awaitEnd(instances);
            assertThat(router.drained()).containsAll(ids(first));
            assertThat(router.complaints()).isEmpty();
        }
    }

    @Test
    void aSuccessorEndsWhatItsPredecessorHadNotDrained() throws Exception {
        AppRuntime old = openRouted();
        activate(old, activation(GOOD));
        List<Backend> first = router.set("web");
        List<String> instances = old.status().instances();
        router.holdDrains();
        activate(old, activation(BETTER));
        try (AppRuntime successor = succeed(old)) {
            assertThat(first).allMatch(TestRouter::accepts);
            router.finishDrains();
            awaitEnd(instances);
            assertIsRoutedTo(successor, BETTER);
            assertThat(router.complaints()).isEmpty();
        }
    }

    @Test
    void routesToWhatItRecovers() throws Exception {
        AppRuntime old = openRouted();
        activate(old, activation(GOOD));
        List<Backend> first = router.set("web");
        try (CancellableCall call = call()) {
            ((Handover) old).prepare(call);
            ((Handover) old).commit();
            old.close();
            router.route(call, Map.of("web", List.of(), "admin", List.of())); // The proxy was started anew.
            Optional<HandoverState> kept = ((TestApp) app()).record();
            HandoverState left = adopting()
                    .recover(
                            call,
                            PluginUrl.parse(url()),
                            app(),
                            kept.map(state -> state.with(survivors(state.resources()))))
                    .orElseThrow();
            try (AppRuntime successor = adopting().adopt(PluginUrl.parse(url()), routed(router), left)) {
                Await.until("the routing", () -> router.set("admin").equals(first));
                assertIsRoutedTo(successor, GOOD);
                activate(successor, activation(BETTER));
                assertIsRoutedTo(successor, BETTER);
            }
        }
    }

    /** Both listeners lead to all that serves, and to nothing else. */
    private void assertIsRoutedTo(AppRuntime runtime, String tag) {
        List<Backend> web = router.set("web");
        assertThat(web).hasSameSizeAs(runtime.status().instances()).allMatch(TestRouter::accepts);
        assertThat(web).extracting(Backend::version).containsOnly(tag);
        assertThat(ids(router.set("admin"))).containsExactlyInAnyOrderElementsOf(ids(web));
        assertThat(router.complaints()).isEmpty();
    }

    private AppRuntime openRouted() throws Exception {
        return provider().open(PluginUrl.parse(url()), routed(router));
    }

    private AppRuntime succeed(AppRuntime old) throws Exception {
        try (CancellableCall call = call()) {
            HandoverState state = ((Handover) old).prepare(call);
            AppRuntime successor = adopting().adopt(PluginUrl.parse(url()), routed(router), state);
            ((Handover) old).commit();
            old.close();
            return successor;
        }
    }

    private AdoptingProvider<AppRuntime> adopting() {
        return (AdoptingProvider<AppRuntime>) provider();
    }

    private static void awaitRefusals(List<Backend> gone) throws InterruptedException {
        Await.until("the end of what does not serve", () -> gone.stream().noneMatch(TestRouter::accepts));
    }

    private static List<String> ids(List<Backend> backends) {
        return backends.stream().map(Backend::id).toList();
    }
}
