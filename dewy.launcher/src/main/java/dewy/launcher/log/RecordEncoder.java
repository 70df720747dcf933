package dewy.launcher.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * Writes a record: {@code time}, {@code level}, {@code msg}, then its key-value pairs. Of an exception there is one line;
 * its stack is shown where the log shows debug records.
 */
final class RecordEncoder extends EncoderBase<ILoggingEvent> {
    /** A way to write a record as one line. */
    interface Format {
        void begin(StringBuilder line);

        void field(StringBuilder line, String key, String value);

        void end(StringBuilder line);
    }

    private final Format format;

    RecordEncoder(Format format) {
        this.format = format;
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        format.begin(line);
        Instant time = Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS);
        format.field(line, "time", time.toString());
        format.field(line, "level", event.getLevel().toString());
        format.field(line, "msg", String.valueOf(event.getFormattedMessage()));
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> format.field(line, pair.key, String.valueOf(pair.value)));
        }
        IThrowableProxy failure = event.getThrowableProxy();
        if (failure != null) {
            boolean detailed = LogSettings.chosen().level().levelInt <= Level.DEBUG_INT;
            IThrowableProxy told = telling(failure);
            String summary = told.getClassName() + ": " + told.getMessage();
            format.field(line, "exception", detailed ? ThrowableProxyUtil.asString(failure) : summary);
        }
        format.end(line);
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the first of the causes that says something: what only wraps another one has no message. */
    private static IThrowableProxy telling(IThrowableProxy failure) {
        IThrowableProxy cause = failure.getCause();
        return failure.getMessage() == null && cause != null ? telling(cause) : failure;
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
