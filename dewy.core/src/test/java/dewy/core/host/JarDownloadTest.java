package dewy.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dewy.http.Environment;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import dewy.tck.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
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
    private final ScheduledExecutorService timer = new ScheduledThreadPoolExecutor(1);
    private final Impatience impatient = new Impatience();
    private final Ongoing<?> operation = new OperationList(
                    new EventStream(InstantSource.system(), event -> {}, Runnable::run),
                    InstantSource.system(),
                    System::nanoTime)
            .begin(Order.installPlugin("some.jar", Optional.empty()), "me");
    private HttpStandIn server;

    @BeforeAll
    static void certify() throws Exception {
        certificate = TestCertificate.in(shared);
    }

    @BeforeEach
    void serve() throws Exception {
        server = HttpStandIn.secured(certificate);
        server.answer(JarDownloadTest::answer);
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        timer.shutdownNow();
        impatient.shutdownNow();
        workers.shutdownNow();
    }

    @Test
    void getsAJar() throws Exception {
        assertThat(get("/whole")).hasContent("0123456789");
    }

    @Test
    void endsWhenAServerNeverAnswers() throws IOException {
        takesTooLong("/silent");
    }

    @Test
    void endsWhenAServerStopsInTheMiddle() throws IOException {
        takesTooLong("/half");
    }

    @Test
    void endsWhenItIsCancelled() throws Exception {
        Future<Path> download = workers.submit(() -> get("/half"));
        while (operation.shown().progress().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(operation.shown().progress()).contains(new Operation.Progress("download", 5, OptionalLong.of(10)));
        operation.cancel("alice");
        assertThatThrownBy(download::get)
                .cause()
                .isInstanceOf(CancelledException.class)
                .hasMessageContaining("alice");
        assertNothingIsLeft();
    }

    @Test
    void takesNoAnswerForAJarThatIsNone() throws IOException {
        assertFails("/nowhere", NotFoundException.class, "answered 404");
    }

    @Test
    void isLedWhereItIsButNotAwayFromEncryption() throws Exception {
        server.answer(asked -> asked.target().equals("/first") ? Answer.redirect("/whole") : answer(asked));
        assertThat(get("/first")).hasContent("0123456789");
        Files.delete(onlyCopy());
        assertFails("/away", UnreachableException.class, "it was redirected to elsewhere.example by http://");
    }

    @Test
    void trustsNobodyUnknown() throws IOException {
        JarDownload distrustful = download(name -> Optional.empty());
        assertThatThrownBy(() -> distrustful.get(url("/whole"), operation))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("certification path");
        assertNothingIsLeft();
    }

    private void takesTooLong(String path) throws IOException {
        JarDownload download = download(JarDownloadTest::trusting, new Guard(workers, impatient, System::nanoTime));
        assertThatThrownBy(() -> download.get(url(path), operation))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("it takes longer than five minutes");
        assertNothingIsLeft();
    }

    private void assertFails(String path, Class<? extends DewyException> type, String why) throws IOException {
        assertThatThrownBy(() -> get(path)).isInstanceOf(type).hasMessageContaining(why);
        assertNothingIsLeft();
    }

    private Path onlyCopy() throws IOException {
        try (var files = Files.list(folder.resolve("plugins/.in-use"))) {
            return files.findFirst().orElseThrow();
        }
    }

    private void assertNothingIsLeft() throws IOException {
        try (var files = Files.list(folder.resolve("plugins/.in-use"))) {
            assertThat(files).isEmpty();
        }
    }

    private Path get(String path) throws Exception {
        return download(JarDownloadTest::trusting).get(url(path), operation);
    }

    private static Optional<String> trusting(String name) {
        return Optional.of(certificate.pem().toString()).filter(pem -> name.equals("SSL_CERT_FILE"));
    }

    private JarDownload download(Environment environment) {
        return download(environment, new Guard(workers, timer, System::nanoTime));
    }

    private JarDownload download(Environment environment, Guard guard) {
        return new JarDownload(new PluginFolder(folder.resolve("plugins")), guard, environment);
    }

    private String url(String path) {
        return server.address() + path;
    }

    private static Answer answer(Asked asked) {
        Answer whole = Answer.of(200, "0123456789");
        return switch (asked.target()) {
            case "/whole" -> whole;
            case "/half" -> whole.cutAt(5).hanging();
            case "/silent" -> Answer.SILENCE;
            case "/away" -> Answer.redirect("http://elsewhere.example/whole");
            default -> Answer.of(404, "");
        };
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
