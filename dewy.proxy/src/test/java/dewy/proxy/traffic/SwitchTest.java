package dewy.proxy.traffic;

import static dewy.proxy.RawBackend.read;
import static dewy.proxy.RawBackend.readHead;
import static dewy.proxy.RawBackend.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.proxy.Admission;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.route.Backend;
import dewy.proxy.Listening;
import dewy.proxy.RawBackend;
import dewy.proxy.traffic.TrafficSettings.Balance;
import dewy.proxy.traffic.TrafficSettings.Mode;
import dewy.proxy.traffic.TrafficSettings.Timeouts;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwitchTest {
    private static final TrafficSettings HTTP = TrafficSettings.of(Mode.HTTP);
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int CLIENTS = 8;

    /** Answers GET and POST; where the connection is kept, until the client ends it. */
    private static RawBackend serving() throws IOException {
        return new RawBackend(client -> {
            for (String head = readHead(client.getInputStream()); !head.isEmpty(); ) {
                if (head.startsWith("POST")) {
                    read(client, 4);
                }
                write(client, HELLO);
                head = readHead(client.getInputStream());
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"HTTP, true", "HTTP, false", "TCP, false"})
    void losesNothing(Mode mode, boolean kept) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Integer>> clients = new ArrayList<>();
        RawBackend current = serving();
        int served = 0;
        try (Listening listening = new Listening(TrafficSettings.of(mode)).to(current.port())) {
            CountDownLatch begun = new CountDownLatch(CLIENTS);
            for (int i = 0; i < CLIENTS; i++) {
                String request = i % 2 == 0 ? GET : POST;
                clients.add(CompletableFuture.supplyAsync(
                        () -> ask(listening, request, kept, begun, over), task -> new Thread(task).start()));
            }
            begun.await();
            for (int i = 0; i < 30; i++) {
                RawBackend next = serving();
                listening.to(next.port());
                int cut = listening.traffic().drain("" + current.port(), LONG).get(60, TimeUnit.SECONDS);
                assertThat(cut).isZero();
                current.close();
                current = next;
            }
            over.set(true);
            for (CompletableFuture<Integer> client : clients) {
                served += client.get(60, TimeUnit.SECONDS);
            }
            assertThat(listening.traffic().statistics().failed()).isZero();
            assertThat(listening.traffic().statistics().requests()).isGreaterThanOrEqualTo(served);
        } finally {
            current.close();
        }
        assertThat(served).isGreaterThan(CLIENTS);
    }

    private static int ask(
            Listening listening, String request, boolean kept, CountDownLatch begun, AtomicBoolean over) {
        int served = 0;
        try {
            while (!over.get()) {
                try (Socket client = listening.connect()) {
                    do {
                        write(client, request);
                        assertThat(read(client, HELLO.length())).isEqualTo(HELLO);
                        served++;
                        begun.countDown();
                    } while (kept && !over.get());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("after " + served + " answers", e);
        }
        return served;
    }

    /** A backend that answers when it is let. */
    private static RawBackend waiting(CountDownLatch asked, CountDownLatch go) throws IOException {
        return new RawBackend(client -> {
            readHead(client.getInputStream());
            asked.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            write(client, HELLO);
        });
    }

    @Test
    void waitsForWhatIsInFlight() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawBackend old = waiting(asked, go);
                RawBackend next = serving();
                Listening listening = new Listening(HTTP).to(old.port());
                Socket client = listening.connect()) {
            write(client, GET);
            asked.await();
            listening.to(next.port());
            CompletableFuture<Integer> drain = listening.traffic().drain("" + old.port(), LONG);
            assertThat(drain).isNotDone();
            assertThat(listening.traffic().statistics().backends())
                    .extracting(ProxyStatistics.OfBackend::active)
                    .containsExactlyInAnyOrder(1L, 0L);
            go.countDown();
            assertThat(drain.get(30, TimeUnit.SECONDS)).isZero();
            assertThat(read(client, HELLO.length())).isEqualTo(HELLO);
            assertThat(listening.traffic().statistics().backends())
                    .extracting(ProxyStatistics.OfBackend::backend)
                    .containsExactly("" + next.port());
        }
    }

    @Test
    void cutsAndCountsWhatIsLeftAtTheLimit() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        CountDownLatch never = new CountDownLatch(1);
        try (RawBackend old = waiting(asked, never);
                Listening listening = new Listening(HTTP).to(old.port());
                Socket one = listening.connect();
                Socket two = listening.connect()) {
            write(one, GET);
            write(two, GET);
            asked.await();
            listening.to();
            assertThat(listening
                            .traffic()
                            .drain("" + old.port(), Duration.ofMillis(10))
                            .get(30, TimeUnit.SECONDS))
                    .isEqualTo(2);
            assertThat(readHead(one.getInputStream())).startsWith("HTTP/1.1 503 ");
            assertThat(readHead(two.getInputStream())).startsWith("HTTP/1.1 503 ");
            never.countDown();
        }
    }

    @Test
    void doesNotDrainWhatIsInTheSet() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawBackend backend = waiting(asked, go);
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            Traffic traffic = listening.traffic();
            assertThat(traffic.drain("unknown", LONG)).isCompletedWithValue(0);
            write(client, GET);
            asked.await();
            CompletableFuture<Integer> refused = traffic.drain("" + backend.port(), LONG);
            assertThat(refused).isCompletedExceptionally();
            assertThatThrownBy(refused::get).hasCauseInstanceOf(IllegalStateException.class);
            listening.to();
            CompletableFuture<Integer> drain = traffic.drain("" + backend.port(), LONG);
            listening.to(backend.port());
            assertThat(drain).isCompletedExceptionally();
            assertThatThrownBy(drain::get).hasCauseInstanceOf(IllegalStateException.class);
            go.countDown();
            assertThat(read(client, HELLO.length())).isEqualTo(HELLO);
        }
    }

    @Test
    void closesUnusedConnectionsToWhatLeavesTheSet() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (RawBackend old = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    write(client, HELLO);
                    client.getInputStream().readAllBytes();
                    closed.countDown();
                });
                Listening listening = new Listening(HTTP.with(keeping(LONG.multipliedBy(10)))).to(old.port());
                Socket client = listening.connect()) {
            write(client, GET);
            read(client, HELLO.length());
            assertThat(closed.getCount()).isOne();
            listening.to();
            assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Timeouts keeping(Duration unused) {
        Timeouts usual = Timeouts.DEFAULT;
        return new Timeouts(
                usual.connect(), usual.request(), usual.response(), usual.keepAlive(), unused, usual.idle());
    }

    /** Two listeners of an app: who saw the new set at one of them does not see the old one at the other. */
    @Test
    void switchesAllListenersInOneStep() throws Exception {
        Traffic one = new Traffic(HTTP);
        Traffic two = new Traffic(HTTP);
        AtomicInteger round = new AtomicInteger();
        CompletableFuture<Void> switching = CompletableFuture.runAsync(() -> {
            for (int i = 1; i <= 2000; i++) {
                List<Backend> set = List.of(Listening.backend(i));
                Traffic.route(Map.of(one, set, two, set));
                round.set(i);
            }
        });
        int seen = 0;
        while (round.get() < 2000) {
            int first = portOf(one);
            int second = portOf(two);
            assertThat(second).isGreaterThanOrEqualTo(first);
            assertThat(first).isGreaterThanOrEqualTo(seen);
            seen = second;
        }
        switching.get();
    }

    private static int portOf(Traffic traffic) {
        Target target = traffic.backends().enter(java.util.Set.of());
        if (target == null) {
            return 0;
        }
        target.leave();
        return Integer.parseInt(target.id());
    }

    @Test
    void takesTheBackendWithTheLeastInFlight() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawBackend busy = waiting(asked, go);
                RawBackend free = serving();
                Listening listening = new Listening(HTTP.with(Balance.LEAST_IN_FLIGHT)).to(busy.port());
                Socket waits = listening.connect();
                Socket client = listening.connect()) {
            write(waits, GET);
            asked.await();
            listening.to(busy.port(), free.port());
            for (int i = 0; i < 5; i++) {
                write(client, GET);
                assertThat(read(client, HELLO.length())).isEqualTo(HELLO);
            }
            go.countDown();
            assertThat(read(waits, HELLO.length())).isEqualTo(HELLO);
        }
    }

    @Test
    void countsByBackend() throws Exception {
        try (RawBackend well = serving();
                RawBackend ill = RawBackend.answering("HTTP/1.1 500 Ill\r\nContent-Length: 0\r\n\r\n");
                Listening listening = new Listening(HTTP)) {
            listening
                    .traffic()
                    .route(List.of(
                            Listening.backend(well.port()).withVersion("v1"),
                            Listening.backend(ill.port()).withVersion("v2")));
            try (Socket client = listening.connect()) {
                for (int i = 0; i < 4; i++) {
                    write(client, GET);
                    String head = readHead(client.getInputStream());
                    read(client, head.contains("200") ? 5 : 0);
                }
            }
            ProxyStatistics statistics = listening.traffic().statistics();
            assertThat(statistics.requests()).isEqualTo(4);
            assertThat(statistics.failed()).isZero();
            assertThat(statistics.backends()).allSatisfy(backend -> {
                assertThat(backend.requests()).isEqualTo(2);
                assertThat(backend.errors()).isEqualTo(backend.version().equals("v1") ? 0 : 2);
                assertThat(backend.active()).isZero();
                assertThat(backend.latency().count()).isEqualTo(2);
                assertThat(backend.latency().quantile(0.99)).isPositive();
            });
        }
    }

    @Test
    void endsWhatIsOpenWhenNothingIsInFlightOnIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawBackend backend = waiting(asked, go);
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            write(client, GET);
            asked.await();
            listening.stop();
            CompletableFuture<Void> end = listening.traffic().drainAll(LONG);
            assertThat(end).isNotDone();
            go.countDown();
            assertThat(RawBackend.readAll(client))
                    .contains("\r\nConnection: close\r\n")
                    .endsWith("hello");
            end.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void holdsWhatArrivesInAPause() throws Exception {
        try (RawBackend backend = serving();
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket before = listening.connect();
                Socket during = listening.connect()) {
            write(before, GET);
            assertThat(read(before, HELLO.length())).isEqualTo(HELLO);
            listening.traffic().admit(Admission.PAUSED);
            write(during, POST);
            while (listening.traffic().backends().held() == 0) {
                Thread.onSpinWait();
            }
            listening.traffic().admit(Admission.SERVING);
            assertThat(read(during, HELLO.length())).isEqualTo(HELLO);
        }
    }

    @Test
    void givesAPageDuringMaintenance() throws Exception {
        try (RawBackend backend = serving();
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            listening.traffic().admit(Admission.maintenance("<p>soon</p>", Duration.ofMinutes(10)));
            for (int i = 0; i < 2; i++) {
                write(client, GET);
                assertThat(readHead(client.getInputStream()))
                        .startsWith("HTTP/1.1 503 ")
                        .contains("\r\nContent-Type: text/html; charset=utf-8\r\n")
                        .contains("\r\nRetry-After: 600\r\n");
                assertThat(read(client, 11)).isEqualTo("<p>soon</p>");
            }
            listening.traffic().admit(Admission.SERVING);
            write(client, GET);
            assertThat(read(client, HELLO.length())).isEqualTo(HELLO);
            assertThat(backend.connections()).isOne();
        }
    }
}
