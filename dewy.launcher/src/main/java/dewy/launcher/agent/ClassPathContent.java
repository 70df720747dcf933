package dewy.launcher.agent;

import dewy.launcher.bundle.BundleIndex;
import dewy.launcher.bundle.ClassPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.stream.Collectors;
import org.osgi.framework.connect.ConnectContent;

/** What a bundle has whose classes are on the class path of the launcher. */
public final class ClassPathContent implements ConnectContent {
    private final LauncherJar jar;
    private final String folder;
    private Optional<Set<String>> entries = Optional.empty();

    /** @param folder the file of the bundle, as its index has it */
    public ClassPathContent(LauncherJar jar, String folder) {
        this.jar = jar;
        this.folder = BundleIndex.FOLDER + folder;
    }

    @Override
    public Optional<Map<String, String>> getHeaders() {
        return Optional.empty(); // They are read from the manifest.
    }

    @Override
    public synchronized Set<String> getEntries() throws IOException {
        if (entries.isEmpty()) {
            entries = Optional.of(read());
        }
        return entries.get();
    }

    private Set<String> read() throws IOException {
        try (InputStream in = jar.read(jar.entry(folder + ClassPath.CONTENT))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    @Override
    public Optional<ConnectEntry> getEntry(String path) {
        if (ClassPath.isOfBundle(path)) {
            return jar.find(folder + path).map(entry -> new Entry(path, entry));
        }
        return has(path) ? jar.find(path).map(entry -> new Entry(path, entry)) : Optional.empty();
    }

    private boolean has(String path) {
        try {
            return getEntries().contains(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<ClassLoader> getClassLoader() {
        return Optional.ofNullable(ClassPathContent.class.getClassLoader());
    }

    @Override
    public void open() {}

    @Override
    public void close() {}

    private final class Entry implements ConnectEntry {
        private final String path;
        private final JarEntry entry;

        private Entry(String path, JarEntry entry) {
            this.path = path;
            this.entry = entry;
        }

        @Override
        public String getName() {
            return path;
        }

        @Override
        public long getContentLength() {
            return entry.getSize();
        }

        @Override
        public long getLastModified() {
            return entry.getTime();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return jar.read(entry);
        }
    }
}
