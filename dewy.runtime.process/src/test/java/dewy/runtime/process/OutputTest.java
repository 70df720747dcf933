package dewy.runtime.process;

import static dewy.runtime.process.RealRuntimes.activation;
import static dewy.runtime.process.RealRuntimes.call;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dewy.api.plugin.HandoverState;
import dewy.tck.Await;
import dewy.tck.TestApp;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class OutputTest {
    private static final String TALKS = "echo {} to stdout; echo to stderr >&2; exec sleep 1000";

    private final RealRuntimes runtimes = new RealRuntimes();
    private final Queue<ILoggingEvent> logged = new ConcurrentLinkedQueue<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dewy.app.app");
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            logged.add(event);
        }
    };
    private final Path folder;

    OutputTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void close() {
        logger.detachAppender(appender);
        runtimes.close();
    }

    @Test
    void ofTheAppIsLoggedUnderItsName() throws Exception {
        ProcessRuntime runtime = open(TALKS);

        runtime.activate(call(), activation("v1"));

        Await.until("both lines", () -> logged.size() == 2);
        assertThat(messages()).containsExactly("{} to stdout", "to stderr");
        assertThat(logged).allSatisfy(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.INFO);
            assertThat(event.getKeyValuePairs()).hasToString("[app=\"app\"]");
        });
    }

    @Test
    void isLoggedOnceAcrossAHandover() throws Exception {
        ProcessRuntime runtime = open("i=0; while [ $i -lt 2000 ]; do i=$((i + 1)); echo $i;"
                + " [ $((i % 20)) -ne 0 ] || sleep 0.005; done; exec sleep 1000");
        runtime.activate(call(), activation("v1"));
        for (int i = 0; i < 5; i++) {
            HandoverState state = runtime.prepare(call());
            ProcessRuntime successor = runtimes.adopt("process:?ready-time=0", app(TALKS), state);
            runtime.commit();
            runtime.close();
            runtime = successor;
        }

        Await.until("the last line", () -> messages().contains("2000"));
        assertThat(messages()).hasSize(2000).doesNotHaveDuplicates();
    }

    @Test
    void isFollowedUntilTheRuntimeCloses() throws Exception {
        ProcessRuntime runtime = open("trap 'echo bye; exit' TERM; while :; do sleep 0.05; done");
        runtime.activate(call(), activation("v1"));

        runtime.close();

        assertThat(messages()).endsWith("bye");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("dewy-output"));
    }

    private ProcessRuntime open(String script) throws Exception {
        return runtimes.open("process:?ready-time=200ms", app(script));
    }

    private TestApp app(String script) {
        return ServerApp.of(folder, new Recorder(), "sh", "-c", script);
    }

    private List<String> messages() {
        return logged.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
