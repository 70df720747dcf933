package dewy.admin;

import dewy.view.Json;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a request is answered with.
 *
 * @param status how it went
 * @param type the type of its content
 * @param content its content
 * @param headers others than every answer has
 */
@SuppressWarnings("ArrayRecordComponent") // It is written once, and compared with none.
record Answer(HttpResponseStatus status, String type, byte[] content, Map<String, String> headers) {
    static final String JSON = "application/json";

    static Answer of(Object view) {
        return json(HttpResponseStatus.OK, view, Map.of());
    }

    static Answer accepted(Object view, String location) {
        return json(HttpResponseStatus.ACCEPTED, view, Map.of("location", location));
    }

    /** Returns one that says what went wrong. */
    static Answer failure(HttpResponseStatus status, String message, Map<String, String> headers) {
        return json(status, Map.of("status", status.code(), "error", message), headers);
    }

    private static Answer json(HttpResponseStatus status, Object view, Map<String, String> headers) {
        return new Answer(status, JSON, Json.write(view).getBytes(StandardCharsets.UTF_8), headers);
    }
}
