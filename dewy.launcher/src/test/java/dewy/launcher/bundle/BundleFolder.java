package dewy.launcher.bundle;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A folder of bundles without code, made on the spot, as a build would put them into the launcher's jar. */
public final class BundleFolder {
    /** The capability that makes a bundle a plugin. */
    public static final String PLUGIN =
            "Provide-Capability: dewy.plugin;kind=registry;scheme:List<String>=\"tape,card\"";

    private final Path folder;

    private BundleFolder(Path folder) {
        this.folder = folder;
    }

    public static BundleFolder in(Path folder) throws IOException {
        return new BundleFolder(Files.createDirectories(folder));
    }

    public Path path() {
        return folder;
    }

    /** Adds a bundle of version 1.0.0, with more lines of its manifest. */
    public BundleFolder with(String symbolicName, String... headers) throws IOException {
        Manifest manifest = manifest(headers);
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", symbolicName);
        manifest.getMainAttributes().putValue("Bundle-Version", "1.0.0");
        try (OutputStream out = Files.newOutputStream(folder.resolve(symbolicName + ".jar"))) {
            new JarOutputStream(out, manifest).close();
        }
        return this;
    }

    /** Returns the index of the bundles, for a launcher with some lines in its manifest. */
    public BundleIndex index(String... launcher) throws Exception {
        return BundleIndexer.index(folder, manifest(launcher), folder.resolveSibling("storage"));
    }

    /** Writes a launcher's jar with the bundles and their index. */
    public Path pack(Path jar) throws Exception {
        Path part = jar.resolveSibling("part");
        BundleIndex index = index();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(part), manifest())) {
            out.putNextEntry(new JarEntry(BundleIndex.PATH));
            out.write(index.text().getBytes(StandardCharsets.UTF_8));
            for (IndexedBundle bundle : index.bundles()) {
                out.putNextEntry(new JarEntry("bundles/" + bundle.file()));
                Files.copy(folder.resolve(bundle.file()), out);
            }
        }
        return Files.move(part, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns a manifest with some lines. */
    public static Manifest manifest(String... headers) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (String header : headers) {
            int colon = header.indexOf(": ");
            manifest.getMainAttributes().putValue(header.substring(0, colon), header.substring(colon + 2));
        }
        return manifest;
    }
}
