package dewy.runtime.process;

import dewy.api.Registration;
import dewy.api.process.ChildProcess;
import dewy.api.process.Escaped;
import dewy.api.process.ExitStatus;
import dewy.api.process.Signal;
import dewy.runtime.process.ready.Waiting;
import dewy.runtime.process.time.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One run of the app: a process group, from the start of its leader until nothing of it is left. When the leader ends,
 * the rest of its group is ended too; and when it is told to stop, so are, after the group, the descendants that have left it by
 * then. Safe for use by several threads.
 */
final class Generation {
    /** Is told how a generation ends, from any thread and without a lock of the generation held. */
    interface Watcher {
        /** The leader ended; members of its group may be left. */
        void exited(Generation generation, ExitStatus status);

        /** The group outlived the time it had to stop, and is about to be killed. */
        void outlived(Generation generation);

        /** It is ready. */
        void ready(Generation generation);

        /** It took longer to become ready than it may. */
        void late(Generation generation);

        /** It said how it is doing. */
        void told(Generation generation);

        /** It was asked, and is not ready: it answers otherwise than before. */
        void answered(Generation generation, String answer);
    }

    /**
     * What a generation consists of, for whoever goes on with it.
     *
     * @param number its number, from 1
     * @param child the leader of its process group
     * @param port where it listens, where it inherits no sockets
     */
    record Identity(long number, ChildProcess child, OptionalInt port) {}

    private enum State {
        UP,
        /** It was told to stop. */
        ENDING,
        /** Nothing of it is left, or somebody else watches it. */
        OVER
    }

    private static final Duration POLL = Duration.ofMillis(50);

    /** What is left so long after SIGKILL is a zombie that nobody reaps, or hangs in the kernel: nothing ends it. */
    private static final Duration UNKILLABLE = Duration.ofSeconds(2);

    private final Identity identity;
    private final Waiting waiting;
    private final Timer timer;
    private final Watcher watcher;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final List<Registration> deadlines = new ArrayList<>();
    private volatile String status = "";
    private State state = State.UP;
    private @Nullable Escaped escaped;
    private boolean escapedTold;
    private Registration poll = () -> {};
    private Registration readyLimit = () -> {};

    /** Describes a generation that was launched by somebody else, and became ready there. */
    Generation(Identity identity, Timer timer, Watcher watcher) {
        this(identity, Waiting.over(), timer, watcher);
    }

    Generation(Identity identity, Waiting waiting, Timer timer, Watcher watcher) {
        this.identity = identity;
        this.waiting = waiting;
        this.timer = timer;
        this.watcher = watcher;
    }

    Identity identity() {
        return identity;
    }

    long number() {
        return identity.number();
    }

    long pid() {
        return identity.child().pid();
    }

    boolean isAlive() {
        return identity.child().isAlive();
    }

    /** Returns what completes when nothing of the group is left. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    /** Returns what it said last about how it is doing; empty when it said nothing. */
    String status() {
        return status;
    }

    /** Returns what keeps it from being ready. */
    String missing() {
        return waiting.missing();
    }

    /**
     * Has a held generation begin with its program, and waits for it to become ready.
     *
     * @param limit how long that may take, where there is a limit
     */
    void proceed(Optional<Duration> limit) {
        limit.ifPresent(this::limit);
        waiting.begin(pid(), new Waiting.Observer() {
            @Override
            public void ready() {
                isInTime();
                watcher.ready(Generation.this);
            }

            @Override
            public void told(String said) {
                status = said;
                watcher.told(Generation.this);
            }

            @Override
            public void answered(String answer) {
                watcher.answered(Generation.this, answer);
            }
        });
        identity.child().proceed();
    }

    private synchronized void limit(Duration limit) {
        if (state == State.UP) {
            readyLimit = timer.after(limit, () -> watcher.late(this));
        }
    }

    private synchronized void isInTime() {
        readyLimit.close();
    }

    /** Begins to watch. When the leader ends, what it leaves behind has {@code grace} to end as well. */
    void watch(Duration grace) {
        Completion.then(identity.child().exit(), status -> {
            if (!isOver()) {
                watcher.exited(this, status);
                awaitGroup(grace);
            }
        });
    }

    /** Sends SIGTERM to the group, unless that was done before, and SIGKILL to what is left of it after {@code grace}. */
    synchronized void end(Duration grace) {
        if (state == State.UP) {
            findEscaped();
            identity.child().signalGroup(Signal.TERM);
        }
        resumeEnding(grace);
    }

    /** Goes on with a generation that was sent SIGTERM by whoever watched it before. */
    synchronized void resumeEnding(Duration grace) {
        if (state != State.OVER) {
            state = State.ENDING;
            findEscaped();
            deadlines.add(timer.after(grace, this::killOutlived));
        }
    }

    /** Sends SIGKILL to the group, and to what has left it. */
    synchronized void kill() {
        if (state != State.OVER) {
            state = State.ENDING;
            findEscaped().signal(Signal.KILL);
            identity.child().signalGroup(Signal.KILL);
            deadlines.add(timer.after(UNKILLABLE, this::finish));
        }
    }

    /** Lets the processes be: somebody else watches them from now on. */
    synchronized void release() {
        state = State.OVER;
        deadlines.forEach(Registration::close);
        deadlines.clear();
        poll.close();
        readyLimit.close();
        waiting.close();
        if (escaped != null) {
            escaped.close();
        }
    }

    /** Only as long as the group is there can be told who descends from it. */
    private synchronized Escaped findEscaped() {
        if (escaped == null) {
            escaped = identity.child().escaped();
        }
        return escaped;
    }

    /** Returns whether anything of it is left. What has left the group is told to stop when the group has ended. */
    private synchronized boolean isAnythingLeft() {
        if (identity.child().isGroupAlive()) {
            return true;
        }
        if (escaped != null && !escapedTold) {
            escapedTold = true;
            escaped.signal(Signal.TERM);
        }
        return escaped != null && escaped.isAlive();
    }

    private void killOutlived() {
        if (!isOver() && isAnythingLeft()) {
            watcher.outlived(this);
            kill();
        }
    }

    private void awaitGroup(Duration grace) {
        if (!isAnythingLeft()) {
            finish();
            return;
        }
        synchronized (this) {
            if (state == State.UP) {
                end(grace);
            }
            if (state != State.OVER) {
                poll = timer.after(POLL, () -> awaitGroup(grace));
            }
        }
    }

    private void finish() {
        synchronized (this) {
            if (state == State.OVER) {
                return;
            }
            release();
        }
        gone.complete(null);
    }

    private synchronized boolean isOver() {
        return state == State.OVER;
    }
}
