package dewy.launcher.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The jar that this program was started from, with the bundles inside it. */
public final class LauncherJar implements AutoCloseable {
    private static final String FOLDER = "bundles/";

    private final JarFile jar;

    private LauncherJar(JarFile jar) {
        this.jar = jar;
    }

    public static LauncherJar open() throws IOException {
        try {
            Path path = Path.of(LauncherJar.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return new LauncherJar(new JarFile(path.toFile(), false));
        } catch (URISyntaxException e) {
            throw new IOException("the launcher does not run from a jar", e);
        }
    }

    /** Returns a value of the main section of its manifest. */
    public String header(String name) throws IOException {
        Attributes main = jar.getManifest().getMainAttributes();
        String value = main.getValue(name);
        return value == null ? "" : value;
    }

    /**
     * Returns the bundles as files in a folder. Each is copied there once: its name holds its checksum, so a file that is
     * there with the right length is the right one, and what an earlier version left is removed.
     */
    public List<Path> extractBundles(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<Path> bundles = new ArrayList<>();
        for (JarEntry entry : Collections.list(jar.entries())) {
            if (entry.getName().startsWith(FOLDER) && entry.getName().endsWith(".jar")) {
                bundles.add(extract(entry, folder));
            }
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (!bundles.contains(file)) {
                    Files.deleteIfExists(file);
                }
            }
        }
        return bundles;
    }

    private Path extract(JarEntry entry, Path folder) throws IOException {
        String name = entry.getName().substring(FOLDER.length()).replaceFirst("\\.jar$", "");
        Path file = folder.resolve(String.format("%s-%08x.jar", name, entry.getCrc()));
        if (Files.isRegularFile(file) && Files.size(file) == entry.getSize()) {
            return file;
        }
        Path part = folder.resolve(name + ".part");
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        }
        return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        jar.close();
    }
}
