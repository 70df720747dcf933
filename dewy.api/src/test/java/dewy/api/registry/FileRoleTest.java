package dewy.api.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FileRoleTest {
    @Test
    void whatIsDeployedAndItsSignaturesAreArtifacts() {
        assertThat(List.of(
                        "app_linux_amd64.tar.gz", "app.zip", "app", "app.tar.gz.minisig", "app.zip.sig", "sha256.zip"))
                .allSatisfy(name -> assertThat(FileRole.of(name)).isEqualTo(FileRole.ARTIFACT));
    }

    @Test
    void digestsBelongToOneArtifactOrToSeveral() {
        assertThat(List.of("app.zip.sha256", "APP.ZIP.SHA512"))
                .allSatisfy(name -> assertThat(FileRole.of(name)).isEqualTo(FileRole.CHECKSUM));
        assertThat(List.of("checksums.txt", "app_1.0.0_checksums.txt", "SHA256SUMS", "sha512sums.txt"))
                .allSatisfy(name -> assertThat(FileRole.of(name)).isEqualTo(FileRole.CHECKSUM_LIST));

        assertThat(FileRole.isChecksumOf("app.zip", "app.zip.sha512")).isTrue();
        assertThat(FileRole.isChecksumOf("app.zip", "SHA256SUMS")).isTrue();
        assertThat(FileRole.isChecksumOf("app.zip", "other.zip.sha256")).isFalse();
        assertThat(FileRole.isChecksumOf("app.zip", "app.zip.minisig")).isFalse();
    }

    @Test
    void nothingElseMakesAReleaseAnotherOne() {
        assertThat(List.of(
                        "",
                        ".app.zip",
                        "app.zip.part",
                        "app.tmp",
                        "app.zip.asc",
                        "checksums.txt.asc",
                        "Shipped_to_h.txt"))
                .allSatisfy(name -> assertThat(FileRole.of(name)).isEqualTo(FileRole.OTHER));
    }

    @Test
    void aReportIsNamedByWhereHowAndWhenAndIsNoArtifact() {
        assertThat(report("web 1/ü").fileName()).isEqualTo("shipped_to_web-1--_server_at_20260102T030405Z.txt");
        assertThat(report("h".repeat(1_000)).fileName()).hasSizeLessThan(200);
        assertThat(FileRole.of(report("h").fileName())).isEqualTo(FileRole.OTHER);
    }

    @Test
    void archivesAreKnownByTheirEndings() {
        assertThat(List.of("a.zip", "A.TGZ", "a.tar", "a.tar.zst", "a.1.tar.bz2"))
                .allMatch(FileRole::isArchive);
        assertThat(List.of("a", ".zip", ".a.zip", "a.gz", "a.zip.sha256")).noneMatch(FileRole::isArchive);
    }

    private static DeploymentReport report(String host) {
        Artifact artifact = Artifact.archive("app.zip", "app.zip");
        Release release = new Release("v1.0.0", Optional.empty(), List.of(artifact));
        Instant at = Instant.parse("2026-01-02T03:04:05.678Z");
        return new DeploymentReport(new Deliverable(release, artifact), host, "server", at, Optional.empty());
    }
}
