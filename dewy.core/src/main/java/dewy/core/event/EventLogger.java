package dewy.core.event;

import dewy.api.event.Event;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Writes each event to the log: its text as the message, the app and the details as key-value pairs. */
public final class EventLogger implements Consumer<Event> {
    private static final Logger LOG = LoggerFactory.getLogger("dewy");

    @Override
    public void accept(Event event) {
        LoggingEventBuilder record =
                switch (event.level()) {
                    case DEBUG -> LOG.atDebug();
                    case INFO -> LOG.atInfo();
                    case WARN -> LOG.atWarn();
                    case ERROR -> LOG.atError();
                };
        if (!event.app().isEmpty()) {
            record = record.addKeyValue("app", event.app());
        }
        for (var detail : event.data().entrySet()) {
            record = record.addKeyValue(detail.getKey(), detail.getValue());
        }
        record.log(event.text());
    }

    static void listenerFailed(Event event, RuntimeException failure) {
        LOG.atError()
                .setCause(failure)
                .addKeyValue("event", event.type())
                .log("An event listener failed; it goes on with the next event");
    }
}
