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

    /** Has the signals that restart servers do nothing, where they would end a process that is to become an agent. */
    public static void holdRestarts() {
        handle("HUP", name -> {});
        handle("USR1", name -> {});
    }

    /** Has {@code handler} called with the signal's name, on a thread of the JVM's, whenever it arrives. */
    public static void handle(String name, Consumer<String> handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    JvmSignal.class.getClassLoader(), new Class<?>[] {signalHandler}, (self, method, arguments) -> {
                        handler.accept(name);
                        return null;
                    });
            signal.getMethod("handle", signal, signalHandler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            LoggerFactory.getLogger("dewy")
                    .atWarn()
                    .addKeyValue("signal", "SIG" + name)
                    .setCause(e)
                    .log("Signal not handled");
        }
    }
}
