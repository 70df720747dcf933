package dewy.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JarCompressionTest {
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);
    private static final List<String> NAMES =
            List.of("META-INF/", "META-INF/MANIFEST.MF", "dewy/launcher/Main.class", "linux/amd64/libzstd.so");

    @TempDir
    Path folder;

    @Test
    void compressesNothingThatAnAgentReadsAsItStarts() throws IOException {
        Path jar = jar();

        JarCompression.compress(jar);

        try (ZipFile compressed = new ZipFile(jar.toFile())) {
            assertThat(compressed.stream()).extracting(ZipEntry::getName).containsExactlyElementsOf(NAMES);
            assertThat(compressed.stream()).extracting(ZipEntry::getTimeLocal).containsOnly(TIME);
            assertThat(compressed.stream().filter(entry -> entry.getMethod() == ZipEntry.DEFLATED))
                    .extracting(ZipEntry::getName)
                    .containsExactly("linux/amd64/libzstd.so");
            for (String name : NAMES.subList(1, NAMES.size())) {
                byte[] bytes =
                        compressed.getInputStream(compressed.getEntry(name)).readAllBytes();
                assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(content(name));
            }
        }
    }

    private Path jar() throws IOException {
        Path jar = folder.resolve("launcher.jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String name : NAMES) {
                ZipEntry entry = new ZipEntry(name);
                entry.setTimeLocal(TIME);
                out.putNextEntry(entry);
                out.write(name.endsWith("/") ? new byte[0] : content(name).getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }

    private static String content(String name) {
        return name.repeat(100);
    }
}
