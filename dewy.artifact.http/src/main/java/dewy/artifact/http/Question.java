package dewy.artifact.http;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something to ask a web server.
 *
 * @param tried what it is for, as a verb phrase that follows "cannot"
 * @param method {@code GET} or {@code HEAD}
 * @param uri where to ask
 * @param headers further headers; credentials are not among them
 */
record Question(String tried, String method, URI uri, Map<String, String> headers) {
    static Question get(String tried, URI uri) {
        return new Question(tried, "GET", uri, Map.of());
    }

    static Question head(String tried, URI uri) {
        return new Question(tried, "HEAD", uri, Map.of());
    }

    Question with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Question(tried, method, uri, more);
    }
}
