package dewy.posix;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** What this process does about a signal, as sigaction(2) has it: the handler comes first, the rest is only passed on. */
final class SignalAction {
    /** More than any C library needs. */
    private static final int SIZE = 256;

    private static final long DEFAULT = 0;
    private static final long IGNORE = 1;

    private final Memory action;

    private SignalAction(Memory action) {
        this.action = action;
    }

    static SignalAction of(int signal) throws SystemCallException {
        Memory action = new Memory(SIZE);
        SystemCallException.check("sigaction", LinuxLibrary.sigaction(signal, Pointer.NULL, action));
        return new SignalAction(action);
    }

    /** Returns the same with another handler. */
    SignalAction with(Pointer handler) {
        Memory other = new Memory(SIZE);
        other.write(0, action.getByteArray(0, SIZE), 0, SIZE);
        other.setPointer(0, handler);
        return new SignalAction(other);
    }

    void setFor(int signal) throws SystemCallException {
        SystemCallException.check("sigaction", LinuxLibrary.sigaction(signal, action, Pointer.NULL));
    }

    boolean isIgnored() {
        return action.getLong(0) == IGNORE;
    }

    boolean isHandled() {
        return !isIgnored() && action.getLong(0) != DEFAULT;
    }

    boolean hasHandlerOf(SignalAction other) {
        return action.getLong(0) == other.action.getLong(0);
    }

    Pointer handler() {
        return action.getPointer(0);
    }
}
