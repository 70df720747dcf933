package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.tck.ServerProgram;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An artifact far larger than the memory of the agent. */
@Tag("long")
@Timeout(240)
class LargeArtifactIT {
    private static final int MEGABYTE = 1 << 20;
    private static final int MEGABYTES = Boolean.getBoolean("dewy.long") ? 1_024 : 128;
    private static final long FREE = 4L * MEGABYTES * MEGABYTE;

    @TempDir
    Path folder;

    @Test
    void deploysFarMoreThanTheHeapHolds() throws Exception {
        ServerProgram.require(
                Files.getFileStore(folder).getUsableSpace() > FREE, "it needs " + FREE + " bytes of free space");
        Registry registry = Registry.in(folder.resolve("registry"));
        Path release = Files.createDirectories(registry.folder().resolve("v1.0.0"));
        Path part = release.resolve("app.tar.part");
        writeTar(part);
        Files.move(part, release.resolve("app.tar"));
        try (AgentProcess agent = AgentProcess.start(
                folder,
                List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"),
                "assets",
                "--registry",
                registry.url(),
                "-f",
                "json",
                "-d",
                folder.resolve("app").toString())) {
            agent.await("its deployment", Duration.ofMinutes(3), record -> "Deployment completed"
                    .equals(record.get("msg")));
            assertThat(Files.size(folder.resolve("app/current/large.bin"))).isEqualTo((long) MEGABYTES * MEGABYTE);
        }
    }

    private static void writeTar(Path file) throws IOException {
        byte[] block = new byte[MEGABYTE];
        new Random(1).nextBytes(block);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), MEGABYTE);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            TarArchiveEntry entry = new TarArchiveEntry("large.bin");
            entry.setSize((long) MEGABYTES * MEGABYTE);
            tar.putArchiveEntry(entry);
            for (int i = 0; i < MEGABYTES; i++) {
                tar.write(block);
            }
            tar.closeArchiveEntry();
        }
    }
}
