package dewy.launcher.log;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.LogService;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerConsumer;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.FormattingTuple;
import org.slf4j.helpers.MessageFormatter;

/**
 * The log of OSGi, into which the component runtime and some bundles write; they would write to standard output, if there was
 * none. Errors and warnings stay what they are, all else is for debugging. Safe for use by several threads.
 */
@SuppressWarnings("NullAway") // What a proxy is called with may be null, and so may be what it answers.
public final class OsgiLog implements LogService {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger("dewy.osgi");
    private static final Map<String, Level> LEVELS =
            Map.of("audit", Level.DEBUG, "error", Level.ERROR, "warn", Level.WARN, "info", Level.DEBUG);

    @Override
    public Logger getLogger(String name) {
        return logger("", name, Logger.class);
    }

    @Override
    public Logger getLogger(Class<?> type) {
        return getLogger(type.getName());
    }

    @Override
    public <L extends Logger> L getLogger(String name, Class<L> type) {
        return logger("", name, type);
    }

    @Override
    public <L extends Logger> L getLogger(Class<?> named, Class<L> type) {
        return getLogger(named.getName(), type);
    }

    @Override
    public <L extends Logger> L getLogger(Bundle bundle, String name, Class<L> type) {
        return logger(String.valueOf(bundle.getSymbolicName()), name, type);
    }

    @Override
    @SuppressWarnings("deprecation")
    public void log(int level, String message) {
        log(level, message, null);
    }

    @Override
    @SuppressWarnings("deprecation")
    public void log(int level, String message, @Nullable Throwable cause) {
        write("", level == LOG_ERROR ? Level.ERROR : level == LOG_WARNING ? Level.WARN : Level.DEBUG, message, cause);
    }

    @Override
    @SuppressWarnings("deprecation")
    public void log(ServiceReference<?> reference, int level, String message) {
        log(level, message, null);
    }

    @Override
    @SuppressWarnings("deprecation")
    public void log(ServiceReference<?> reference, int level, String message, @Nullable Throwable cause) {
        log(level, message, cause);
    }

    private static <L extends Logger> L logger(String bundle, String name, Class<L> type) {
        boolean printf = FormatterLogger.class.equals(type);
        return type.cast(Proxy.newProxyInstance(
                OsgiLog.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    switch (method.getName()) {
                        case "getName", "toString" -> {
                            return name;
                        }
                        case "hashCode" -> {
                            return System.identityHashCode(self);
                        }
                        case "equals" -> {
                            return self == arguments[0];
                        }
                        default -> {
                            return answer(bundle, printf, (Logger) self, method.getName(), arguments);
                        }
                    }
                }));
    }

    /** Answers {@code isErrorEnabled()} and the like, or does what {@code error(…)} and the like are to do. */
    private static @Nullable Object answer(
            String bundle, boolean printf, Logger self, String method, Object @Nullable [] arguments) throws Exception {
        String name = method.replaceFirst("^is(.*)Enabled$", "$1").toLowerCase(Locale.ROOT);
        Level level = LEVELS.get(name);
        boolean enabled = level != null && LOG.isEnabledForLevel(level);
        if (method.endsWith("Enabled")) {
            return enabled;
        }
        if (enabled && arguments[0] instanceof LoggerConsumer<?> consumer) {
            consumer.accept(self);
        } else if (enabled) {
            Object[] values = arguments.length == 2 && arguments[1] instanceof Object[] all
                    ? all
                    : Arrays.copyOfRange(arguments, 1, arguments.length);
            FormattingTuple text = MessageFormatter.arrayFormat(String.valueOf(arguments[0]), values);
            String message =
                    printf ? String.format(Locale.ROOT, String.valueOf(arguments[0]), values) : text.getMessage();
            write(bundle, level, message, text.getThrowable());
        }
        return null;
    }

    private static void write(String bundle, Level level, String message, @Nullable Throwable cause) {
        var entry = LOG.atLevel(level);
        if (!bundle.isEmpty()) {
            entry = entry.addKeyValue("bundle", bundle);
        }
        if (cause != null) {
            entry = entry.setCause(cause);
        }
        entry.log("{}", message);
    }
}
