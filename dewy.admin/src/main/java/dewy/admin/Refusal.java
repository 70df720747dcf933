package dewy.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/** A request is not done, by its own fault or for now: the message says why, and what to do. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient HttpResponseStatus status;
    private final transient Map<String, String> headers;

    Refusal(HttpResponseStatus status, String message) {
        this(status, message, Map.of());
    }

    Refusal(HttpResponseStatus status, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.headers = headers;
    }

    HttpResponseStatus status() {
        return status;
    }

    /** Returns the headers that such an answer has to have. */
    Map<String, String> headers() {
        return headers;
    }
}
