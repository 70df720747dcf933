package dewy.proxy.traffic;

import static dewy.proxy.RawBackend.read;
import static dewy.proxy.RawBackend.readHead;
import static dewy.proxy.RawBackend.write;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.proxy.Listening;
import dewy.proxy.RawBackend;
import dewy.proxy.traffic.TrafficSettings.Check;
import dewy.proxy.traffic.TrafficSettings.Health;
import dewy.proxy.traffic.TrafficSettings.Mode;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HealthTest {
    private static final TrafficSettings HTTP = TrafficSettings.of(Mode.HTTP);
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    private static final String WELL = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na";
    private static final String OTHER = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb";
    /** It is what an answer has time for, too, however busy the host is. */
    private static final Duration INTERVAL = Duration.ofMillis(400);

    private static final Duration SHORT = Duration.ofMillis(20);

    private final List<Notice> told = new CopyOnWriteArrayList<>();

    /** Answers by its head alone whether the page of the check is asked for. */
    private static RawBackend hanging(AtomicBoolean hangs, CountDownLatch over) throws IOException {
        return new RawBackend(client -> {
            while (!readHead(client.getInputStream()).isEmpty()) {
                if (hangs.get()) {
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                write(client, WELL);
            }
        });
    }

    private static char ask(Listening listening) throws IOException {
        try (Socket client = listening.connect()) {
            write(client, POST);
            String head = readHead(client.getInputStream());
            return head.startsWith("HTTP/1.1 200") ? read(client, 1).charAt(0) : '5';
        }
    }

    @Test
    void leavesOutABackendThatHangsUntilItIsWellAgain() throws Exception {
        AtomicBoolean hangs = new AtomicBoolean();
        CountDownLatch over = new CountDownLatch(1);
        Check check = new Check("/health", INTERVAL, 1, 2);
        try (RawBackend one = hanging(hangs, over);
                RawBackend other = RawBackend.answering(OTHER);
                Listening listening = new Listening(
                                new Traffic(HTTP.with(Health.DEFAULT.with(check)), "web", Optional.empty(), told::add))
                        .to(one.port(), other.port())) {
            assertThat("" + ask(listening) + ask(listening)).isEqualTo("ab");
            hangs.set(true);
            Target target = find(listening, one);
            while (target.wellness().isWell()) {
                Thread.onSpinWait();
            }
            assertThat("" + ask(listening) + ask(listening) + ask(listening)).isEqualTo("bbb");
            hangs.set(false);
            over.countDown();
            while (!target.wellness().isWell()) {
                Thread.onSpinWait();
            }
            assertThat("" + ask(listening) + ask(listening)).contains("a", "b");
            assertThat(told).extracting(Notice::event).containsExactly("proxy.ejected", "proxy.returned");
            assertThat(told.get(0).toString()).contains("/health");
        }
    }

    private static Target find(Listening listening, RawBackend backend) {
        return Optional.ofNullable(listening.traffic().backends().find("" + backend.port()))
                .orElseThrow();
    }

    @Test
    void asksWhetherAConnectionIsAccepted() throws Exception {
        Check check = new Check("/", INTERVAL, 1, 2);
        TrafficSettings tcp = TrafficSettings.of(Mode.TCP).with(Health.DEFAULT.with(check));
        RawBackend one = RawBackend.answering(WELL);
        try (RawBackend other = RawBackend.answering(OTHER);
                Listening listening = new Listening(tcp).to(one.port(), other.port())) {
            assertThat(ask(listening)).isEqualTo('a');
            Target target = find(listening, one);
            one.close();
            while (target.wellness().isWell()) {
                Thread.onSpinWait();
            }
            assertThat(find(listening, other).wellness().isWell()).isTrue();
        } finally {
            one.close();
        }
    }

    @Test
    void leavesOutForAWhileABackendThatLosesRequests() throws IOException {
        AtomicBoolean loses = new AtomicBoolean(true);
        AtomicInteger asked = new AtomicInteger();
        try (RawBackend one = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    asked.incrementAndGet();
                    if (!loses.get()) {
                        write(client, WELL);
                    }
                });
                RawBackend other = RawBackend.answering(OTHER);
                Listening listening = new Listening(new Traffic(
                                HTTP.with(new Health(2, SHORT, Optional.empty())), "web", Optional.empty(), told::add))
                        .to(one.port(), other.port())) {
            assertThat("" + ask(listening) + ask(listening) + ask(listening)).isEqualTo("5b5");
            assertThat(told).singleElement().asString().contains("not well", "2 requests in a row", "" + one.port());
            Target target = find(listening, one);
            assertThat(asked).hasValue(2);
            loses.set(false);
            while (!target.wellness().isWell()) {
                Thread.onSpinWait();
            }
            assertThat("" + ask(listening) + ask(listening)).contains("a", "b");
            assertThat(told).extracting(Notice::event).containsExactly("proxy.ejected", "proxy.returned");
        }
    }

    @Test
    void asksAnyBackendWhenNoneIsWell() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (RawBackend one = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    if (asked.incrementAndGet() > 2) {
                        write(client, WELL);
                    }
                });
                Listening listening = new Listening(HTTP.with(new Health(1, Duration.ofMinutes(5), Optional.empty())))
                        .to(one.port())) {
            assertThat("" + ask(listening) + ask(listening) + ask(listening)).isEqualTo("55a");
            assertThat(find(listening, one).wellness().isWell()).isTrue();
        }
    }
}
