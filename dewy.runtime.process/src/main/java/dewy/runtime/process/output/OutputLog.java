package dewy.runtime.process.output;

import dewy.api.Problem;
import dewy.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output of an app: a file that its processes append to, so that they outlive the agent, and that one thread follows
 * into the log. When it is full, a copy of it is kept as {@code <file>.1}, and it starts anew. Safe for use by several
 * threads.
 */
public final class OutputLog implements AutoCloseable {
    private static final long JOIN_MILLIS = 1_000;

    /**
     * Somebody at work.
     *
     * @param follower what follows the file
     * @param thread the thread it does so on
     */
    private record Following(OutputFollower follower, Thread thread) {}

    private final Path file;
    private final String app;
    private final long limit;
    private final Consumer<String> sink;
    private Optional<Following> following = Optional.empty();

    /**
     * Describes the output of an app; nothing is opened yet.
     *
     * @param limit the size in bytes from which the file is rotated
     * @param sink takes the lines
     */
    OutputLog(Path file, String app, long limit, Consumer<String> sink) {
        this.file = file;
        this.app = app;
        this.limit = limit;
        this.sink = sink;
    }

    /** Returns the output that is kept in {@code log/<app>.log} and told to the logger {@code dewy.app.<app>}. */
    public static OutputLog of(Path stateDirectory, String app, long limit) {
        Logger logger = LoggerFactory.getLogger("dewy.app." + app);
        Path file = stateDirectory.resolve("log").resolve(app + ".log");
        return new OutputLog(file, app, limit, line -> logger.atInfo()
                .addKeyValue("app", app)
                .log(line));
    }

    /** Returns the file, to which standard output and standard error are to be appended. */
    public Path file() {
        return file;
    }

    /** Sees to it that the file is there and what is appended to it from now on is followed. */
    public synchronized void follow() throws StorageException {
        if (following.isEmpty()) {
            try {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                        .close();
            } catch (IOException e) {
                throw new StorageException(
                        Problem.of("open the file for the output", file, e.toString(), "See to its folder"), e);
            }
            start(size());
        }
    }

    /** Follows the file from where somebody else stopped. */
    public synchronized void followFrom(long position) {
        if (following.isEmpty()) {
            start(position);
        }
    }

    /** As {@link #followFrom}, where somebody else may have gone on after that, and was killed. */
    public synchronized void followAtLeastFrom(long position) {
        followFrom(PositionFile.of(file).read().orElse(position));
    }

    /** Returns up to where lines were told, if they were. */
    public synchronized OptionalLong position() {
        return following.map(now -> OptionalLong.of(now.follower().position())).orElse(OptionalLong.empty());
    }

    /** Stops following, and returns up to where lines were told, if they were. */
    public synchronized OptionalLong pause() {
        Optional<Following> ended = following;
        end(false);
        return ended.map(end -> OptionalLong.of(end.follower().position())).orElse(OptionalLong.empty());
    }

    /** Returns how long the file is now, 0 when there is none. */
    public long size() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Returns the last lines, 5 at most, of what was appended since the file was {@code from} bytes long. */
    public List<String> lastLines(long from) {
        try {
            return LastLines.of(file, from);
        } catch (IOException e) {
            return List.of("(" + e + ")");
        }
    }

    /** Tells what there is, and stops following, within about a second. */
    @Override
    public synchronized void close() {
        end(true);
    }

    private void start(long position) {
        OutputFollower follower = new OutputFollower(file, position, limit, sink);
        Thread thread = new Thread(follower, "dewy-output-" + app);
        thread.setDaemon(true);
        thread.start();
        following = Optional.of(new Following(follower, thread));
    }

    private void end(boolean afterTheRest) {
        following.ifPresent(end -> {
            end.follower().stop(afterTheRest);
            try {
                end.thread().join(JOIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            end.follower().stop(false);
        });
        following = Optional.empty();
    }
}
