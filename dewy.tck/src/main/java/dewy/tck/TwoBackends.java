package dewy.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.Call;
import dewy.api.proxy.Proxy;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A proxy with two backends, and what its tests are made of. */
abstract class TwoBackends extends ProviderContract<Proxy> {
    private final List<TestBackend> backends = new ArrayList<>();

    /** Returns the name of the first listener in the URL. */
    protected abstract String listener();

    /** Returns the name of the second listener in the URL. */
    protected abstract String otherListener();

    /** What a proxy need not be able to do whose traffic somebody else's program carries; its documentation says so. */
    public enum Lack {
        /** What is left at the limit of a drain is counted, and cut by whoever ends the backend. */
        CUTTING,
        /** What passed to each backend is not known, only what is on its way to it. */
        COUNTING_BY_BACKEND
    }

    /** Returns what the proxy lacks. */
    protected Set<Lack> lacks() {
        return Set.of();
    }

    /** Returns the address of this host at which the proxy reaches what listens here. */
    protected InetAddress here() throws IOException {
        return InetAddress.getLoopbackAddress();
    }

    final TestBackend blue() {
        return backends.get(0);
    }

    final TestBackend green() {
        return backends.get(1);
    }

    @BeforeEach
    void startBackends() throws IOException {
        backends.add(TestBackend.start("blue", here()));
        backends.add(TestBackend.start("green", here()));
    }

    @AfterEach
    void stopBackends() {
        backends.forEach(TestBackend::close);
    }

    /** Starts it, and has something go through it. */
    @Override
    public void use(Proxy proxy, Call call) throws Exception {
        proxy.start(call);
        proxy.route(call, Map.of(listener(), List.of(blue().backend())));
        assertThat(get(proxy)).isEqualTo("blue");
    }

    @Override
    public boolean sharesInstances() {
        return false;
    }

    /** Asks for what the first backend answers only when it is told to. */
    final InProgress slow(Proxy proxy) throws Exception {
        int port = port(proxy, listener());
        InProgress slow = InProgress.start(
                "the slow request", () -> assertThat(blue().slow(port)).isEqualTo("blue"));
        blue().awaitSlow();
        return slow;
    }

    final int drain(Proxy proxy, Call call, Duration limit) throws Exception {
        return proxy.drain(call, blue().backend().id(), limit);
    }

    final String get(Proxy proxy) throws IOException {
        return TestBackend.get(port(proxy, listener()), "/");
    }

    final List<String> get(Proxy proxy, int times) throws IOException {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(get(proxy));
        }
        return answers;
    }

    static int port(Proxy proxy, String listener) {
        return proxy.listeners().stream()
                .filter(one -> one.name().equals(listener))
                .findFirst()
                .orElseThrow()
                .address()
                .port();
    }
}
