package dewy.launcher.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;

/** Sets logback up without a configuration file: one appender, {@link LogOutput}. */
public final class LogSetup extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        // Somebody who listens keeps logback from looking through its own reports, which takes a while and finds
        // nothing.
        context.getStatusManager().add(new NopStatusListener());
        LogSettings settings = LogSettings.chosen();
        RecordEncoder encoder =
                new RecordEncoder(settings.format() == LogSettings.Format.JSON ? new JsonFormat() : new TextFormat());
        encoder.setContext(context);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> console = new OutputStreamAppender<>();
        console.setContext(context);
        console.setEncoder(encoder);
        console.setOutputStream(new LogOutput());
        console.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console);
        context.getLogger("dewy").setLevel(settings.level());
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
