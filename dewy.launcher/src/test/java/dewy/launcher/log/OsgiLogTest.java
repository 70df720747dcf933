package dewy.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.LogService;
import org.slf4j.LoggerFactory;

class OsgiLogTest {
    private final Logger target = (Logger) LoggerFactory.getLogger("dewy.osgi");
    private final ListAppender<ILoggingEvent> records = new ListAppender<>();
    private final LogService log = new OsgiLog();

    @BeforeEach
    void listen() {
        target.setLevel(Level.INFO);
        target.setAdditive(false);
        target.addAppender(records);
        records.start();
    }

    @AfterEach
    void leave() {
        target.detachAppender(records);
        target.setAdditive(true);
        target.setLevel(null);
    }

    @Test
    void makesOneRecordOfAMessageAndWhatWasThrown() {
        log.getLogger("some").error("{} does not come {}", "it", "up", new IllegalStateException("boom"));
        ILoggingEvent record = records.list.get(0);
        assertThat(record.getLevel()).isEqualTo(Level.ERROR);
        assertThat(record.getFormattedMessage()).isEqualTo("it does not come up");
        assertThat(record.getThrowableProxy().getMessage()).isEqualTo("boom");
    }

    @Test
    @SuppressWarnings("deprecation")
    void takesEachWayOfWriting() throws Exception {
        log.log(LogService.LOG_WARNING, "a {}");
        log.getLogger("some", FormatterLogger.class).warn("b %d%%", 5);
        log.getLogger("some").warn(logger -> logger.warn("c"));
        assertThat(records.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("a {}", "b 5%", "c");
    }

    @Test
    void leavesAsideWhatIsForDebugging() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        log.getLogger("some").info("too much");
        log.getLogger("some").debug(logger -> asked.incrementAndGet());
        assertThat(log.getLogger("some").isInfoEnabled()).isFalse();
        assertThat(log.getLogger("some").isErrorEnabled()).isTrue();
        assertThat(records.list).isEmpty();
        assertThat(asked).hasValue(0);
    }
}
