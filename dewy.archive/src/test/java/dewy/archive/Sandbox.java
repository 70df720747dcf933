package dewy.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.CancellableCall;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.archive.disk.TreeDeletion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder to unpack to, in the midst of files that no archive may touch. Whatever is unpacked, these must be as they
 * were afterwards.
 */
final class Sandbox {
    private final Path world;
    private final Path archives;
    private final Path folder;

    Sandbox(Path temporary) throws IOException {
        world = Files.createDirectory(temporary.resolve("world"));
        archives = Files.createDirectory(temporary.resolve("archives"));
        folder = world.resolve("releases/release");
        Files.createDirectories(folder.resolveSibling("other"));
        Files.writeString(world.resolve("secret"), "secret");
        Files.writeString(folder.resolveSibling("other/secret"), "secret");
    }

    static CancellableCall call() {
        return CancellableCall.of("test", Duration.ofMinutes(2));
    }

    Path folder() {
        return folder;
    }

    Path world() {
        return world;
    }

    Path unpack(String name, byte[] archive) throws DewyException {
        return unpack(name, archive, ExtractionLimits.DEFAULT);
    }

    Path unpack(String name, byte[] archive, ExtractionLimits limits) throws DewyException {
        return unpack(name, written(archive), limits);
    }

    Path unpack(String name, Path archive, ExtractionLimits limits) throws DewyException {
        Map<String, String> before = surroundings();
        TreeDeletion.delete(folder);
        try {
            Files.createDirectory(folder);
            new ArchiveExtractor().extract(call(), archive, name, folder, limits);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } finally {
            assertThat(surroundings()).isEqualTo(before);
        }
        return folder;
    }

    /** Unpacks what must be refused for {@code reason}, and deletes what it left. */
    CorruptException refuses(String name, byte[] archive, String reason) throws DewyException {
        return refuses(name, archive, ExtractionLimits.DEFAULT, reason);
    }

    CorruptException refuses(String name, byte[] archive, ExtractionLimits limits, String reason) throws DewyException {
        Map<String, String> before = surroundings();
        CorruptException refused = catchThrowableOfType(CorruptException.class, () -> unpack(name, archive, limits));
        assertThat(refused).as("%s refused because it %s", name, reason).isNotNull();
        assertThat(refused)
                .hasMessageStartingWith("Cannot unpack " + name + ": ")
                .hasMessageContaining(reason);
        TreeDeletion.delete(folder);
        assertThat(folder).doesNotExist();
        assertThat(surroundings()).isEqualTo(before);
        return refused;
    }

    Path written(byte[] archive) {
        try {
            return Files.write(archives.resolve("archive"), archive);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Everything in the world but the folder: path, kind, mode, time and content. */
    private Map<String, String> surroundings() {
        try (Stream<Path> paths = Files.walk(world)) {
            Map<String, String> found = new TreeMap<>();
            for (Path path : (Iterable<Path>) paths.filter(each -> !each.startsWith(folder))::iterator) {
                found.put(world.relativize(path).toString(), described(path));
            }
            return found;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private String described(Path path) throws IOException {
        PosixFileAttributes is = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String content = is.isRegularFile() ? Files.readString(path) : "";
        // The folder itself comes and goes, which changes the time of the directory it is in.
        String time =
                path.equals(folder.getParent()) ? "" : is.lastModifiedTime().toString();
        return is.permissions() + " " + is.isDirectory() + is.isSymbolicLink() + " " + time + " " + content;
    }
}
