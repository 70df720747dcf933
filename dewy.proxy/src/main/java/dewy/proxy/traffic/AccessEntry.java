package dewy.proxy.traffic;

import java.time.Duration;
import java.time.Instant;

/**
 * A request that was answered, or could not be; a connection where requests are not told apart.
 *
 * @param began when it was there
 * @param client the address of the client
 * @param request its first line; empty where there was none
 * @param host whom it was for; empty where that was not said
 * @param status of the answer; of a connection 200, or 502 or 503 where no backend was found for it
 * @param bytes of the body of the answer, as they were sent
 * @param duration until all of the answer was written
 * @param backend the id of who answered; empty if that was the proxy itself
 * @param version the version of the release that it runs; empty if it is not known
 * @param app whose it was; empty if it is not known
 */
public record AccessEntry(
        Instant began,
        String client,
        String request,
        String host,
        int status,
        long bytes,
        Duration duration,
        String backend,
        String version,
        String app) {}
