package dewy.tck;

import static dewy.tck.Applicable.when;
import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.InvalidException;
import dewy.api.plugin.AdoptingProvider;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.proxy.Admission;
import dewy.api.proxy.Proxy;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.proxy.ProxyStatistics.OfBackend;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What is demanded of proxies for HTTP. Its URL names two listeners, {@link #listener} and {@link #otherListener}, at any
 * free port of 127.0.0.1 each.
 */
public abstract class ProxyContract extends DrainContract implements RecoveryContract<Proxy> {
    /** What was routed still is. */
    @Override
    public void assertAtWork(Proxy proxy) throws Exception {
        assertThat(get(proxy)).isEqualTo("blue");
    }

    @Test
    void namesItsListenersAndTheirAddresses() throws Exception {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            assertThat(proxy.listeners()).extracting(Listener::name).containsExactly(listener(), otherListener());
            proxy.start(call);
            assertThat(proxy.listeners()).extracting(Listener::name).containsExactly(listener(), otherListener());
            assertThat(proxy.listeners())
                    .extracting(one -> one.address().port())
                    .doesNotHaveDuplicates()
                    .doesNotContain(0);
        }
    }

    @Test
    void isStartedOnce() throws Exception {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            List<Listener> before = proxy.listeners();
            proxy.start(call);
            assertThat(proxy.listeners()).isEqualTo(before);
            assertThat(get(proxy)).isEqualTo("blue");
        }
    }

    @Test
    void holdsWhatComesUntilThereAreBackends() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            proxy.start(call);
            InProgress asking =
                    InProgress.start("the request", () -> assertThat(get(proxy)).isEqualTo("blue"));
            assertThat(catchThrowable(() -> asking.await(Duration.ofMillis(300))))
                    .isInstanceOf(AssertionError.class);
            assertThat(asking.isOver()).as("it was answered without a backend").isFalse();
            proxy.route(call, Map.of(listener(), List.of(blue().backend())));
            asking.await(Calls.PLENTY);
        }
    }

    @Test
    void holdsWhatComesWhenThereAreNoBackendsAnyMore() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            proxy.route(call, Map.of(listener(), List.of()));
            InProgress asking =
                    InProgress.start("the request", () -> assertThat(get(proxy)).isEqualTo("green"));
            assertThat(catchThrowable(() -> asking.await(Duration.ofMillis(300))))
                    .isInstanceOf(AssertionError.class);
            proxy.route(call, Map.of(listener(), List.of(green().backend())));
            asking.await(Calls.PLENTY);
        }
    }

    @Test
    void sendsRequestsToAllBackends() throws Exception {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            proxy.start(call);
            proxy.route(call, Map.of(listener(), List.of(blue().backend(), green().backend())));
            assertThat(get(proxy, 50)).contains("blue", "green").containsOnly("blue", "green");
        }
    }

    @Test
    void sendsMoreRequestsToABackendOfMoreWeight() throws Exception {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            proxy.start(call);
            proxy.route(call, Map.of(listener(), List.of(blue().backend().withWeight(9), green().backend())));
            List<String> answers = get(proxy, 100);
            assertThat(Collections.frequency(answers, "blue")).isGreaterThan(70);
            assertThat(answers).contains("green");
        }
    }

    @Test
    void eachListenerHasBackendsOfItsOwn() throws Exception {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            proxy.route(call, Map.of(otherListener(), List.of(green().backend())));
            assertThat(get(proxy)).isEqualTo("blue");
            assertThat(TestBackend.get(port(proxy, otherListener()), "/")).isEqualTo("green");
        }
    }

    /** Who was told of the new ones at one listener is not told of the old ones at the other: both orders are tried. */
    @Test
    void movesAllListenersInOneStep() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            proxy.start(call);
            for (int round = 0; round < 20; round++) {
                proxy.route(call, both(blue()));
                String first = round % 2 == 0 ? listener() : otherListener();
                String second = round % 2 == 0 ? otherListener() : listener();
                assertThat(TestBackend.get(port(proxy, first), "/")).isEqualTo("blue");
                InProgress asking = InProgress.start("asking at both listeners", () -> {
                    while (!"green".equals(TestBackend.get(port(proxy, first), "/"))) {
                        Thread.onSpinWait();
                    }
                    assertThat(TestBackend.get(port(proxy, second), "/")).isEqualTo("green");
                });
                proxy.route(call, both(green()));
                asking.await(Calls.PLENTY);
            }
        }
    }

    @Test
    void movesNothingWhenOneOfSeveralSetsIsRefused() throws Exception {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            proxy.start(call);
            proxy.route(call, both(blue()));
            List<Backend> set = List.of(green().backend());
            List<Backend> twins = List.of(green().backend(), green().backend());
            List<Map<String, List<Backend>>> refused = List.of(
                    Map.of(listener(), set, otherListener(), set, "no-such-listener", set),
                    Map.of(listener(), set, otherListener(), twins),
                    Map.of(listener(), twins, otherListener(), set));
            for (Map<String, List<Backend>> sets : refused) {
                TypedFailure.of(() -> proxy.route(call, sets), InvalidException.class, secrets());
                assertThat(get(proxy, 3)).containsOnly("blue");
                assertThat(TestBackend.get(port(proxy, otherListener()), "/")).isEqualTo("blue");
            }
        }
    }

    @Test
    void losesNoRequestWhenTheBackendsAreReplaced() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            AtomicBoolean enough = new AtomicBoolean();
            Set<String> answers = ConcurrentHashMap.newKeySet();
            InProgress load = InProgress.start("the load", () -> {
                while (!enough.get()) {
                    answers.add(get(proxy));
                }
            });
            for (int i = 0; i < 20; i++) {
                TestBackend next = i % 2 == 0 ? green() : blue();
                proxy.route(call, Map.of(listener(), List.of(next.backend())));
                assertThat(get(proxy)).isEqualTo(next.name());
            }
            enough.set(true);
            load.await(Calls.PLENTY);
            assertThat(answers).containsOnly("blue", "green");
        }
    }

    @Test
    void refusesAListenerThatItDoesNotHave() throws Exception {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            TypedFailure.of(
                    () -> proxy.route(call, Map.of("no-such-listener", List.of(green().backend()))),
                    InvalidException.class,
                    secrets());
            assertThat(get(proxy, 10)).containsOnly("blue");
        }
    }

    @Test
    void refusesTwoBackendsWithTheSameId() throws Exception {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            Backend twin = Backend.of(green().backend().id(), blue().backend().address());
            TypedFailure.of(
                    () -> proxy.route(call, Map.of(listener(), List.of(green().backend(), twin))),
                    InvalidException.class,
                    secrets());
            assertThat(get(proxy, 10)).containsOnly("blue");
        }
    }

    @Test
    void countsWhatPassed() throws Exception {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            long before = proxy.statistics(call).requests();
            get(proxy, 2);
            assertThat(proxy.statistics(call).requests() - before).isEqualTo(2);
            assertThat(proxy.statistics(call).failed()).isZero();
        }
    }

    @Test
    void hasNothingInFlightBeforeItIsStarted() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            assertThat(drain(proxy, call, Calls.PLENTY)).isZero();
        }
    }

    @Test
    void tellsWhatPassedToEachBackend() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            proxy.start(call);
            proxy.route(call, Map.of(listener(), List.of(blue().backend().withVersion("v1"))));
            get(proxy, 3);
            InProgress slow = slow(proxy);
            proxy.route(call, Map.of(listener(), List.of(green().backend().withVersion("v2"))));
            get(proxy, 2);
            if (lacks().contains(Lack.COUNTING_BY_BACKEND)) {
                assertThat(proxy.statistics(call).backends())
                        .extracting(OfBackend::backend, OfBackend::version, OfBackend::active)
                        .containsExactlyInAnyOrder(tuple("blue", "v1", 1L), tuple("green", "v2", 0L));
                return;
            }
            assertThat(proxy.statistics(call).backends())
                    .as("what is routed to, and what has something in flight")
                    .extracting(OfBackend::backend, OfBackend::version, OfBackend::requests, OfBackend::active)
                    .containsExactlyInAnyOrder(tuple("blue", "v1", 3L, 1L), tuple("green", "v2", 2L, 0L));
            blue().answerSlow();
            slow.await(Calls.PLENTY);
            assertThat(drain(proxy, call, Calls.PLENTY)).isZero();
            assertThat(proxy.statistics(call).backends())
                    .extracting(OfBackend::backend, OfBackend::requests, OfBackend::active)
                    .containsExactly(tuple("green", 2L, 0L));
        }
    }

    @TestFactory
    Stream<DynamicTest> tellsWhatABackendIsLike() {
        return when(
                !lacks().contains(Lack.COUNTING_BY_BACKEND),
                "how long what passed to it took, and how much was an error",
                this::assertTellsHowLongItTookAndHowMuchWasAnError);
    }

    private void assertTellsHowLongItTookAndHowMuchWasAnError() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            InProgress slow = slow(proxy);
            assertThat(catchThrowable(() -> slow.await(Duration.ofMillis(100)))).isInstanceOf(AssertionError.class);
            blue().answerSlow();
            slow.await(Calls.PLENTY);
            blue().breakOff();
            assertThat(catchThrowable(() -> get(proxy))).isInstanceOf(IOException.class);
            OfBackend passed = of(proxy.statistics(call), blue());
            assertThat(passed.errors()).as("it may be asked once more").isPositive();
            assertThat(passed.requests() - passed.errors()).isEqualTo(2);
            assertThat(passed.latency().count()).isEqualTo(2);
            assertThat(passed.latency().quantile(1)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
            assertThat(passed.latency().quantile(0)).isLessThan(Duration.ofMillis(100));
        }
    }

    @Test
    void whatIsInFlightOutlivesTheInstance() throws Throwable {
        Proxy old = open();
        try (CancellableCall call = call()) {
            use(old, call);
            old.route(call, Map.of(otherListener(), List.of(green().backend())));
            InProgress slow = slow(old);
            long passed = old.statistics(call).requests();
            try (Proxy successor = succeed(old, call)) {
                assertThat(successor.listeners()).isEqualTo(listeners(successor, call));
                assertThat(TestBackend.get(port(successor, otherListener()), "/"))
                        .isEqualTo("green");
                successor.route(call, Map.of(listener(), List.of(green().backend())));
                assertThat(get(successor)).isEqualTo("green");
                blue().answerSlow();
                assertThat(drain(successor, call, Calls.PLENTY)).isZero();
                slow.await(Calls.PLENTY);
                assertThat(successor.statistics(call).requests())
                        .as("what passed before counts")
                        .isEqualTo(passed + 3);
            }
        }
    }

    @Test
    void losesNoRequestWhenOneInstanceFollowsAnother() throws Throwable {
        Proxy current = open();
        try (CancellableCall call = call()) {
            use(current, call);
            int port = port(current, listener());
            AtomicBoolean enough = new AtomicBoolean();
            InProgress load = InProgress.start("the load", () -> {
                while (!enough.get()) {
                    assertThat(TestBackend.get(port, "/")).isEqualTo("blue");
                }
            });
            for (int i = 0; i < 10; i++) {
                current = succeed(current, call);
                assertThat(TestBackend.get(port, "/")).isEqualTo("blue");
            }
            enough.set(true);
            load.await(Calls.PLENTY);
            current.close();
        }
    }

    /** One that can only serve says so, and does. */
    @Test
    void holdsWhatComesInAPauseAndRefusesItInMaintenance() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            try {
                proxy.admit(call, Admission.PAUSED);
            } catch (InvalidException e) {
                assertThat(e.problem().why()).isNotBlank();
                assertThat(proxy.admission()).isEqualTo(Admission.SERVING);
                assertThat(get(proxy)).isEqualTo("blue");
                return;
            }
            InProgress asking =
                    InProgress.start("the request", () -> assertThat(get(proxy)).isEqualTo("blue"));
            assertThat(catchThrowable(() -> asking.await(Duration.ofMillis(100))))
                    .isInstanceOf(AssertionError.class);
            assertThat(proxy.admission()).isEqualTo(Admission.PAUSED);
            proxy.admit(call, Admission.SERVING);
            asking.await(Calls.PLENTY);
            Admission maintenance = Admission.maintenance("back soon", Duration.ofMinutes(1));
            proxy.admit(call, maintenance);
            try (Proxy successor = succeed(proxy, call)) {
                assertThat(successor.admission()).isEqualTo(maintenance);
                assertThat(catchThrowable(() -> get(successor)))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(" 503 ")
                        .hasMessageContaining("Retry-After: 60")
                        .hasMessageContaining("back soon");
                successor.admit(call, Admission.SERVING);
                assertThat(get(successor)).isEqualTo("blue");
            }
        }
    }

    @Test
    void listensNoMoreOnceItIsClosed() throws Exception {
        Proxy proxy = open();
        int port;
        int other;
        try (CancellableCall call = call()) {
            use(proxy, call);
            port = port(proxy, listener());
            other = port(proxy, otherListener());
        }
        proxy.close();
        assertThat(catchThrowable(() -> TestBackend.get(port, "/"))).isInstanceOf(IOException.class);
        assertThat(catchThrowable(() -> TestBackend.get(other, "/"))).isInstanceOf(IOException.class);
    }

    /** Has a successor take over, and ends the one before. */
    private Proxy succeed(Proxy old, Call call) throws Exception {
        AdoptingProvider<Proxy> provider = (AdoptingProvider<Proxy>) provider();
        HandoverState state = ((Handover) old).prepare(call);
        Proxy successor = provider.adopt(PluginUrl.parse(url()), app(), state);
        ((Handover) old).commit();
        old.close();
        return successor;
    }

    private Map<String, List<Backend>> both(TestBackend to) {
        return Map.of(listener(), List.of(to.backend()), otherListener(), List.of(to.backend()));
    }

    private static OfBackend of(ProxyStatistics all, TestBackend one) {
        return all.backends().stream()
                .filter(each -> each.backend().equals(one.name()))
                .findFirst()
                .orElseThrow();
    }

    private static List<Listener> listeners(Proxy proxy, Call call) throws Exception {
        proxy.start(call);
        return proxy.listeners();
    }
}
