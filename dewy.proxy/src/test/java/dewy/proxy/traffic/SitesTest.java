package dewy.proxy.traffic;

import static dewy.proxy.RawBackend.read;
import static dewy.proxy.RawBackend.readAll;
import static dewy.proxy.RawBackend.readHead;
import static dewy.proxy.RawBackend.write;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.proxy.Listening;
import dewy.proxy.RawBackend;
import dewy.proxy.traffic.Sites.Site;
import dewy.proxy.traffic.TrafficSettings.Mode;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SitesTest {
    private static final TrafficSettings HTTP = TrafficSettings.of(Mode.HTTP);

    @ParameterizedTest
    @CsvSource({
        "a.example, /, a",
        "A.Example:8080, /x?y, a",
        "a.example, /shop, shop",
        "a.example, /shop?x, shop",
        "a.example, /shop/x, shop",
        "a.example, /shopping, a",
        "a.example, /shop/old, old",
        "a.example, /shop/older, shop",
        "a.example, /api, a",
        "b.example, /api/x, api",
        "b.example, /other, none",
        "[::1]:80, /, six",
        "[::1], /, six",
        "a.example.evil, /, none",
    })
    void areTakenByTheLongestMatch(String host, String target, String expected) {
        Map<String, Traffic> apps = Map.of(
                "a", new Traffic(HTTP),
                "shop", new Traffic(HTTP),
                "old", new Traffic(HTTP),
                "api", new Traffic(HTTP),
                "six", new Traffic(HTTP));
        Sites sites = new Sites();
        sites.replace(Map.of(
                new Site("a.example", "/"), apps.get("a"),
                new Site("a.example", "/shop"), apps.get("shop"),
                new Site("a.example", "/shop/old"), apps.get("old"),
                new Site("", "/api"), apps.get("api"),
                new Site("[::1]", "/"), apps.get("six")));
        assertThat(sites.find(host, target)).isEqualTo(Optional.ofNullable(apps.get(expected)));
    }

    private static RawBackend saying(String text) throws IOException {
        return RawBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
    }

    private static String ask(Socket client, String host) throws IOException {
        write(client, "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        String head = readHead(client.getInputStream());
        return head.substring(9, 12)
                + ' '
                + read(client, Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1")));
    }

    @Test
    void shareAConnection() throws Exception {
        Sites sites = new Sites();
        Traffic a = new Traffic(HTTP);
        Traffic b = new Traffic(HTTP);
        sites.replace(Map.of(new Site("a", "/"), a, new Site("b", "/"), b));
        try (RawBackend ofA = saying("of a");
                RawBackend ofB = saying("of b");
                Listening listening = new Listening(Traffic.shared(HTTP, sites));
                Socket client = listening.connect()) {
            a.route(List.of(Listening.backend(ofA.port())));
            b.route(List.of(Listening.backend(ofB.port())));
            for (int i = 0; i < 3; i++) {
                assertThat(ask(client, "a")).isEqualTo("200 of a");
                assertThat(ask(client, "b:80")).isEqualTo("200 of b");
                assertThat(ask(client, "c")).startsWith("404 ");
            }
            assertThat(ofA.connections()).isOne();
            assertThat(a.statistics().requests()).isEqualTo(3);
            assertThat(b.statistics().requests()).isEqualTo(3);
            a.route(List.of());
            b.route(List.of());
            a.drainAll(Duration.ZERO).get();
            b.drainAll(Duration.ZERO).get();
        }
    }

    @Test
    void areWaitedForAsLongAsTheyMayBeAboutToCome() throws Exception {
        Sites sites = new Sites(Duration.ofMinutes(1));
        Traffic a = new Traffic(HTTP);
        try (RawBackend ofA = saying("of a");
                Listening listening = new Listening(Traffic.shared(HTTP, sites));
                Socket client = listening.connect();
                Socket gone = listening.connect()) {
            a.route(List.of(Listening.backend(ofA.port())));
            write(gone, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            write(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            while (sites.waiting() < 2) {
                Thread.onSpinWait();
            }
            gone.close();
            sites.replace(Map.of(new Site("a", "/"), a));
            assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 200 ");
            assertThat(read(client, 4)).isEqualTo("of a");
            a.route(List.of());
            a.drainAll(Duration.ZERO).get();
        }
    }

    @Test
    void areWaitedForNoLonger() throws IOException {
        try (Listening listening = new Listening(Traffic.shared(HTTP, new Sites(Duration.ofMillis(50))));
                Socket client = listening.connect()) {
            assertThat(ask(client, "a")).startsWith("404 ");
            assertThat(ask(client, "b")).startsWith("404 ");
        }
    }

    @ParameterizedTest
    @CsvSource({"x.a.example, wild", "x.y.a.example, wild", "y.a.example, y", "a.example, any", "xa.example, any"})
    void mayBeAllNamesBelowOne(String host, String expected) {
        Map<String, Traffic> apps = Map.of(
                "wild", new Traffic(HTTP),
                "y", new Traffic(HTTP),
                "any", new Traffic(HTTP));
        Sites sites = new Sites();
        sites.replace(Map.of(
                new Site("*.a.example", "/"), apps.get("wild"),
                new Site("y.a.example", "/"), apps.get("y"),
                new Site("", "/"), apps.get("any")));
        assertThat(sites.find(host, "/x")).isEqualTo(Optional.ofNullable(apps.get(expected)));
    }

    @Test
    void areNotThoseOfAnotherProtocol() throws IOException {
        try (Listening listening = new Listening(Traffic.shared(HTTP, new Sites()));
                Socket client = listening.connect()) {
            write(client, "\26\3\1");
            assertThat(readAll(client)).startsWith("HTTP/1.1 400 ");
        }
    }
}
