package dewy.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.UnreachableException;
import dewy.api.control.Operation;
import dewy.api.control.Order;
import dewy.core.event.EventStream;
import dewy.core.operation.Ongoing;
import dewy.core.operation.OperationList;
import dewy.core.plugin.Guard;
import dewy.tck.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JarDownloadTest {
    @TempDir
    static Path shared;

    private static TestCertificate certificate;

    @TempDir
    Path folder;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final Impatience timer = new Impatience();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Ongoing<?> operation = new OperationList(
                    new EventStream(InstantSource.system(), event -> {}, Runnable::run),
                    InstantSource.system(),
                    System::nanoTime)
            .begin(Order.installPlugin("some.jar", Optional.empty()), "me");
    private HttpsServer server;

    @BeforeAll
    static void certify() throws Exception {
        certificate = TestCertificate.in(shared);
    }

    @BeforeEach
    void serve() throws Exception {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        server.setExecutor(workers);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void end() {
        over.countDown();
        server.stop(0);
        timer.shutdownNow();
        workers.shutdownNow();
    }

    @Test
    void getsAJar() throws Exception {
        assertThat(get("/whole")).hasContent("0123456789");
    }

    @Test
    void endsWhenAServerNeverAnswers() throws IOException {
        assertFails("/silent", UnreachableException.class, "it takes longer than five minutes");
    }

    @Test
    void endsWhenAServerStopsInTheMiddle() throws IOException {
        assertFails("/half", UnreachableException.class, "it takes longer than five minutes");
    }

    @Test
    void endsWhenItIsCancelled() throws Exception {
        Guard patient = new Guard(workers, new ScheduledThreadPoolExecutor(1), System::nanoTime);
        Future<Path> download =
                workers.submit(() -> download(trusting(), patient).get(url("/half"), operation));
        while (operation.shown().progress().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(operation.shown().progress()).contains(new Operation.Progress("download", 10, OptionalLong.of(20)));
        operation.cancel("alice");
        assertThatThrownBy(download::get)
                .cause()
                .isInstanceOf(CancelledException.class)
                .hasMessageContaining("alice");
        assertNothingIsLeft();
    }

    @Test
    void takesNoAnswerForAJarThatIsNone() throws IOException {
        assertFails("/nowhere", NotFoundException.class, "the server answers with status 404");
    }

    @Test
    void isNotLedAwayFromEncryption() throws IOException {
        assertFails("/away", NotFoundException.class, "the server answers with status 302");
    }

    @Test
    void trustsNobodyUnknown() throws IOException {
        JarDownload distrustful = download(HttpClient.newBuilder());
        assertThatThrownBy(() -> distrustful.get(url("/whole"), operation))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("certification path");
        assertNothingIsLeft();
    }

    private void assertFails(String path, Class<? extends DewyException> type, String why) throws IOException {
        assertThatThrownBy(() -> get(path)).isInstanceOf(type).hasMessageContaining(why);
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() throws IOException {
        try (var files = Files.list(folder.resolve("plugins/.in-use"))) {
            assertThat(files).isEmpty();
        }
    }

    private Path get(String path) throws Exception {
        return download(trusting()).get(url(path), operation);
    }

    private static HttpClient.Builder trusting() throws Exception {
        return HttpClient.newBuilder().sslContext(certificate.trusting());
    }

    private JarDownload download(HttpClient.Builder client) {
        return download(client, new Guard(workers, timer, System::nanoTime));
    }

    private JarDownload download(HttpClient.Builder client, Guard guard) {
        return new JarDownload(new PluginFolder(folder.resolve("plugins")), guard, () -> client);
    }

    private String url(String path) {
        return "https://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] bytes = "0123456789".getBytes(StandardCharsets.UTF_8);
            switch (exchange.getRequestURI().getPath()) {
                case "/whole" -> {
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                }
                case "/half" -> {
                    exchange.sendResponseHeaders(200, 2L * bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.getResponseBody().flush();
                    awaitEnd();
                }
                case "/silent" -> awaitEnd();
                case "/away" -> {
                    exchange.getResponseHeaders().set("Location", "http://127.0.0.1/whole");
                    exchange.sendResponseHeaders(302, -1);
                }
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private void awaitEnd() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A timer for which minutes are fractions of a second. */
    private static final class Impatience extends ScheduledThreadPoolExecutor {
        Impatience() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
            long minutes = unit.toMinutes(delay);
            return minutes > 0
                    ? super.schedule(work, minutes * 200, TimeUnit.MILLISECONDS)
                    : super.schedule(work, delay, unit);
        }
    }
}
