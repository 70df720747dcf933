package dewy.bucket;

import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.artifact.ArtifactStream;
import dewy.bucket.Arrivals.Content;
import dewy.http.MeasuredStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Opens objects at an offset, and goes on with a part of one where it is still the same. Its checksum is calculated across
 * such resumptions; content that does not have it is fetched once more from the start, and refused if it still has not. Safe
 * for use by several threads.
 */
record Downloads(Bucket bucket, Arrivals arrivals) {
    private static final String TRIED = "fetch";

    /**
     * Opens an object.
     *
     * @param declared how long it is, where that was told before
     * @param offset how many bytes are held already
     * @param validator what they came with; without it, or when the content is another, the stream begins at 0
     * @throws CorruptException if it has not the length that was declared, or not its checksum
     */
    ArtifactStream open(Call call, String key, OptionalLong declared, long offset, Optional<String> validator)
            throws DewyException {
        Optional<String> version = validator.filter(bucket::isVersion);
        if (version.isPresent() && mayGoOn(key, version.get()) && offset > 0) {
            Optional<ArtifactStream> rest = resume(call, key, version.get(), declared, offset);
            if (rest.isPresent()) {
                return rest.get();
            }
        }
        Bucket.Arriving whole = bucket.open(call, TRIED, key);
        if (whole.length().isEmpty()) {
            closeQuietly(whole.body());
            throw new UnreachableException(Problem.of(TRIED, show(key), "its answer does not say how long it is", ""));
        }
        long length = whole.length().getAsLong();
        requireDeclared(key, declared, length, whole.body());
        Content held = content(key, whole.version().orElse(""));
        InputStream bytes = new CheckedStream(whole.body(), held, 0, length, whole.checksum());
        return new ArtifactStream(bytes, 0, OptionalLong.of(length), whole.version());
    }

    /** Goes on at an offset; empty if the content is another one now. */
    private Optional<ArtifactStream> resume(Call call, String key, String version, OptionalLong declared, long offset)
            throws DewyException {
        Bucket.Resumption resumption = bucket.resume(call, TRIED, key, offset, version);
        if (!(resumption instanceof Bucket.Arriving part)) {
            return resumption == Bucket.NotResumed.NOTHING_LEFT
                    ? nothingLeft(call, key, version, offset)
                    : Optional.empty();
        }
        boolean same = part.version().equals(Optional.of(version));
        if (!same
                || !part.offset().equals(OptionalLong.of(offset))
                || part.length().isEmpty()) {
            closeQuietly(part.body());
            return Optional.empty();
        }
        long length = part.length().getAsLong();
        requireDeclared(key, declared, length, part.body());
        Content held = content(key, version);
        InputStream bytes =
                new CheckedStream(part.body(), held, offset, length, arrivals.takeInterrupted(held, offset));
        return Optional.of(new ArtifactStream(bytes, offset, part.length(), part.version()));
    }

    /** Everything may have been there already, which only the service knew. */
    private Optional<ArtifactStream> nothingLeft(Call call, String key, String version, long offset)
            throws DewyException {
        Bucket.Known now = bucket.head(call, TRIED, key);
        return now.version().equals(version) && now.size() == offset
                ? Optional.of(new ArtifactStream(
                        InputStream.nullInputStream(), offset, OptionalLong.of(offset), Optional.of(version)))
                : Optional.empty();
    }

    private void requireDeclared(String key, OptionalLong declared, long length, InputStream body)
            throws CorruptException {
        if (declared.isPresent() && declared.getAsLong() != length) {
            closeQuietly(body);
            String why = "it has " + length + " bytes, but the registry declares " + declared.getAsLong();
            throw new CorruptException(
                    Problem.of(TRIED, show(key), why, "It is looked at anew; else publish it again"));
        }
    }

    /** @throws CorruptException if the whole of it arrived twice without having its checksum */
    private boolean mayGoOn(String key, String version) throws CorruptException {
        int times = arrivals.wrong(content(key, version));
        if (times > 1) {
            arrivals.forget(content(key, version));
            throw new CorruptException(Problem.of(
                    TRIED,
                    show(key),
                    "what arrived did not have the checksum that " + bucket.service() + " tells, twice",
                    "Publish it again, and look for what changes it on the way"));
        }
        return times == 0;
    }

    private Content content(String key, String version) {
        return new Content(show(key), version);
    }

    private String show(String key) {
        return bucket.location().show(key);
    }

    private static void closeQuietly(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            // Nobody waits for the rest of it.
        }
    }

    /** Content with its checksum. */
    private final class CheckedStream extends MeasuredStream {
        private final Content content;
        private final Optional<Checksum> sum;
        private Optional<String> violated = Optional.empty();
        private boolean judged;

        CheckedStream(InputStream body, Content content, long position, long total, Optional<Checksum> sum) {
            super(body, position, OptionalLong.of(total));
            this.content = content;
            this.sum = sum;
        }

        /** The read that would hand out the last bytes fails when the whole is not right. */
        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            requireRight();
            int got = super.read(bytes, offset, length);
            if (got > 0) {
                sum.ifPresent(one -> one.update(bytes, offset, got));
            }
            if (isComplete() && !judged && sum.isPresent()) {
                judged = true;
                violated = sum.get().violated();
                arrivals.judge(content, violated.isEmpty());
                requireRight();
            }
            return got;
        }

        @Override
        public void close() throws IOException {
            if (!isComplete()) {
                sum.ifPresent(one -> arrivals.interrupt(content, one));
            }
            super.close();
        }

        private void requireRight() throws IOException {
            if (violated.isPresent()) {
                throw new IOException(
                        "what arrived does not have the " + violated.get() + " that " + bucket.service() + " tells");
            }
        }
    }
}
