package dewy.proxy.caddy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What passed since the proxy was started first. Caddy counts, and newer ones begin anew with each configuration: so what they
 * counted is read before each, and kept. Immutable.
 *
 * @param requests what is over
 * @param failed what of it could not be served
 * @param before what Caddy had counted when it was read last
 */
record Tally(long requests, long failed, Count before) {
    static final Tally NONE = new Tally(0, 0, Count.NONE);

    /** Servers of clients have this before their number, and those for what is tried again have the other. */
    static final String CLIENTS = "clients-";

    static final String AGAIN = "again-";

    /**
     * What Caddy has counted.
     *
     * @param answered requests that were answered at once
     * @param errors those that were not
     * @param again those of them that were answered by a second try
     */
    record Count(long answered, long errors, long again) {
        static final Count NONE = new Count(0, 0, 0);

        private static final Pattern ANSWERED =
                Pattern.compile("(?m)^caddy_http_request_duration_seconds_count\\{(.*?)} ([0-9.e+]+)$");
        private static final Pattern ERRORS =
                Pattern.compile("(?m)^caddy_http_request_errors_total\\{(.*?)} ([0-9.e+]+)$");

        /** Reads what Caddy tells in the text format of Prometheus. */
        static Count parse(String metrics) {
            return new Count(
                    sum(ANSWERED, CLIENTS, metrics), sum(ERRORS, CLIENTS, metrics), sum(ANSWERED, AGAIN, metrics));
        }

        private static long sum(Pattern metric, String servers, String metrics) {
            long sum = 0;
            for (Matcher one = metric.matcher(metrics); one.find(); ) {
                boolean counts = one.group(1).contains("server=\"" + servers)
                        && one.group(1).contains("handler=\"reverse_proxy\"");
                sum += counts ? (long) Double.parseDouble(one.group(2)) : 0;
            }
            return sum;
        }

        private Count since(Count earlier) {
            boolean anew = answered < earlier.answered || errors < earlier.errors || again < earlier.again;
            return anew ? this : new Count(answered - earlier.answered, errors - earlier.errors, again - earlier.again);
        }
    }

    /** Returns the tally once Caddy has counted so much. */
    Tally at(Count now) {
        Count more = now.since(before);
        return new Tally(
                requests + more.answered() + more.errors(), failed + Math.max(0, more.errors() - more.again()), now);
    }

    /** Returns the tally of a Caddy that begins to count. */
    Tally anew() {
        return new Tally(requests, failed, Count.NONE);
    }

    void write(ObjectNode json) {
        json.put("requests", requests)
                .put("failed", failed)
                .put("answered", before.answered())
                .put("errors", before.errors())
                .put("again", before.again());
    }

    static Tally of(JsonNode json) {
        return new Tally(
                json.path("requests").asLong(),
                json.path("failed").asLong(),
                new Count(
                        json.path("answered").asLong(),
                        json.path("errors").asLong(),
                        json.path("again").asLong()));
    }
}
