package dewy.posix;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import dewy.api.process.OwnSignals;
import dewy.api.process.Signal;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals of this process that the JVM keeps from programs. All that are handled in Java have one handler of the JVM's,
 * which SIGQUIT has as well: it is given what was ignored, and SIGQUIT under the number of {@link OwnSignals#QUIT}. Used only
 * after the C library was bound, on Linux.
 */
final class JvmSignals {
    private static final Logger LOG = LoggerFactory.getLogger(JvmSignals.class);

    private static volatile Optional<Pointer> handler = Optional.empty();

    private JvmSignals() {}

    /** Claims them if somebody wants to be told of SIGQUIT; else, or where it is not to be had, they stay as they are. */
    static void claim() {
        try {
            SignalAction java = SignalAction.of(Constants.SIGSTKFLT);
            if (java.isHandled()) {
                heedIgnored(java);
                takeQuit(java);
            }
        } catch (SystemCallException e) {
            LOG.debug("SIGQUIT stays with the JVM", e);
        }
    }

    /** Gives the JVM a SIGQUIT that was meant for it; does nothing when that was not taken from it. */
    static void giveQuit() {
        handler.ifPresent(jvm -> Function.getFunction(jvm)
                .invokeVoid(new Object[] {Constants.number(Signal.QUIT), Pointer.NULL, Pointer.NULL}));
    }

    private static void heedIgnored(SignalAction java) throws SystemCallException {
        for (Signal signal : List.of(Signal.INT, Signal.TERM)) {
            int number = Constants.number(signal);
            if (SignalAction.of(number).isIgnored()) {
                java.setFor(number);
            }
        }
    }

    private static void takeQuit(SignalAction java) throws SystemCallException {
        int quit = Constants.number(Signal.QUIT);
        Optional<byte[]> code = Renumbering.code(
                System.getProperty("os.arch", ""), Constants.SIGSTKFLT, Pointer.nativeValue(java.handler()));
        if (code.isPresent() && SignalAction.of(quit).hasHandlerOf(java)) {
            handler = Optional.of(java.handler());
            java.with(Renumbering.load(code.get())).setFor(quit);
        }
    }
}
