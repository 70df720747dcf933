package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotYetThereException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnreachableException;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.cache.Cache;
import dewy.api.cache.CacheProvider;
import dewy.api.control.AppDefinition;
import dewy.api.control.AppStatus;
import dewy.api.registry.Cursor;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.registry.RegistryProvider;
import dewy.core.event.EventStream;
import dewy.core.operation.OperationList;
import dewy.core.plugin.Guard;
import dewy.core.plugin.PluginDirectory;
import dewy.core.plugin.PluginKind;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When an app is checked again, by what its registry answers. */
@Timeout(30)
class AppScheduleTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Problem PROBLEM = new Problem("ask", "", "for the test", "");

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private Optional<App> app = Optional.empty();
    private volatile Answer answer = AppScheduleTest::nothing;
    private DoubleSupplier random = () -> 0.5;

    @TempDir
    Path directory;

    private interface Answer {
        Poll poll() throws DewyException;
    }

    @AfterEach
    void stop() {
        app.ifPresent(running -> running.stop("the test is over"));
        timer.shutdownNow();
        workers.shutdownNow();
    }

    @Test
    void checksAgainByItself() throws Exception {
        CountDownLatch checks = new CountDownLatch(3);
        answer = () -> {
            checks.countDown();
            return nothing();
        };
        create("10ms").start("test");
        assertThat(checks.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void goesOnCheckingAfterAPluginThrewSomethingUnforeseen() throws Exception {
        CountDownLatch checks = new CountDownLatch(3);
        answer = () -> {
            checks.countDown();
            throw new IllegalStateException("a bug of the plugin");
        };
        create("10ms").start("test");
        assertThat(checks.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void goesOnCheckingAfterAFaultOfItsOwn() throws Exception {
        CountDownLatch checks = new CountDownLatch(3);
        answer = () -> {
            checks.countDown();
            return nothing();
        };
        random = () -> {
            throw new IllegalStateException("a bug of core");
        };
        create("10ms").start("test");
        assertThat(checks.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void waitsForTheIntervalWhenThereIsNothingToDo() throws Exception {
        assertThat(waitAfter(AppScheduleTest::nothing)).isEqualTo(Duration.ofSeconds(10));
        assertThat(status().failures()).isZero();
    }

    @Test
    void waitsTwiceAsLongAfterEachFailureInARowUpToFiveMinutes() throws Exception {
        for (int seconds : List.of(10, 20, 40, 80, 160, 300, 300)) {
            assertThat(waitAfter(AppScheduleTest::unreachable)).isEqualTo(Duration.ofSeconds(seconds));
        }
        assertThat(status().failures()).isEqualTo(7);
    }

    @Test
    void startsOverAfterASuccess() throws Exception {
        waitAfter(AppScheduleTest::unreachable);
        waitAfter(AppScheduleTest::unreachable);
        assertThat(waitAfter(AppScheduleTest::nothing)).isEqualTo(Duration.ofSeconds(10));
        assertThat(status().failures()).isZero();
        assertThat(waitAfter(AppScheduleTest::unreachable)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void leavesTheRegistryAloneAsLongAsItAsks() throws Exception {
        assertThat(waitAfter(() -> nothing().notBefore(Duration.ofHours(1)))).isEqualTo(Duration.ofHours(1));
        assertThat(waitAfter(() -> nothing().notBefore(Duration.ofSeconds(1)))).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void forgetsWhatTheRegistryAskedForWhenItDoesNotAnswerNext() throws Exception {
        waitAfter(() -> nothing().notBefore(Duration.ofHours(1)));
        assertThat(waitAfter(AppScheduleTest::unreachable)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void waitsUntilARateLimitIsOver() throws Exception {
        assertThat(waitAfter(() -> limited(Duration.ofHours(2)))).isEqualTo(Duration.ofHours(2));
        assertThat(waitAfter(() -> limited(Duration.ofSeconds(5)))).isEqualTo(Duration.ofMillis(5_010));
        assertThat(status().failures()).isZero();
        assertThat(waitAfter(AppScheduleTest::nothing)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void asksNoMoreThanOnceASecondWhereALimitIsOverAlready() throws Exception {
        assertThat(waitAfter(() -> limited(Duration.ofHours(-2)))).isEqualTo(Duration.ofMillis(1_010));
    }

    @Test
    void comesBackSoonerForWhatIsNotYetThere() throws Exception {
        assertThat(waitAfter(() -> notYet(Duration.ofSeconds(3)))).isEqualTo(Duration.ofMillis(3_010));
        assertThat(waitAfter(() -> notYet(Duration.ofMinutes(3)))).isEqualTo(Duration.ofSeconds(10));
    }

    private Duration waitAfter(Answer next) throws Exception {
        answer = next;
        App running = app.isPresent() ? app.get() : create("10s");
        running.control().deploy("test");
        return Duration.between(NOW, status().next().orElseThrow());
    }

    private AppStatus status() {
        return app.orElseThrow().status();
    }

    private App create(String interval) throws DewyException {
        Map<String, List<String>> options = Map.of(
                "dir", List.of(directory.toString()),
                "registry", List.of("test:"),
                "cache", List.of("test:"),
                "interval", List.of(interval));
        Timing timing = new Timing(() -> NOW, System::nanoTime, random, timer, workers);
        EventStream events = new EventStream(() -> NOW, event -> {}, workers);
        App created = new AppFactory(
                        plugins(),
                        new Guard(workers, timer, System::nanoTime),
                        events,
                        () -> {
                            throw new UnsupportedOperationException();
                        },
                        () -> {
                            throw new UnsupportedOperationException();
                        },
                        new AppFactory.Place("host", "test"),
                        timing,
                        new OperationList(events, () -> NOW, System::nanoTime))
                .create(AppSpecReader.read(new AppDefinition("assets", options, List.of())), Optional.empty());
        app = Optional.of(created);
        return created;
    }

    private static Poll nothing() {
        return Poll.changed(List.of(), new Cursor("1"));
    }

    private static Poll unreachable() throws DewyException {
        throw new UnreachableException(PROBLEM);
    }

    private static Poll limited(Duration wait) throws DewyException {
        throw new RateLimitedException(PROBLEM, NOW.plus(wait));
    }

    private static Poll notYet(Duration wait) throws DewyException {
        throw new NotYetThereException(PROBLEM, wait);
    }

    private final class AnsweringRegistry implements Registry {
        @Override
        public Poll poll(Call call, Optional<Cursor> cursor) throws DewyException {
            return answer.poll();
        }

        @Override
        public void close() {}
    }

    private PluginDirectory plugins() {
        return FixedPlugins.of(Map.of(
                PluginKind.REGISTRY, (RegistryProvider) (url, context) -> new AnsweringRegistry(),
                PluginKind.ARTIFACT, (ArtifactProvider) (url, context) -> idle(ArtifactSource.class),
                PluginKind.CACHE, (CacheProvider) (url, context) -> idle(Cache.class)));
    }

    /** An instance that nothing is asked of but to close. */
    private static <T> T idle(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    assertThat(method.getName()).isEqualTo("close");
                    return null;
                }));
    }
}
