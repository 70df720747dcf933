package dewy.registry.gcs;

import dewy.api.Call;
import dewy.http.Response;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of GCS, for the HTTP transport below the SDK: the SDK asks it on the thread that it was asked on itself, and
 * hands nothing else on.
 */
final class Errand {
    private static final ThreadLocal<@Nullable Errand> CURRENT = new ThreadLocal<>();

    /** What is done on the way. */
    interface Work<T> {
        T run() throws IOException;
    }

    private final Call call;
    private final String tried;
    private final String on;
    private Optional<Response> answer = Optional.empty();

    /**
     * Describes it.
     *
     * @param tried what it is for, as a verb phrase that follows "cannot"
     * @param on what it is about, for people
     */
    Errand(Call call, String tried, String on) {
        this.call = call;
        this.tried = tried;
        this.on = on;
    }

    /** Returns the one that this thread is on. */
    static Errand current() {
        Errand current = CURRENT.get();
        if (current == null) {
            throw new IllegalStateException("GCS is asked by Bucket alone");
        }
        return current;
    }

    /** Asks, by the SDK, which looks for its parts with the class loader of the thread. */
    <T> T run(Work<T> question) throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Errand.class.getClassLoader());
        CURRENT.set(this);
        try {
            return question.run();
        } finally {
            CURRENT.remove();
            thread.setContextClassLoader(before);
        }
    }

    Call call() {
        return call;
    }

    String tried() {
        return tried;
    }

    String on() {
        return on;
    }

    void answered(Response response) {
        answer = Optional.of(response);
    }

    /** Returns the last answer that came, if one did. */
    Optional<Response> answer() {
        return answer;
    }
}
