package dewy.launcher.agent;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Handles signals with {@code sun.misc.Signal}, of the module {@code jdk.unsupported}: Java has nothing else for them. It
 * is reached by reflection, because the compiler warns of its use without a way to say that it is meant.
 */
@SuppressWarnings("NullAway") // A handler returns nothing, and a static method has no receiver.
public final class JvmSignal {
    private JvmSignal() {}

    /**
     * Has {@code handler} called with the signal's name, on a thread of the JVM's, whenever it arrives.
     *
     * @return what has it handled as before
     */
    public static Runnable handle(String name, Consumer<String> handler) {
        try {
            Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    JvmSignal.class.getClassLoader(), new Class<?>[] {signalHandler}, (self, method, arguments) -> {
                        handler.accept(name);
                        return null;
                    });
            Object before = handle(name, proxy);
            return () -> {
                try {
                    handle(name, before);
                } catch (ReflectiveOperationException e) {
                    warn(name, e);
                }
            };
        } catch (ReflectiveOperationException e) {
            warn(name, e);
            return () -> {};
        }
    }

    /** Sends a signal to this process. */
    static void raise(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            signal.getMethod("raise", signal).invoke(null, signal(name));
        } catch (ReflectiveOperationException e) {
            warn(name, e);
        }
    }

    private static Object handle(String name, Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        return signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
                .invoke(null, signal(name), handler);
    }

    private static Object signal(String name) throws ReflectiveOperationException {
        return Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
    }

    private static void warn(String name, ReflectiveOperationException e) {
        LoggerFactory.getLogger("dewy")
                .atWarn()
                .addKeyValue("signal", "SIG" + name)
                .setCause(e)
                .log("Signal not handled");
    }
}
