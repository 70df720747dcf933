package dewy.posix;

import com.sun.jna.Native;
import dewy.api.process.ChildProcess;
import dewy.api.process.Escaped;
import dewy.api.process.ExitStatus;
import dewy.api.process.Signal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A process that an earlier agent started. It is somebody else's to reap, so its number may be given away at any time:
 * it is signalled by descriptor.
 */
final class Orphan implements ChildProcess {
    private static final int NO_SIGNAL = 0;

    private final ProcessReference reference;
    private final ProcessDescriptor process;
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private boolean groupEmpty;

    private Orphan(ProcessReference reference, ProcessDescriptor process) {
        this.reference = reference;
        this.process = process;
    }

    /** Returns the process of a reference, watched, or nothing if it has ended. */
    static Optional<Orphan> find(ProcessReference reference) throws SystemCallException {
        if (!reference.isCurrent()) {
            return Optional.empty();
        }
        ProcessDescriptor process = ProcessDescriptor.open(reference.pid());
        // Only now is it sure whose number that was when it was opened.
        if (!reference.isCurrent() || process.hasEnded()) {
            process.close();
            return Optional.empty();
        }
        Orphan orphan = new Orphan(reference, process);
        Threads.start("dewy-orphan-" + reference.pid(), orphan::awaitEnd);
        return Optional.of(orphan);
    }

    @Override
    public String reference() {
        return reference.toString();
    }

    @Override
    public long pid() {
        return reference.pid();
    }

    @Override
    public boolean isAlive() {
        return !exit.isDone();
    }

    /** Nothing holds it: when its agent ended it was told to go on, or ends. */
    @Override
    public void proceed() {}

    @Override
    public CompletableFuture<ExitStatus> exit() {
        return exit.copy();
    }

    @Override
    public synchronized void signal(Signal signal) {
        if (!groupEmpty) {
            process.send(signal);
        }
    }

    @Override
    public synchronized void signalGroup(Signal signal) {
        sendToGroup(Constants.number(signal));
    }

    @Override
    public synchronized boolean isGroupAlive() {
        return sendToGroup(NO_SIGNAL);
    }

    @Override
    public synchronized Escaped escaped() {
        return EscapedProcesses.of(reference.pid(), () -> sendToGroup(NO_SIGNAL));
    }

    private void awaitEnd() {
        process.awaitEnd();
        exit.complete(ExitStatus.UNKNOWN);
        isGroupAlive();
    }

    /** Returns whether a member of the group is left; once none was, nothing is ever sent to that number again. */
    private boolean sendToGroup(int signal) {
        if (!groupEmpty && hasNone(signal)) {
            groupEmpty = true;
            process.close();
        }
        return !groupEmpty;
    }

    private boolean hasNone(int signal) {
        Optional<Errno> error = process.sendToGroup(signal);
        if (error.equals(Optional.of(Errno.EINVAL))) {
            return hasNoneByNumber(signal);
        }
        return error.equals(Optional.of(Errno.ESRCH)) && process.hasEnded();
    }

    /** While the group has members, its number is given to no process: one that has it now tells that there are none. */
    private boolean hasNoneByNumber(int signal) {
        if (process.hasEnded() && ProcessReference.exists(reference.pid()) && !reference.isCurrent()) {
            return true;
        }
        return CLibrary.kill(-reference.pid(), signal) != 0
                && Errno.of(Native.getLastError()) == Errno.ESRCH
                && process.hasEnded();
    }
}
