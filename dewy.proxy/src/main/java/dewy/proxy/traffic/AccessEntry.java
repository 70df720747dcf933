package dewy.proxy.traffic;

import java.time.Duration;
import java.time.Instant;

/**
 * A request that was answered, or could not be.
 *
 * @param began when it was there
 * @param client the address of the client
 * @param request its first line
 * @param host whom it was for
 * @param status of the answer
 * @param bytes of the body of the answer, as they were sent
 * @param duration until all of the answer was written
 * @param backend the id of who answered; empty if that was the proxy itself
 * @param version the version of the release that it runs; empty if it is not known
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
        String version) {}
