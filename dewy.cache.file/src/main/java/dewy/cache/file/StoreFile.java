package dewy.cache.file;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file that holds a store, in a folder of its own within that of the cache, which has no names that begin with a dot.
 * It is replaced as a whole, under the lock of its folder; so it can be read without. Safe for use by several threads.
 */
final class StoreFile {
    static final String FOLDER = ".dewy.store";
    static final String NAME = "store";

    private static final long LARGEST = 64 << 20;

    /** Tells the time. */
    @FunctionalInterface
    interface Clock {
        Uptime now() throws StorageException;
    }

    /** Changes a content, and returns what it did; empty if it did nothing. */
    @FunctionalInterface
    interface Change<T> {
        Optional<T> make(StoreContent content) throws DewyException;
    }

    private final Path folder;
    private final Path file;
    private final FolderLock lock;
    private final Clock clock;

    StoreFile(Path cache, Clock clock) {
        this.folder = cache.resolve(FOLDER);
        this.file = folder.resolve(NAME);
        this.lock = new FolderLock(folder);
        this.clock = clock;
    }

    StoreContent read(Call call) throws DewyException {
        call.check();
        try {
            return content();
        } catch (IOException e) {
            throw StorageFailure.of("read the store", folder, e);
        }
    }

    /** Makes a change that is on the disk when this returns. */
    <T> Optional<T> change(Call call, Change<T> change) throws DewyException {
        call.check();
        createFolder();
        return lock.hold(call, "write to the store", () -> {
            call.check();
            StoreContent content = content();
            Optional<T> done = change.make(content);
            if (done.isPresent()) {
                replace(content.text());
            }
            return done;
        });
    }

    /** The time is that at which the content was there, or later: what another process noted is never ahead of it. */
    private StoreContent content() throws IOException, DewyException {
        Optional<String> text = text();
        Uptime now = clock.now();
        try {
            return text.isPresent() ? StoreContent.of(text.get(), now) : StoreContent.empty(now);
        } catch (IllegalArgumentException e) {
            throw invalid("it is not what this version of Dewy writes: " + e.getMessage(), e);
        } catch (StoreTime.AnotherHost e) {
            throw invalid(
                    "agents of several hosts use it, and these have no clock in common: what hosts agree on can be kept by"
                            + " redis:, rediss:, consul:, s3: or gs:",
                    e);
        }
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
