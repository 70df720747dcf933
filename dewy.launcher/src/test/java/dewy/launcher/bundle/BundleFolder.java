package dewy.launcher.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

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
        return with(symbolicName, Map.of(), identified(symbolicName, headers));
    }

    /** Adds a bundle of version 1.0.0 with some files, each with a text, and more lines of its manifest. */
    public BundleFolder withFiles(String symbolicName, Map<String, String> files, String... headers)
            throws IOException {
        return with(symbolicName, files, identified(symbolicName, headers));
    }

    private BundleFolder with(String symbolicName, Map<String, String> files, Manifest manifest) throws IOException {
        try (JarOutputStream out =
                new JarOutputStream(Files.newOutputStream(folder.resolve(symbolicName + ".jar")), manifest)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                out.putNextEntry(new JarEntry(file.getKey()));
                out.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return this;
    }

    private static Manifest identified(String symbolicName, String... headers) {
        Manifest manifest = manifest(headers);
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", symbolicName);
        manifest.getMainAttributes().putValue("Bundle-Version", "1.0.0");
        return manifest;
    }

    /** Returns the index of the bundles, for a launcher with some lines in its manifest. */
    public BundleIndex index(String... launcher) throws Exception {
        return BundleIndexer.index(folder, manifest(launcher), storage());
    }

    private Path storage() {
        return folder.resolveSibling("storage");
    }

    /** Puts the bundles on the class path of a launcher in whose content this is the folder of the bundles. */
    public BundleIndex place() throws Exception {
        return new ClassPath(folder.resolveSibling("")).withBase(index());
    }

    /** Writes a launcher's jar with the bundles and their index. */
    public Path pack(Path jar) throws Exception {
        Path part = jar.resolveSibling("part");
        Path content = folder.resolveSibling("");
        Files.writeString(folder.resolve("index"), place().text());
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(part), manifest());
                Stream<Path> files = Files.walk(content)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(storage()))
                    .toList()) {
                out.putNextEntry(new JarEntry(content.relativize(file).toString()));
                Files.copy(file, out);
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
