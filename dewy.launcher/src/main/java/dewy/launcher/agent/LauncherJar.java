package dewy.launcher.agent;

import dewy.api.InvalidException;
import dewy.launcher.bundle.BundleIndex;
import dewy.launcher.bundle.IndexedBundle;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * The jar that this program was started from, with the bundles inside it. As long as it is open it stays the same, though
 * another one takes its place. Safe for use by several threads.
 */
public final class LauncherJar implements AutoCloseable {
    private static final String FOLDER = BundleIndex.FOLDER;

    private final JarFile jar;

    private LauncherJar(JarFile jar) {
        this.jar = jar;
    }

    /** Opens the jar that this program was started from. */
    public static LauncherJar open() throws IOException {
        try {
            return open(Path.of(LauncherJar.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()));
        } catch (URISyntaxException e) {
            throw new IOException("the launcher does not run from a jar", e);
        }
    }

    static LauncherJar open(Path path) throws IOException {
        return new LauncherJar(new JarFile(path.toFile(), false));
    }

    /** Returns its manifest. */
    public Manifest manifest() throws IOException {
        return jar.getManifest();
    }

    /** Returns a value of the main section of its manifest. */
    public String header(String name) throws IOException {
        String value = manifest().getMainAttributes().getValue(name);
        return value == null ? "" : value;
    }

    /**
     * Returns what is known of the bundles inside.
     *
     * @throws InvalidException if the jar is damaged
     */
    public BundleIndex index() throws IOException, InvalidException {
        try (InputStream in = jar.getInputStream(entry(BundleIndex.PATH))) {
            return BundleIndex.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /**
     * Returns a bundle as a file in a folder. It is copied there once: its name holds its checksum, so a file that is there
     * with the right length is the right one.
     */
    public synchronized Path extract(IndexedBundle bundle, Path folder) throws IOException {
        Path file = folder.resolve(fileName(bundle));
        JarEntry entry = entry(FOLDER + bundle.file());
        if (Files.isRegularFile(file) && Files.size(file) == entry.getSize()) {
            return file;
        }
        Files.createDirectories(folder);
        Path part = folder.resolve(bundle.file() + ".part");
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        }
        return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes from a folder what is none of some bundles: what another version left. */
    public void removeOthers(Collection<IndexedBundle> bundles, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Set<String> kept = new HashSet<>();
        for (IndexedBundle bundle : bundles) {
            if (!bundle.isOnClassPath()) {
                kept.add(fileName(bundle));
            }
        }
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (!kept.contains(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Returns what is at a place in the jar. */
    Optional<JarEntry> find(String path) {
        return Optional.ofNullable(jar.getJarEntry(path));
    }

    InputStream read(JarEntry entry) throws IOException {
        return jar.getInputStream(entry);
    }

    private String fileName(IndexedBundle bundle) throws IOException {
        String name = bundle.file().replaceFirst("\\.jar$", "");
        int checksum = (int) entry(FOLDER + bundle.file()).getCrc();
        return name + "-" + HexFormat.of().toHexDigits(checksum) + ".jar";
    }

    JarEntry entry(String name) throws IOException {
        return find(name).orElseThrow(() -> new NoSuchFileException(jar.getName(), null, "it holds no " + name));
    }

    @Override
    public void close() throws IOException {
        jar.close();
    }
}
