package dewy.registry.github;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Something to ask GitHub.
 *
 * @param tried what it is for, as a verb phrase that follows "cannot"
 * @param on what it is about
 * @param uri where to ask
 * @param headers further headers; credentials are not among them
 * @param body what to send; a request without is a GET, with one a POST
 */
record ApiRequest(String tried, String on, URI uri, Map<String, String> headers, Optional<byte[]> body) {
    private static final Map<String, String> JSON = Map.of("Accept", "application/vnd.github+json");

    static ApiRequest get(String tried, String on, URI uri) {
        return new ApiRequest(tried, on, uri, JSON, Optional.empty());
    }

    static ApiRequest post(String tried, String on, URI uri, byte[] body) {
        return new ApiRequest(tried, on, uri, JSON, Optional.of(body));
    }

    ApiRequest with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new ApiRequest(tried, on, uri, more, body);
    }

    String method() {
        return body.isPresent() ? "POST" : "GET";
    }
}
