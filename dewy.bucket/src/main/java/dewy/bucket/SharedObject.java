package dewy.bucket;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.store.Lines;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A small object that several hosts change, each as a whole, and only if it is as it was read. The service itself looks whether
 * it is, in one step with the write. Safe for use by several threads.
 *
 * @param what it is, for people
 */
record SharedObject(Bucket bucket, String key, String what) {
    private static final int LARGEST = 64 << 20;

    Bucket.Held read(Call call) throws DewyException {
        return bucket.read(call, "read " + what + " at", key, LARGEST);
    }

    /**
     * Understands what it held, unless it was not there.
     *
     * @param format what the first line has to be
     * @param reader what understands the words of the others, or throws {@link IllegalArgumentException}
     */
    <T> Optional<T> parse(Bucket.Held held, String format, Function<List<List<String>>, T> reader)
            throws InvalidException {
        if (held.version().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.apply(Lines.parse(held.content(), format)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            String why = "it is not what this version of Dewy writes: " + e.getMessage();
            String advice = "Name another prefix, or delete it there";
            throw new InvalidException(Problem.of("understand what is at", bucket.location(), why, advice), e);
        }
    }

    /**
     * Writes it.
     *
     * @param before what was read, on which {@code content} is based
     * @return whether it was written; otherwise another one was first, and nothing was done
     */
    boolean replace(Call call, Bucket.Held before, String content) throws DewyException {
        return bucket.replace(
                call, "write " + what + " at", key, before.version(), content.getBytes(StandardCharsets.UTF_8));
    }
}
