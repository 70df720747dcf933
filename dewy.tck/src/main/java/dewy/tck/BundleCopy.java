package dewy.tck;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A bundle once more, of which only the manifest says something else. Its other files are copied as they lie in the jar: a
 * large bundle would take seconds to compress again.
 */
public final class BundleCopy {
    private BundleCopy() {}

    /** Returns the same bundle under a version so much newer. */
    static Path newer(Path bundle, int by, Path copy) throws IOException {
        try (JarFile jar = new JarFile(bundle.toFile())) {
            Version version =
                    Version.parseVersion(jar.getManifest().getMainAttributes().getValue(Constants.BUNDLE_VERSION));
            Version newer = new Version(version.getMajor(), version.getMinor(), version.getMicro() + by);
            return with(Map.of(Constants.BUNDLE_VERSION, newer.toString()), bundle, copy);
        }
    }

    /** Returns a copy whose manifest has other values for these headers. */
    public static Path with(Map<String, String> headers, Path bundle, Path copy) throws IOException {
        Files.copy(bundle, copy, StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem jar = FileSystems.newFileSystem(copy)) {
            Path file = jar.getPath(JarFile.MANIFEST_NAME);
            Manifest manifest;
            try (InputStream in = Files.newInputStream(file)) {
                manifest = new Manifest(in);
            }
            headers.forEach(manifest.getMainAttributes()::putValue);
            try (OutputStream out = Files.newOutputStream(file)) {
                manifest.write(out);
            }
        }
        return copy;
    }
}
