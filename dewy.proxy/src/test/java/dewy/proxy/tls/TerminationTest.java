package dewy.proxy.tls;

import static dewy.proxy.RawBackend.read;
import static dewy.proxy.RawBackend.readAll;
import static dewy.proxy.RawBackend.readHead;
import static dewy.proxy.RawBackend.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.pem.BadCertificate;
import dewy.proxy.Listening;
import dewy.proxy.RawBackend;
import dewy.proxy.tls.TlsSettings.Pair;
import dewy.proxy.traffic.TrafficSettings;
import dewy.proxy.traffic.TrafficSettings.Announced;
import dewy.proxy.traffic.TrafficSettings.Mode;
import dewy.proxy.traffic.TrafficSettings.Timeouts;
import dewy.tck.TrustingTls;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients get that speak TLS, whoever does the work of it. */
@Timeout(60)
class TerminationTest {
    private static final TrafficSettings HTTP = TlsClient.patient(Mode.HTTP);
    private static final TrafficSettings TCP = TlsClient.patient(Mode.TCP);
    private static final String GET = "GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n";
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final int BIG = 20 << 20;

    @TempDir
    static Path folder;

    private static Pair pair;

    @BeforeAll
    static void make() throws Exception {
        pair = new TestPairs(folder).make("a", "a.example");
    }

    private static Listening listening(TrafficSettings settings, Library library) throws BadCertificate {
        boolean http = settings.mode() == Mode.HTTP;
        Certificates.Making making = new Certificates.Making(library, http, InstantSource.system(), what -> {});
        Termination tls = new Termination(Certificates.read(TestPairs.settings(pair), making));
        tls.close(); // Its files stay as they are.
        return new Listening(settings, tls);
    }

