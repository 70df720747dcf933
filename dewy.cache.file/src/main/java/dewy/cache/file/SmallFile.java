package dewy.cache.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Texts in files of their own, which are seen whole or not at all. */
final class SmallFile {
    private SmallFile() {}

    /** Returns the text of a file; empty when there is no such file, or it is no small one. */
    static Optional<String> read(Path file, int largest) throws IOException {
        if (!Files.isRegularFile(file) && Files.exists(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(largest + 1);
            return bytes.length > largest ? Optional.empty() : Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Writes a file durably, in a folder whose lock is held. */
    static void write(Path folder, String name, String text) throws IOException {
        try (TempFile temp = TempFile.create(folder)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                temp.channel().write(bytes);
            }
            temp.moveTo(folder.resolve(name));
        }
    }
}
