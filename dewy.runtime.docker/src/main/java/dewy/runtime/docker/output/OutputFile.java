package dewy.runtime.docker.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A file that lines are appended to. When it is full, it is kept as {@code <file>.1}, and begun anew. Safe for use by several threads. */
final class OutputFile implements AutoCloseable {
    private final Path file;
    private final long limit;
    private Optional<FileChannel> open = Optional.empty();
    private long size;

    /** @param limit the size in bytes from which it is full */
    OutputFile(Path file, long limit) {
        this.file = file;
        this.limit = limit;
    }

    synchronized void append(String line) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
        FileChannel channel = channel();
        while (bytes.hasRemaining()) {
            size += channel.write(bytes);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (open.isPresent()) {
            open.get().close();
            open = Optional.empty();
        }
    }

    private FileChannel channel() throws IOException {
        if (open.isPresent() && size >= limit) {
            close();
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (open.isEmpty()) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            open = Optional.of(channel);
            size = channel.size();
        }
        return open.get();
    }
}
