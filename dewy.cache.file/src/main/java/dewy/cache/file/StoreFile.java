package dewy.cache.file;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.store.Lines;
import dewy.store.SharedText;
import dewy.store.StoreContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * The file that holds the values that the agents of one host share, in a folder of its own within that of the cache, which has
 * no names that begin with a dot. It is replaced as a whole, under the lock of its folder; so it can be read without. Safe for
 * use by several threads.
 *
 * <p>Its counter is never behind the wall clock in microseconds: so no revision or token is given out twice when somebody
 * removes the folder, or puts an older one in its place.
 */
final class StoreFile implements SharedText {
    static final String FOLDER = ".dewy.store";
    static final String NAME = "store";

    private static final long LARGEST = 64 << 20;

    /** Tells how long the host has been up. */
    @FunctionalInterface
    interface Clock {
        Uptime now() throws StorageException;
    }

    /** What the file held, by the time of the store then. */
    private record Held(StoreTime time, StoreContent content) {
        String text() {
            Lines lines = new Lines(StoreContent.FORMAT);
            lines.add(time.words());
            content.writeTo(lines);
            return lines.toString();
        }
    }

    private final Path folder;
    private final Path file;
    private final FolderLock lock;
    private final Clock clock;
    private final InstantSource wallClock;

    StoreFile(Path cache, Clock clock, InstantSource wallClock) {
        this.folder = cache.resolve(FOLDER);
        this.file = folder.resolve(NAME);
        this.lock = new FolderLock(folder);
        this.clock = clock;
        this.wallClock = wallClock;
    }

    @Override
    public StoreContent read(Call call) throws DewyException {
        call.check();
        try {
            return held().content();
        } catch (IOException e) {
            throw StorageFailure.of("read the store", folder, e);
        }
    }

    @Override
    public <T> Optional<T> change(Call call, Change<T> change) throws DewyException {
        call.check();
        createFolder();
        return lock.hold(call, "write to the store", () -> {
            call.check();
            Held held = held();
            Optional<T> done = change.make(held.content());
            if (done.isPresent()) {
                replace(held.text());
            }
            return done;
        });
    }

    /** The time is that at which the content was there, or later: what another process noted is never ahead of it. */
    private Held held() throws IOException, DewyException {
        Optional<String> text = text();
        Uptime now = clock.now();
        try {
            return text.isPresent() ? parse(text.get(), now) : empty(now);
        } catch (IllegalArgumentException e) {
            throw invalid("it is not what this version of Dewy writes: " + e.getMessage(), e);
        } catch (StoreTime.AnotherHost e) {
            throw invalid(
                    "agents of several hosts use it, and these have no clock in common: what hosts agree on can be kept by"
                            + " redis:, rediss:, consul:, s3: or gs:",
                    e);
        }
    }

    private Held empty(Uptime now) {
        StoreTime time = StoreTime.beginning(now);
        return new Held(time, StoreContent.empty(moment(time)));
    }

    private Held parse(String text, Uptime now) throws StoreTime.AnotherHost {
        List<List<String>> lines = Lines.parse(text, StoreContent.FORMAT);
        StoreTime time =
                StoreTime.of(lines.isEmpty() ? List.of() : lines.get(0)).at(now);
        return new Held(time, StoreContent.of(lines.subList(1, lines.size()), moment(time)));
    }

    private StoreContent.Moment moment(StoreTime time) {
        return new StoreContent.Moment(
                time.nanos(), Duration::toNanos, ChronoUnit.MICROS.between(Instant.EPOCH, wallClock.instant()));
    }

    private InvalidException invalid(String why, Exception cause) {
        String advice = "To begin anew, with what was agreed on forgotten, remove it";
        return new InvalidException(Problem.of("go by the store", file, why, advice), cause);
    }

    private Optional<String> text() throws IOException, InvalidException {
        try {
            requireSize(Files.size(file));
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void replace(String text) throws IOException, InvalidException {
        requireSize(text.length());
        TempFile.removeLeftovers(folder);
        SmallFile.write(folder, NAME, text);
        TempFile.forceNames(folder);
    }

    private void requireSize(long size) throws InvalidException {
        if (size > LARGEST) {
            throw new InvalidException(Problem.of(
                    "go by the store", file, "it has " + size + " bytes, and " + LARGEST + " are the most", ""));
        }
    }

    private void createFolder() throws StorageException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw StorageFailure.of("create the store", folder, e);
        }
    }
}
