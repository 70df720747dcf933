package dewy.notifier.log;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.event.Event;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes each notification to the logger {@code dewy.notifier.log}, with the keys {@code message}, {@code app} (unless it is
 * about the agent itself) and {@code event}. The agent has its events logged already, so their words are of use for debugging
 * only; what is none of its events, such as a test, is written at its own level. Safe for use by several threads.
 */
final class LogNotifier implements Notifier {
    private static final Logger log = LoggerFactory.getLogger("dewy.notifier.log");

    @Override
    public void send(Call call, Notification notification) throws DewyException {
        call.check();
        Event event = notification.event();
        LoggingEventBuilder entry = log.atLevel(level(event)).addKeyValue("message", notification.text());
        if (!event.app().isEmpty()) {
            entry = entry.addKeyValue("app", event.app());
        }
        entry.addKeyValue("event", event.type()).log("Notification");
    }

    @Override
    public void close() {}

    private static Level level(Event event) {
        if (event.sequence() > 0) {
            return Level.DEBUG;
        }
        return switch (event.level()) {
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARN -> Level.WARN;
            case ERROR -> Level.ERROR;
        };
    }
}
