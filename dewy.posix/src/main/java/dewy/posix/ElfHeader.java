package dewy.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the header of a program says about where it runs, as elf(5) describes.
 *
 * @param machine the number of the processor it was built for
 * @param loader what loads it, where it is not complete in itself
 */
record ElfHeader(int machine, Optional<String> loader) {
    private static final int MAGIC = 0x7f454c46;
    private static final int LENGTH = 64;
    private static final int WIDE = 2;
    private static final int LITTLE = 1;
    private static final int MACHINE = 18;
    private static final int LOADER = 3;
    private static final int LONGEST_PATH = 4_096;

    /** Reads the header of a file, if it has one that makes sense. */
    static Optional<ElfHeader> of(Path file) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            ByteBuffer header = read(channel, 0, LENGTH);
            if (header.limit() < LENGTH || header.getInt(0) != MAGIC) {
                return Optional.empty();
            }
            ByteOrder order = header.get(5) == LITTLE ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            header.order(order);
            boolean wide = header.get(4) == WIDE;
            return Optional.of(new ElfHeader(header.getShort(MACHINE), loader(channel, header, wide)));
        }
    }

    private static Optional<String> loader(SeekableByteChannel channel, ByteBuffer header, boolean wide)
            throws IOException {
        long table = wide ? header.getLong(32) : header.getInt(28);
        int size = header.getShort(wide ? 54 : 42);
        int count = header.getShort(wide ? 56 : 44);
        for (int i = 0; i < count && size >= 32; i++) {
            ByteBuffer entry = read(channel, table + (long) i * size, size).order(header.order());
            if (entry.limit() < size) {
                return Optional.empty();
            }
            if (entry.getInt(0) == LOADER) {
                long offset = wide ? entry.getLong(8) : entry.getInt(4);
                long length = wide ? entry.getLong(32) : entry.getInt(16);
                return path(channel, offset, length);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> path(SeekableByteChannel channel, long offset, long length) throws IOException {
        if (length <= 1 || length > LONGEST_PATH) {
            return Optional.empty();
        }
        ByteBuffer bytes = read(channel, offset, (int) length);
        String text = StandardCharsets.UTF_8.decode(bytes).toString();
        return Optional.of(text.split("\0", 2)[0]).filter(path -> path.startsWith("/"));
    }

    private static ByteBuffer read(SeekableByteChannel channel, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        if (from >= 0) {
            channel.position(from);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // It may come in pieces.
            }
        }
        return bytes.flip();
    }
}
