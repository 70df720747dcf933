package dewy.artifact.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a server of a test says, also what none should.
 *
 * @param sent how many bytes of the body are sent before the connection is closed
 * @param hangs whether the connection then stays open, until the client or the test closes it
 */
record Answer(int status, Map<String, String> headers, ByteBuffer body, int sent, boolean hangs) {
    static Answer of(int status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = status == 304 ? Map.of() : Map.of("Content-Length", "" + bytes.length);
        return new Answer(status, headers, ByteBuffer.wrap(bytes), bytes.length, false);
    }

    static Answer redirect(String location) {
        return of(302, "").with("Location", location);
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body, sent, hangs);
    }

    Answer cutAt(int bytes) {
        return new Answer(status, headers, body, Math.min(bytes, body.limit()), hangs);
    }

    Answer hanging() {
        return new Answer(status, headers, body, sent, true);
    }
}
