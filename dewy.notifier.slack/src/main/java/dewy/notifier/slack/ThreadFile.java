package dewy.notifier.slack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The files {@code .slack-thread-ts}. The one in the app directory is ours and outlives the agent: a line for each of the
 * threads begun last in a channel, the newest first. The one that a release may bring along holds the {@code ts} of a
 * message that whoever built the release has posted. A file that is not understood is as good as none.
 */
final class ThreadFile {
    private static final String NAME = ".slack-thread-ts";
    private static final int LIMIT = 16 << 10;
    /** Attempts at a release may go on for days, while failures of a registry are told in between. */
    private static final int KEPT = 8;

    /**
     * A thread: one line {@code <ts> <channel> <deployment>}, so that the file begins with the {@code ts}.
     *
     * @param ts the first message's
     * @param channel where it is
     * @param deployId the deployment it tells about
     */
    record Begun(String ts, String channel, String deployId) {
        static Optional<Begun> parse(String line) {
            String[] parts = line.strip().split("\\s+", -1);
            boolean valid = parts.length == 3 && SlackApi.isTs(parts[0]);
            return valid ? Optional.of(new Begun(parts[0], parts[1], parts[2])) : Optional.empty();
        }

        String line() {
            return ts + " " + channel + " " + deployId;
        }
    }

    private final Path released;
    private final Path own;
    private final Path pending;

    ThreadFile(Path app) {
        this.released = app.resolve("current").resolve(NAME);
        this.own = app.resolve(NAME);
        this.pending = app.resolve(NAME + ".pending");
    }

    /** Returns the {@code ts} that the current release brought along. */
    Optional<String> released() {
        return read(released).map(String::strip).filter(SlackApi::isTs);
    }

    /** Returns the threads begun last in a channel, the newest first. */
    List<Begun> begun(String channel) {
        return marks().filter(mark -> mark.channel().equals(channel)).toList();
    }

    /** Keeps a thread, in place of the one before of the same deployment; the oldest of the channel is forgotten. */
    void keep(Begun mark) throws IOException {
        Stream<Begun> before = begun(mark.channel()).stream()
                .filter(other -> !other.deployId().equals(mark.deployId()))
                .limit(KEPT - 1);
        Stream<Begun> elsewhere = marks().filter(other -> !other.channel().equals(mark.channel()));
        List<String> lines = Stream.of(Stream.of(mark), before, elsewhere)
                .flatMap(Function.identity())
                .map(Begun::line)
                .toList();
        Files.deleteIfExists(pending);
        Files.write(pending, lines);
        Files.move(pending, own, StandardCopyOption.ATOMIC_MOVE);
    }

    Path path() {
        return own;
    }

    private Stream<Begun> marks() {
        return read(own).stream().flatMap(String::lines).flatMap(line -> Begun.parse(line).stream());
    }

    private static Optional<String> read(Path file) {
        // What is no plain file might block, or lead out of the release.
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(new String(in.readNBytes(LIMIT), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
