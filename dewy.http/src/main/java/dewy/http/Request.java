package dewy.http;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Something to ask a server.
 *
 * @param tried what it is for, as a verb phrase that follows "cannot"
 * @param on what it is about, for people
 * @param method {@code GET}, {@code HEAD}, {@code POST} and the like
 * @param uri where to ask
 * @param headers further headers; credentials are not among them
 * @param body what to send, if anything
 */
public record Request(
        String tried, String on, String method, URI uri, Map<String, String> headers, Optional<byte[]> body) {
    /** Returns a request that is about its address. */
    public static Request get(String tried, URI uri) {
        return get(tried, uri.toString(), uri);
    }

    public static Request get(String tried, String on, URI uri) {
        return new Request(tried, on, "GET", uri, Map.of(), Optional.empty());
    }

    /** Returns a request that is about its address. */
    public static Request head(String tried, URI uri) {
        return new Request(tried, uri.toString(), "HEAD", uri, Map.of(), Optional.empty());
    }

    public static Request post(String tried, String on, URI uri, byte[] body) {
        return new Request(tried, on, "POST", uri, Map.of(), Optional.of(body));
    }

    public Request with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Request(tried, on, method, uri, more, body);
    }

    /** Returns the same with another address. */
    Request at(URI other) {
        return new Request(tried, on, method, other, headers, body);
    }

    /** Returns whether it changes nothing, so that it may be made again (RFC 9110, section 9.2.1). */
    boolean isSafe() {
        return method.equals("GET") || method.equals("HEAD");
    }

    /** Returns what people must know of one that was sent and not answered. */
    String fate() {
        return isSafe() ? "" : "Whether it arrived is not known";
    }
}
