package dewy.itest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The jar of one of our plugins under another version. */
final class PluginCopy {
    private PluginCopy() {}

    static Path of(String plugin, String version, Path folder) throws IOException {
        return of(plugin, version, folder, Map.of());
    }

    /** Returns a copy with more headers in its manifest. */
    static Path of(String plugin, String version, Path folder, Map<String, String> headers) throws IOException {
        Path from = Path.of(System.getProperty("dewy.root"), plugin, "target", plugin + "-0.1.0-SNAPSHOT.jar");
        Path to = folder.resolve(plugin + "-" + version + ".jar");
        try (JarFile jar = new JarFile(from.toFile());
                OutputStream file = Files.newOutputStream(to)) {
            Manifest manifest = new Manifest(jar.getManifest());
            manifest.getMainAttributes().putValue("Bundle-Version", version);
            headers.forEach(manifest.getMainAttributes()::putValue);
            try (JarOutputStream out = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : jar.stream().toList()) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        try (InputStream in = jar.getInputStream(entry)) {
                            in.transferTo(out);
                        }
                    }
                }
            }
        }
        return to;
    }
}
