package dewy.registry.s3;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.http.Connections;
import dewy.http.Request;
import dewy.http.Response;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of S3, for the HTTP client below the SDK: the SDK asks it on the thread that it was asked on itself, and
 * hands nothing else on. Used once.
 */
final class Errand {
    private static final ThreadLocal<@Nullable Errand> CURRENT = new ThreadLocal<>();

    private final Call call;
    private final String tried;
    private final String on;
    private volatile @Nullable ClassLoader outside;
    private volatile Optional<Response> answer = Optional.empty();

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
            throw new IllegalStateException("S3 is asked by Bucket alone");
        }
        return current;
    }

    /**
     * Asks, by the SDK, which looks for its parts with the class loader of the thread. It is a thread of its own, since the
     * XML parser of the JDK keeps for each thread what it read last, and so classes of a plugin that is gone.
     */
    <T> T run(Supplier<T> question) {
        FutureTask<T> answering = new FutureTask<>(() -> {
            CURRENT.set(this);
            return question.get();
        });
        outside = Thread.currentThread().getContextClassLoader();
        Thread thread = new Thread(answering, "dewy-s3");
        thread.setDaemon(true);
        thread.setContextClassLoader(Errand.class.getClassLoader());
        thread.start();
        return result(answering);
    }

    /** Waits as long as the call lasts: it ends the request, and with it the thread. */
    private static <T> T result(FutureTask<T> answering) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answering.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Sends a request as if by whoever asked the SDK: threads that it starts keep the class loader of the one that did, and
     * some stay when the plugin is gone.
     */
    Response send(Connections connections, Request request) throws DewyException {
        Thread thread = Thread.currentThread();
        ClassLoader inside = thread.getContextClassLoader();
        thread.setContextClassLoader(outside);
        try {
            Response response = connections.send(call, request);
            answer = Optional.of(response);
            return response;
        } finally {
            thread.setContextClassLoader(inside);
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

    /** Returns the last answer that came, if one did. */
    Optional<Response> answer() {
        return answer;
    }
}
