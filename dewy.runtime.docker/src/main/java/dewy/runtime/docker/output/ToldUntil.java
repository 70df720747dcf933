package dewy.runtime.docker.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Up to when a container's lines were told, in a file of its own, for who goes on after an agent that was killed. It is not
 * forced to the disk: it need outlive the agent, not the host. For one thread.
 */
final class ToldUntil implements AutoCloseable {
    private final FileChannel file;
    private final Optional<Instant> before;

    private ToldUntil(FileChannel file, Optional<Instant> before) {
        this.file = file;
        this.before = before;
    }

    static ToldUntil of(Path folder, String container) throws IOException {
        Files.createDirectories(folder);
        Path place = folder.resolve(container);
        Optional<Instant> before = Files.exists(place) ? parse(Files.readString(place)) : Optional.empty();
        return new ToldUntil(FileChannel.open(place, StandardOpenOption.CREATE, StandardOpenOption.WRITE), before);
    }

    /** Forgets all but these containers. */
    static void keep(Path folder, Collection<String> containers) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> known = Files.list(folder)) {
            for (Path file : known.toList()) {
                if (!containers.contains(file.getFileName().toString())) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    static void forget(Path folder, String container) throws IOException {
        Files.deleteIfExists(folder.resolve(container));
    }

    /** Returns up to when they had been told when this was opened; empty if none was. */
    Optional<Instant> before() {
        return before;
    }

    /** Writes as much as for the longest time, so that a shorter one leaves nothing of it behind. */
    void note(Instant time) throws IOException {
        byte[] text = String.format("%-32s\n", time).getBytes(StandardCharsets.US_ASCII);
        int unused = file.write(ByteBuffer.wrap(text), 0);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static Optional<Instant> parse(String text) {
        try {
            return Optional.of(Instant.parse(text.strip()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
