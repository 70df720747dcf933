package dewy.launcher.log;

import org.apache.felix.framework.Logger;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Has what the framework says written to the log. */
public final class FelixLog extends Logger {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger("dewy.framework");

    @Override
    @SuppressWarnings("rawtypes")
    protected void doLog(
            @Nullable Bundle bundle,
            @Nullable ServiceReference reference,
            int level,
            String message,
            @Nullable Throwable failure) {
        Level slf4j =
                switch (level) {
                    case LOG_ERROR -> Level.ERROR;
                    case LOG_WARNING -> Level.WARN;
                    default -> Level.DEBUG;
                };
        var entry = LOG.atLevel(slf4j);
        if (bundle != null) {
            entry = entry.addKeyValue("bundle", String.valueOf(bundle.getSymbolicName()));
        }
        if (failure != null) {
            entry = entry.setCause(failure);
        }
        entry.log(message);
    }
}
