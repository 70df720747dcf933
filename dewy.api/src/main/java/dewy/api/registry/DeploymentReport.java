package dewy.api.registry;

import dewy.api.release.Deliverable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * What became of a release on this host.
 *
 * @param deliverable what was deployed
 * @param host the name of this host
 * @param command how it runs: {@code server}, {@code assets} or {@code container}
 * @param at when the deployment ended
 * @param error why it failed; empty when it succeeded
 */
public record DeploymentReport(
        Deliverable deliverable, String host, String command, Instant at, Optional<String> error) {
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int LONGEST_HOST = 150;

    /** Returns the name of the file that a registry that holds files keeps of it: where, how and when. */
    public String fileName() {
        String name = host.replaceAll("[^A-Za-z0-9._-]", "-");
        String shortened = name.substring(0, Math.min(LONGEST_HOST, name.length()));
        return FileRole.REPORT_PREFIX + shortened + "_" + command + "_at_" + UTC.format(at) + ".txt";
    }
}
