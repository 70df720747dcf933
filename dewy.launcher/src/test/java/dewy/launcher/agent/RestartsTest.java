package dewy.launcher.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.Agent;
import dewy.api.control.AppState;
import dewy.api.control.AppStatus;
import dewy.api.runtime.RuntimeStatus;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RestartsTest {
    private static final int FLOOD = 1_000;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final List<String> restarted = new CopyOnWriteArrayList<>();
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore ready = new Semaphore(0);
    private final Restarts restarts = new Restarts(agent(), workers);

    @AfterEach
    void end() {
        workers.shutdownNow();
    }

    @Test
    void restartsOnceMoreForAllThatAskedMeanwhile() throws Exception {
        restarts.want("USR1");
        begun.acquire();
        for (int i = 0; i < FLOOD; i++) {
            restarts.want("HUP");
        }
        ready.release(FLOOD);
        finish();
        assertThat(restarted).containsExactly("one", "two", "one", "two");
    }

    @Test
    void restartsAgainWhenAskedAfterTheLast() throws Exception {
        ready.release(4);
        restarts.want("USR1");
        begun.acquire(2);
        restarts.want("USR1");
        begun.acquire(2);
        finish();
        assertThat(restarted).containsExactly("one", "two", "one", "two");
    }

    @Test
    void beginsNoneOnceTheAgentStops() throws Exception {
        restarts.want("USR1");
        begun.acquire();
        restarts.want("USR1");
        restarts.end();
        restarts.want("USR1");
        ready.release(FLOOD);
        finish();
        assertThat(restarted).containsExactly("one");
    }

    private void finish() throws InterruptedException {
        workers.shutdown();
        assertThat(workers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    /** An agent with two servers, of which each is ready when the test says so, and with files. */
    private Agent agent() {
        return (Agent) Proxy.newProxyInstance(
                Agent.class.getClassLoader(), new Class<?>[] {Agent.class}, (self, method, arguments) -> {
                    if ("apps".equals(method.getName())) {
                        return List.of(app("one", true), app("files", false), app("two", true));
                    }
                    assertThat(method.getName()).isEqualTo("restart");
                    restarted.add((String) arguments[0]);
                    begun.release();
                    ready.acquire();
                    return null;
                });
    }

    private static AppStatus app(String name, boolean serves) {
        RuntimeStatus runtime =
                new RuntimeStatus(RuntimeStatus.State.RUNNING, 1, Instant.EPOCH, List.of(), 0, "", Optional.empty());
        return new AppStatus(
                name,
                serves ? "server" : "assets",
                Path.of("/srv", name),
                "test:",
                AppState.WATCHING,
                false,
                Optional.empty(),
                serves ? Optional.of(runtime) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
    }
}
