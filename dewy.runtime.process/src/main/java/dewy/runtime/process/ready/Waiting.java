package dewy.runtime.process.ready;

import java.util.Map;

/** The wait for one generation to become ready. Safe for use by several threads. */
public interface Waiting extends AutoCloseable {
    /** Is told what is found out, on any thread, without a lock held. */
    interface Observer {
        /** The server is ready; told once at most. */
        void ready();

        /** The server said how it is doing, in one line; also told once it is ready. */
        void told(String status);

        /** The server was asked, and answered otherwise than before, so that it is not ready yet: in a few words, with its address. */
        default void answered(String answer) {}
    }

    /** Returns what the server is to find in its environment. */
    Map<String, String> environment();

    /**
     * Begins, when the server is launched.
     *
     * @param leader the process id of the leader of its process group
     */
    void begin(long leader, Observer observer);

    /** Returns what is missing yet, such as {@code http://localhost:9000/health answered 503}. */
    String missing();

    /** Ends it, and releases what it holds, without blocking. */
    @Override
    void close();

    /** Returns the wait for a generation of which nothing is to be learnt any more. */
    static Waiting over() {
        return new Waiting() {
            @Override
            public Map<String, String> environment() {
                return Map.of();
            }

            @Override
            public void begin(long leader, Observer observer) {}

            @Override
            public String missing() {
                return "";
            }

            @Override
            public void close() {}
        };
    }
}
