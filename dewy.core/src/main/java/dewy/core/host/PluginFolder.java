package dewy.core.host;

import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.core.journal.WholeFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;

/**
 * The folder {@code plugins} of the agent home: jars that people put there, and the names of those that are disabled. What is
 * installed are copies, so that a file may be overwritten while its bundle is in use. Safe for use by several threads.
 */
final class PluginFolder {
    private static final String COPIES = ".in-use";
    private static final String DISABLED = "disabled";

    private final Path folder;
    private final AtomicInteger copies = new AtomicInteger();
    private final Map<Path, Stamp> known = new ConcurrentHashMap<>();

    /** What a file that was changed has another of. */
    record Stamp(long size, long modified, String key) {}

    PluginFolder(Path folder) {
        this.folder = folder;
    }

    Path path() {
        return folder;
    }

    /** Returns the jars in it, by name. */
    List<Path> jars() throws StorageException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw failure("look into", folder, e);
        }
    }

    /** Removes the copies that an earlier agent made. */
    void clean() {
        try (var files = Files.list(folder.resolve(COPIES))) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // There are none; or they are removed another time.
        }
    }

    /** Returns a copy that nobody else changes, to be installed. */
    Path copy(Path jar) throws StorageException {
        Path copy = newCopy();
        try {
            return Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failure("copy", jar, e);
        }
    }

    /** Returns where a copy can be written. */
    Path newCopy() throws StorageException {
        Path all = folder.resolve(COPIES);
        try {
            return Files.createDirectories(all).resolve(copies.incrementAndGet() + ".jar");
        } catch (IOException e) {
            throw failure("make", all, e);
        }
    }

    /** Keeps a copy under a name, also for the agents to come. */
    void keep(Path copy, String name) throws StorageException {
        Path kept = folder.resolve(name);
        write(copy, kept);
        note(kept);
    }

    /** Writes what is in one file into another one, whole or not at all; when this returns it survives a power cut. */
    void write(Path from, Path to) throws StorageException {
        Path part = to.resolveSibling(to.getFileName() + ".part");
        try {
            Files.createDirectories(Objects.requireNonNull(to.getParent()));
            Files.copy(from, part, StandardCopyOption.REPLACE_EXISTING);
            force(part);
            Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
            WholeFile.syncFolder(to);
        } catch (IOException e) {
            delete(part);
            throw failure("keep", to, e);
        }
    }

    /** Returns the jars that were taken in, whether they are still there or not. */
    Set<Path> known() {
        return known.keySet();
    }

    Stamp stamp(Path jar) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
        return new Stamp(
                attributes.size(), attributes.lastModifiedTime().toMillis(), String.valueOf(attributes.fileKey()));
    }

    boolean isNew(Path jar, Stamp stamp) {
        return !stamp.equals(known.get(jar));
    }

    /** Notes that a jar was taken in as it is. */
    void note(Path jar, Stamp stamp) {
        known.put(jar, stamp);
    }

    /** Notes that a jar was taken in as it is now. */
    void note(Path jar) throws StorageException {
        try {
            note(jar, stamp(jar));
        } catch (IOException e) {
            throw failure("look at", jar, e);
        }
    }

    void forget(Path jar) {
        known.remove(jar);
    }

    /** Returns the copy that a bundle was installed from, if it was. */
    Optional<Path> copyOf(Bundle bundle) {
        String location = bundle.getLocation();
        String all = "reference:" + folder.resolve(COPIES).toUri();
        return location.startsWith(all)
                ? Optional.of(folder.resolve(COPIES)
                        .resolve(location.substring(all.length()).replaceFirst("^/", "")))
                : Optional.empty();
    }

    /** Removes a jar that is not needed any more. */
    void remove(Path jar) {
        forget(jar);
        delete(jar);
    }

    /** Removes a copy. */
    void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It is a copy, which is removed when the next agent starts.
        }
    }

    boolean isDisabled(String name) {
        return disabled().contains(name);
    }

    /** Returns the symbolic names that are not to be used. */
    Set<String> disabled() {
        try {
            return new TreeSet<>(Files.readAllLines(folder.resolve(DISABLED), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Set.of();
        }
    }

    /** Notes that a name is not to be used, or is again. */
    synchronized void disable(String name, boolean disable) throws StorageException {
        Set<String> names = new TreeSet<>(disabled());
        boolean changed = disable ? names.add(name) : names.remove(name);
        Path file = folder.resolve(DISABLED);
        try {
            if (changed) {
                Files.createDirectories(folder);
                String lines = names.stream().map(each -> each + "\n").collect(Collectors.joining());
                WholeFile.replace(file, lines.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw failure("note in", file, e);
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static StorageException failure(String tried, Path on, IOException e) {
        return new StorageException(
                Problem.of(
                        tried,
                        on,
                        StorageException.reason(e),
                        "Check that the agent may read and write there, and the free space"),
                e);
    }
}
