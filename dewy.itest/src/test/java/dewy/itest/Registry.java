package dewy.itest;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A folder of releases, to which tests publish as a person or a build would. */
record Registry(Path folder) {
    static Registry in(Path folder) throws IOException {
        return new Registry(Files.createDirectories(folder));
    }

    /** What is published is complete at once, so that nobody has to see whether it still changes. */
    String url() {
        return "file://" + folder + "?settle=10ms";
    }

    /** Publishes a release of the test server. */
    Path publishServer(String version) throws IOException {
        return publishScript(version, resource("apps/server.py"));
    }

    /** Publishes a release whose {@code app} is a script. */
    Path publishScript(String version, String script) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("app", script);
        files.put("VERSION", version + "\n");
        return publish(version, files);
    }

    /** Publishes a release of these files, complete at once; those without a dot in their name are executable. */
    Path publish(String version, Map<String, String> files) throws IOException {
        return publish(version, files, 0100755);
    }

    /** Publishes a release of these files; those without a dot in their name have that mode. */
    Path publish(String version, Map<String, String> files, int mode) throws IOException {
        Path release = Files.createDirectories(folder.resolve(version));
        Path whole = release.resolve("app.tar.gz");
        Path part = release.resolve(".app.part");
        writeArchive(part, files, mode);
        return Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
    }

    static void writeArchive(Path file, Map<String, String> files) throws IOException {
        writeArchive(file, files, 0100755);
    }

    private static void writeArchive(Path file, Map<String, String> files, int mode) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar =
                        new TarArchiveOutputStream(new GZIPOutputStream(new BufferedOutputStream(out)))) {
            for (Map.Entry<String, String> content : files.entrySet()) {
                byte[] bytes = content.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(content.getKey());
                entry.setSize(bytes.length);
                entry.setMode(content.getKey().contains(".") ? 0100644 : mode);
                tar.putArchiveEntry(entry);
                tar.write(bytes);
                tar.closeArchiveEntry();
            }
        }
    }

    static String resource(String name) {
        try (InputStream in = Registry.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new AssertionError("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
