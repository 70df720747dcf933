package dewy.launcher.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Publishes releases of the demonstration's server to a folder. */
record DemoReleases(Path folder) {
    private static final String SERVER_CLASS = "dewy/launcher/demo/DemoServer.class";

    void publish(String version) throws IOException {
        Path release = Files.createDirectories(folder.resolve(version));
        Path part = release.resolve(".server.zip.part");
        try (OutputStream out = Files.newOutputStream(part);
                ZipOutputStream zip = new ZipOutputStream(out);
                InputStream server = DemoReleases.class.getClassLoader().getResourceAsStream(SERVER_CLASS)) {
            if (server == null) {
                throw new IOException("the launcher lacks " + SERVER_CLASS);
            }
            zip.putNextEntry(new ZipEntry(SERVER_CLASS));
            server.transferTo(zip);
            zip.putNextEntry(new ZipEntry("VERSION"));
            zip.write(version.getBytes(StandardCharsets.UTF_8));
        }
        Files.move(part, release.resolve("server.zip"), StandardCopyOption.ATOMIC_MOVE);
    }
}
