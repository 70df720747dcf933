package dewy.archive;

import dewy.api.DewyException;
import dewy.archive.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** A file that did not exist before, readable by its owner alone until it has its mode. For one thread. */
final class NewFile implements AutoCloseable {
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<StandardOpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final Path path;
    private final SeekableByteChannel channel;

    private NewFile(Path path, SeekableByteChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Creates the file; a link in its place is not followed. */
    static NewFile create(Path path) throws DewyException {
        return new NewFile(path, Disk.attempt("create", path, () -> Files.newByteChannel(path, NEW, PRIVATE)));
    }

    /** Creates the file unless something is in its place: asking first would cost more than all else that is done here. */
    static Optional<NewFile> createIfAbsent(Path path) throws DewyException {
        try {
            return Optional.of(new NewFile(path, Files.newByteChannel(path, NEW, PRIVATE)));
        } catch (FileAlreadyExistsException present) {
            return Optional.empty();
        } catch (IOException refused) {
            throw Disk.failure("create", path, refused);
        }
    }

    void write(ByteBuffer bytes) throws DewyException {
        while (bytes.hasRemaining()) {
            Disk.attempt("write", path, () -> channel.write(bytes));
        }
    }

    @Override
    public void close() throws DewyException {
        Disk.attempt("write", path, () -> {
            channel.close();
            return path;
        });
    }
}
