package dewy.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JarCompressionTest {
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);
    private static final List<String> SELDOM = List.of(
            "linux/amd64/libzstd.so",
            "darwin/aarch64/libzstd.dylib",
            "com/sun/jna/linux-x86-64/libjnidispatch.so",
            "com/github/luben/zstd/Zstd.class",
            "org/tukaani/xz/XZInputStream.class",
            "org/apache/commons/compress/archivers/zip/ZipFile.class",
            "com/fasterxml/jackson/annotation/JsonProperty.class",
            "com/fasterxml/jackson/databind/ObjectMapper.class");
    private static final List<String> READ = List.of(
            "META-INF/",
            "META-INF/MANIFEST.MF",
            "dewy/launcher/Main.class",
            "com/sun/jna/Native.class",
            "com/sun/jna/ptr/IntByReference.class",
            "com/fasterxml/jackson/core/JsonFactory.class",
            "org/apache/felix/framework/Felix.class");
    private static final List<String> NAMES =
            Stream.concat(READ.stream(), SELDOM.stream()).toList();

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
                    .containsExactlyElementsOf(SELDOM);
            for (String name : NAMES.subList(1, NAMES.size())) {
                byte[] bytes =
                        compressed.getInputStream(compressed.getEntry(name)).readAllBytes();
                assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(content(name));
            }
        }
    }

    @Test
    void leavesNothingBehindWhenItFails() throws IOException {
        Path noJar = Files.writeString(folder.resolve("launcher.jar"), "no jar");

        assertThatThrownBy(() -> JarCompression.compress(noJar)).isInstanceOf(IOException.class);

        Path torn = jar();
        byte[] bytes = Files.readAllBytes(torn);
        Arrays.fill(bytes, 200, 260, (byte) 7);
        Files.write(torn, bytes);
        assertThatThrownBy(() -> JarCompression.compress(torn)).isInstanceOf(IOException.class);
        assertThat(folder).isDirectoryNotContaining(file -> !file.equals(torn));
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
