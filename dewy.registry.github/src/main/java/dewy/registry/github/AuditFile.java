package dewy.registry.github;

import dewy.api.registry.DeploymentReport;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * What a deployment leaves at its release.
 *
 * @param name says where, how and when
 * @param content one line; GitHub takes no empty files
 */
record AuditFile(String name, String content) {
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int LONGEST_HOST = 150;

    static AuditFile of(DeploymentReport report) {
        String host = report.host().replaceAll("[^A-Za-z0-9._-]", "-");
        String shortened = host.substring(0, Math.min(LONGEST_HOST, host.length()));
        String name =
                Asset.AUDIT_PREFIX + shortened + "_" + report.command() + "_at_" + UTC.format(report.at()) + ".txt";
        String content = report.deliverable().release().tag() + " "
                + report.deliverable().artifact().name() + "\n";
        return new AuditFile(name, content);
    }
}
