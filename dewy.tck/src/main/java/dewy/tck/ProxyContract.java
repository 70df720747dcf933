package dewy.tck;

import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.proxy.Proxy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is demanded of proxies for HTTP. Its URL names one listener, {@link #listener}, on the loopback address. */
public abstract class ProxyContract extends ProviderContract<Proxy> implements HandoverContract<Proxy> {
    private final List<TestBackend> backends = new ArrayList<>();

    /** Returns the name of the listener in the URL. */
    protected abstract String listener();

    /** Returns on which port an instance that was started listens. */
    protected abstract int port(Proxy proxy);

    private TestBackend blue() {
        return backends.get(0);
    }

    private TestBackend green() {
        return backends.get(1);
    }

    @BeforeEach
    void startBackends() throws IOException {
        backends.add(TestBackend.start("blue"));
        backends.add(TestBackend.start("green"));
    }

    @AfterEach
    void stopBackends() {
        backends.forEach(TestBackend::close);
    }

    /** Starts it, and has something go through it. */
    @Override
    public void use(Proxy proxy, Call call) throws Exception {
        proxy.start(call);
        proxy.route(call, listener(), List.of(blue().backend()));
        assertThat(get(proxy)).isEqualTo("blue");
    }

    @Override
    public boolean sharesInstances() {
        return false;
    }

    /** What was routed still is. */
    @Override
    public void assertAtWork(Proxy proxy) throws Exception {
        assertThat(get(proxy)).isEqualTo("blue");
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
            proxy.route(call, listener(), List.of(blue().backend()));
            asking.await(Calls.PLENTY);
        }
    }

    @Test
    void sendsRequestsToAllBackends() throws Exception {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            proxy.start(call);
            proxy.route(call, listener(), List.of(blue().backend(), green().backend()));
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(get(proxy));
            }
            assertThat(answers).contains("blue", "green").containsOnly("blue", "green");
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
                proxy.route(call, listener(), List.of(next.backend()));
                assertThat(get(proxy)).isEqualTo(next.name());
            }
            enough.set(true);
            load.await(Calls.PLENTY);
            assertThat(answers).containsOnly("blue", "green");
        }
    }

    @Test
    void leavesRequestsInFlightWhereTheyAreAndDrainsThem() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            InProgress slow = InProgress.start("the slow request", () -> assertThat(blue().slow(port(proxy)))
                    .isEqualTo("blue"));
            blue().awaitSlow();
            proxy.route(call, listener(), List.of(green().backend()));
            assertThat(get(proxy)).isEqualTo("green");
            blue().answerSlow();
            assertThat(proxy.drain(call, blue().backend().id(), Calls.PLENTY)).isZero();
            slow.await(Calls.PLENTY);
        }
    }

    @Test
    void cutsWhatIsLeftAtTheDeadlineOfADrain() throws Throwable {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            InProgress slow = InProgress.start("the slow request", () -> blue().slow(port(proxy)));
            blue().awaitSlow();
            proxy.route(call, listener(), List.of(green().backend()));
            assertThat(proxy.drain(call, blue().backend().id(), Duration.ofMillis(500)))
                    .isEqualTo(1);
            assertThat(catchThrowable(() -> slow.await(Calls.CLOSING))).isInstanceOf(IOException.class);
            assertThat(get(proxy)).isEqualTo("green");
        }
    }

    @Test
    void countsWhatPassed() throws Exception {
        try (Proxy proxy = open();
                CancellableCall call = call()) {
            use(proxy, call);
            long before = proxy.statistics(call).requests();
            get(proxy);
            get(proxy);
            assertThat(proxy.statistics(call).requests() - before).isEqualTo(2);
            assertThat(proxy.statistics(call).failed()).isZero();
        }
    }

    @Test
    void listensNoMoreOnceItIsClosed() throws Exception {
        Proxy proxy = open();
        int port;
        try (CancellableCall call = call()) {
            use(proxy, call);
            port = port(proxy);
        }
        proxy.close();
        assertThat(catchThrowable(() -> TestBackend.get(port, "/"))).isInstanceOf(IOException.class);
    }

    private String get(Proxy proxy) throws IOException {
        return TestBackend.get(port(proxy), "/");
    }
}
