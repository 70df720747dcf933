package dewy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.ApplicationException;
import dewy.api.CancellableCall;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.RateLimitedException;
import dewy.api.StorageException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How an engine is spoken to, with one at a socket that answers what it is told to. */
class EngineTest {
    private static final Map<String, Class<? extends DewyException>> KINDS = Map.of(
            "missing", NotFoundException.class,
            "denied", UnauthorizedException.class,
            "full", StorageException.class,
            "corrupt", CorruptException.class,
            "limited", RateLimitedException.class,
            "app", ApplicationException.class,
            "invalid", InvalidException.class,
            "away", UnreachableException.class);

    @TempDir
    Path folder;

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(30));
    private Optional<ServerSocketChannel> server = Optional.empty();
    private Engine engine = new Engine(new EngineAddress(URI.create("unix:///nonexistent"), Optional.empty()));

    @BeforeEach
    void listen() throws IOException {
        Path socket = folder.resolve("s");
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(socket));
        server = Optional.of(channel);
        Thread thread = new Thread(() -> serve(channel), "engine of the test");
        thread.setDaemon(true);
        thread.start();
        engine = new Engine(new EngineAddress(URI.create("unix://" + socket), Optional.empty()));
        speak("1.41", "1.12");
    }

    @AfterEach
    void close() throws IOException {
        server.orElseThrow().close();
        call.close();
    }

    @ParameterizedTest
    @CsvSource({"1.41,1.12,1.41", "1.56,1.40,1.41", "1.56,1.44,1.44", "1.30,1.12,1.30"})
    void speaksWhatBothSidesKnow(String newest, String oldest, String spoken) throws Exception {
        speak(newest, oldest);
        engine.ping(call);
        engine.ping(call);
        assertThat(asked).containsExactly("/version", "/v" + spoken + "/_ping", "/v" + spoken + "/_ping");
    }

    @ParameterizedTest
    @CsvSource({
        "404 Not Found, No such image: web, missing",
        "404 Not Found, pull access denied for web, denied",
        "401 Unauthorized, wrong password, denied",
        "500 Oops, Get manifest: unauthorized: authentication required, denied",
        "500 Oops, write /var/lib: no space left on device, full",
        "500 Oops, manifest verification failed for digest sha256:0, corrupt",
        "500 Oops, toomanyrequests: You have reached your limit, limited",
        "400 Bad Request, OCI runtime create failed: exec: not found, app",
        "400 Bad Request, invalid mount config, invalid",
        "500 Oops, Get https://registry/v2/: dial tcp: i/o timeout, away"
    })
    void knowsWhatItsWordsMean(String status, String message, String kind) {
        answer("/v1.41/_ping", status, "{\"message\":\"" + message + "\"}");
        assertThatThrownBy(() -> engine.ping(call))
                .isInstanceOf(KINDS.get(kind))
                .hasMessageContaining(message);
    }

    @Test
    void readsAnswersThatComeInChunks() throws Exception {
        answers.put(
                "/v1.41/_ping",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nO\r\n1;x=y\r\nK\r\n0\r\n\r\n");
        engine.ping(call);
    }

    @Test
    void endsWithItsCallWhereItIsNotAnswered() {
        answers.put("/v1.41/_ping", "hang");
        try (CancellableCall brief = CancellableCall.of("test", Duration.ofMillis(200))) {
            assertThatThrownBy(() -> engine.ping(brief)).isInstanceOf(ExpiredException.class);
        }
    }

    @Test
    void saysThatAnAnswerBrokeOff() {
        answers.put("/v1.41/containers/web/json", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
        assertThatThrownBy(() -> engine.inspect(call, "web"))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("the answer broke off");
        answers.put("/v1.41/containers/web/json", "220 mail.example ESMTP\r\n");
        assertThatThrownBy(() -> engine.inspect(call, "web"))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("what answers does not speak HTTP/1.1");
    }

    @Test
    void saysWhereNobodyListens() {
        Engine nowhere =
                new Engine(new EngineAddress(URI.create("unix://" + folder.resolve("none")), Optional.empty()));
        assertThatThrownBy(() -> nowhere.ping(call))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining(
                        "ask the engine at unix://" + folder.resolve("none") + ": there is no such socket");
    }

    private void speak(String newest, String oldest) {
        answer("/version", "200 OK", "{\"ApiVersion\": \"%s\", \"MinAPIVersion\": \"%s\"}".formatted(newest, oldest));
        answer("/v" + newest + "/_ping", "200 OK", "OK");
        answer("/v" + oldest + "/_ping", "200 OK", "OK");
        answer("/v1.41/_ping", "200 OK", "OK");
    }

    private void answer(String path, String status, String body) {
        answers.put(path, "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private void serve(ServerSocketChannel channel) {
        while (channel.isOpen()) {
            try (SocketChannel client = channel.accept()) {
                ByteBuffer request = ByteBuffer.allocate(8_192);
                int unused = client.read(request);
                String path = new String(request.array(), StandardCharsets.US_ASCII).split(" ", 3)[1];
                asked.add(path);
                String answer = answers.getOrDefault(path, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                if (answer.equals("hang")) {
                    request.clear();
                    unused = client.read(request);
                } else {
                    unused = client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
                }
            } catch (IOException e) {
                // The client went, or the test is over.
            }
        }
    }
}
