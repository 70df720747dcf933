package dewy.posix;

import java.util.concurrent.ThreadFactory;

/** Threads that mostly wait, and keep no process from ending. */
final class Threads {
    /** Whoever waits for the end of a process is called on its thread, so it needs some room. */
    private static final int STACK = 256 << 10;

    private Threads() {}

    static ThreadFactory factory() {
        return work -> daemon("dewy-child", work);
    }

    static Thread start(String name, Runnable work) {
        Thread thread = daemon(name, work);
        thread.start();
        return thread;
    }

    static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, STACK);
        thread.setDaemon(true);
        return thread;
    }
}
