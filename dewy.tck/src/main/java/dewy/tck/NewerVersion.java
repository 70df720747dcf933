package dewy.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/** Copies a bundle under a newer version. */
final class NewerVersion {
    private NewerVersion() {}

    static Path of(Path bundle, int by, Path copy) throws IOException {
        try (JarFile jar = new JarFile(bundle.toFile())) {
            Manifest manifest = new Manifest(jar.getManifest());
            Version version = Version.parseVersion(manifest.getMainAttributes().getValue(Constants.BUNDLE_VERSION));
            Version newer = new Version(version.getMajor(), version.getMinor(), version.getMicro() + by);
            manifest.getMainAttributes().putValue(Constants.BUNDLE_VERSION, newer.toString());
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
                copyFiles(jar, out);
            }
        }
        return copy;
    }

    private static void copyFiles(JarFile from, JarOutputStream to) throws IOException {
        Enumeration<JarEntry> entries = from.entries();
        while (entries.hasMoreElements()) {
            JarEntry entry = entries.nextElement();
            if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                to.putNextEntry(new JarEntry(entry.getName()));
                from.getInputStream(entry).transferTo(to);
                to.closeEntry();
            }
        }
    }
}