    /** A backend that tells what it was asked. */
    private static RawBackend telling() throws IOException {
        return new RawBackend(client -> {
            for (String head = readHead(client.getInputStream());
                    !head.isEmpty();
                    head = readHead(client.getInputStream())) {
                write(client, "HTTP/1.1 200 OK\r\nContent-Length: " + head.length() + "\r\n\r\n" + head);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, TLSv1.2", "BORINGSSL, TLSv1.3", "JDK, TLSv1.2", "JDK, TLSv1.3"})
    void tellsTheBackendThatARequestWasEncrypted(Library library, String version) throws Exception {
        try (RawBackend backend = telling();
                Listening listening = listening(HTTP, library).to(backend.port());
                SSLSocket client = TlsClient.on(listening.connect(), "a.example", version)) {
            for (int i = 0; i < 3; i++) {
                write(client, GET);
                readHead(client.getInputStream());
                assertThat(readHead(client.getInputStream()))
                        .contains("\r\nX-Forwarded-Proto: https\r\n")
                        .contains("\r\nForwarded: for=127.0.0.1;proto=https;host=");
            }
            assertThat(backend.connections()).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void carriesMuchBothWays(Library library) throws Exception {
        byte[] body = new byte[BIG];
        new Random(3).nextBytes(body);
        try (RawBackend backend = new RawBackend(TerminationTest::echo);
                Listening listening = listening(HTTP, library).to(backend.port())) {
            HttpClient client =
                    HttpClient.newBuilder().sslContext(TrustingTls.context()).build();
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + listening.port() + "/echo"))
                    .POST(BodyPublishers.ofByteArray(body))
                    .build();
            HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(digest(answer.body())).isEqualTo(digest(body));
        }
    }

    /** A client reads nothing before it has sent all. */
    private static void echo(Socket client) throws IOException {
        readHead(client.getInputStream());
        byte[] body = client.getInputStream().readNBytes(BIG);
        write(client, "HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
        client.getOutputStream().write(body);
    }

    private static byte[] digest(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void relaysWhatARequestUpgradesTo(Library library) throws Exception {
        try (RawBackend backend = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    write(client, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n");
                    for (int i = 0; i < 3; i++) {
                        write(client, read(client, 4));
                    }
                });
                Listening listening = listening(HTTP, library).to(backend.port());
                SSLSocket client = TlsClient.connect(listening)) {
            write(client, GET.replace("\r\n\r\n", "\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n"));
            assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 101 ");
            for (String text : List.of("one.", "two.", "end.")) {
                write(client, text);
                assertThat(read(client, 4)).isEqualTo(text);
            }
            assertThat(readAll(client)).isEmpty();
        }
    }

    /** Only that there is an end of TLS tells that it is all. */
    @ParameterizedTest
    @EnumSource(Library.class)
    void endsAnAnswerThatIsAllAndNoneThatIsNot(Library library) throws Exception {
        byte[] much = new byte[3_000_000];
        for (boolean whole : new boolean[] {true, false}) {
            try (RawBackend backend = new RawBackend(client -> {
                        readHead(client.getInputStream());
                        write(client, "HTTP/1.1 200 OK\r\n" + (whole ? "" : "Content-Length: 4000000\r\n") + "\r\n");
                        client.getOutputStream().write(much);
                    });
                    Listening listening = listening(HTTP, library).to(backend.port());
                    SSLSocket client = TlsClient.connect(listening)) {
                write(client, GET);
                readHead(client.getInputStream());
                if (whole) {
                    assertThat(client.getInputStream().readAllBytes()).hasSize(much.length);
                } else {
                    assertThatThrownBy(() -> client.getInputStream().readAllBytes())
                            .isInstanceOf(IOException.class);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void endsUnusedConnectionsAsTlsSays(Library library) throws Exception {
        try (RawBackend backend = RawBackend.answering(HELLO);
                Listening listening = listening(HTTP, library).to(backend.port());
                SSLSocket client = TlsClient.connect(listening)) {
            write(client, GET);
            assertThat(read(client, HELLO.length())).isEqualTo(HELLO);
            CompletableFuture<Void> end = listening.traffic().drainAll(Duration.ofSeconds(30));
            assertThat(readAll(client)).isEmpty();
            end.get(30, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void relaysConnectionsAndTheirEnd(Library library) throws Exception {
        byte[] much = new byte[3_000_000];
        new Random(4).nextBytes(much);
        CompletableFuture<String> late = new CompletableFuture<>();
        try (RawBackend backend = new RawBackend(client -> {
                    assertThat(read(client, 3)).isEqualTo("one");
                    client.getOutputStream().write(much);
                    client.shutdownOutput();
                    late.complete(readAll(client));
                });
                Listening listening = listening(TCP, library).to(backend.port());
                SSLSocket client = TlsClient.connect(listening)) {
            write(client, "one");
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(much);
            write(client, "more, after the end of the other direction");
            client.close();
            assertThat(late.get(30, TimeUnit.SECONDS)).isEqualTo("more, after the end of the other direction");
        }
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void answersAClientThatHasEndedItsSide(Library library) throws Exception {
        byte[] much = new byte[3_000_000];
        new Random(5).nextBytes(much);
        try (RawBackend backend = new RawBackend(client -> {
                    assertThat(readAll(client)).isEqualTo("all");
                    client.getOutputStream().write(much);
                });
                Listening listening = listening(TCP, library).to(backend.port());
                SSLSocket client = TlsClient.connect(listening)) {
            write(client, "all");
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(much);
        }
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void readsWhoseConnectionItIsBeforeTheHandshake(Library library) throws Exception {
        try (RawBackend backend = telling();
                Listening listening = listening(HTTP.with(new Announced(true, false)), library)
                        .to(backend.port());
                Socket plain = listening.connect()) {
            write(plain, "PROXY TCP4 192.0.2.7 127.0.0.1 1234 443\r\n");
            SSLSocket client = TlsClient.on(plain, "a.example", "TLSv1.3");
            write(client, GET);
            readHead(client.getInputStream());
            assertThat(readHead(client.getInputStream())).contains("\r\nX-Forwarded-For: 192.0.2.7\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP, 400 Bad Request", "TCP, ''"})
    void refusesWhoDoesNotSpeakTls(Mode mode, String answer) throws Exception {
        try (Listening listening = listening(TlsClient.patient(mode), Library.JDK);
                Socket client = listening.connect()) {
            write(client, GET);
            String said = readAll(client);
            assertThat(said).contains(answer);
            assertThat(said.contains("https://")).isEqualTo(!answer.isEmpty());
        }
    }

    @ParameterizedTest
    @CsvSource({"BORINGSSL, 0", "BORINGSSL, 1", "BORINGSSL, 100", "JDK, 100"})
    void closesAConnectionWhoseHandshakeDoesNotEndInTime(Library library, int bytes) throws Exception {
        Timeouts quick = TlsClient.handshakeWithin(Duration.ofMillis(10));
        byte[] hello = new byte[bytes];
        byte[] begin = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};
        System.arraycopy(begin, 0, hello, 0, Math.min(bytes, begin.length));
        try (Listening listening = listening(HTTP.with(quick), library);
                Socket client = listening.connect()) {
            client.getOutputStream().write(hello);
            assertThat(client.getInputStream().readAllBytes()).isEmpty();
        }
    }

    /** There is never nothing for long. */
    @ParameterizedTest
    @EnumSource(Library.class)
    void closesAConnectionWhoseHandshakeComesByteByByte(Library library) throws Exception {
        Timeouts quick = TlsClient.handshakeWithin(Duration.ofMillis(100));
        try (Listening listening = listening(HTTP.with(quick), library);
                Socket client = listening.connect()) {
            client.setTcpNoDelay(true);
            byte[] hello = Arrays.copyOf(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3}, 500);
            assertThatThrownBy(() -> drip(client, hello)).isInstanceOf(SocketException.class);
        }
    }

    private static void drip(Socket client, byte[] bytes) throws Exception {
        for (byte b : bytes) {
            client.getOutputStream().write(b);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void losesNothingWhenAnotherVersionServes(Library library) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Integer>> clients = new ArrayList<>();
        RawBackend current = RawBackend.answering(HELLO);
        try (Listening listening = listening(HTTP, library).to(current.port())) {
            CountDownLatch begun = new CountDownLatch(4);
            for (int i = 0; i < 4; i++) {
                boolean kept = i % 2 == 0;
                clients.add(CompletableFuture.supplyAsync(
                        () -> ask(listening, kept, begun, over), task -> new Thread(task).start()));
            }
            begun.await();
            for (int i = 0; i < 15; i++) {
                RawBackend next = RawBackend.answering(HELLO);
                listening.to(next.port());
                listening
                        .traffic()
                        .drain("" + current.port(), Duration.ofSeconds(30))
                        .get(60, TimeUnit.SECONDS);
                current.close();
                current = next;
            }
            over.set(true);
            for (CompletableFuture<Integer> client : clients) {
                assertThat(client.get(60, TimeUnit.SECONDS)).isPositive();
            }
            assertThat(listening.traffic().statistics().failed()).isZero();
        } finally {
            current.close();
        }
    }

    private static int ask(Listening listening, boolean kept, CountDownLatch begun, AtomicBoolean over) {
        int served = 0;
        try {
            while (!over.get()) {
                try (SSLSocket client = TlsClient.connect(listening)) {
                    do {
                        write(client, GET);
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
}
