package dewy.http;

import dewy.api.DewyException;

/** What the answers of a service mean, which tell limits and reasons each in its own way. */
@FunctionalInterface
public interface Dialect {
    /** Returns the failure that an answer means. */
    DewyException failure(Refusal refusal);

    /** Returns what to do about a redirect to where nothing is encrypted. */
    default String adviceOnPlainRedirects() {
        return "Mend the server";
    }
}
