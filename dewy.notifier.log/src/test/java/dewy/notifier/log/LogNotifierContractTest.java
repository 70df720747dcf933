package dewy.notifier.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dewy.api.DewyException;
import dewy.api.notifier.Notifier;
import dewy.api.plugin.Provider;
import dewy.tck.NotifierContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.slf4j.LoggerFactory;

class LogNotifierContractTest extends NotifierContract {
    private final LogNotifierProvider provider = new LogNotifierProvider();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dewy.notifier.log");
    private final ListAppender<ILoggingEvent> records = new ListAppender<>();

    LogNotifierContractTest() {
        logger.setLevel(ch.qos.logback.classic.Level.TRACE);
        records.start();
        logger.addAppender(records);
    }

    @AfterEach
    void detach() {
        logger.detachAppender(records);
    }

    @Override
    public Provider<Notifier> provider() {
        return provider;
    }

    @Override
    public String url() {
        return "log:";
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(WrongUrl.of("log://file"), WrongUrl.of("log:/var/log/dewy?quiet=true", "quiet"));
    }

    /** A log is always there. */
    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of();
    }

    @Override
    public void befall(Trouble trouble) {
        throw new AssertionError("nothing befalls a log");
    }

    @Override
    protected List<String> received() {
        return records.list.stream()
                .map(record -> record.getKeyValuePairs().toString())
                .toList();
    }

    @Override
    public long asked() {
        return records.list.size();
    }
}
