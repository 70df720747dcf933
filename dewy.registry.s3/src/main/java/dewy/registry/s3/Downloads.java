package dewy.registry.s3;

import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Opens objects at an offset, and goes on with a part of one where it is still the same. Its checksum is calculated across
 * such resumptions; content that does not have it is fetched once more from the start, and refused if it still has not. Safe
 * for use by several threads.
 */
final class Downloads {
    private static final String TRIED = "fetch";
    private static final Pattern STRONG_ETAG = Pattern.compile("\"[^\"]+\"");
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18})");
    private static final int MOST_REMEMBERED = 64;

    /** Certain content. */
    private record Content(String key, String etag) {}

    private final Bucket bucket;
    /** What has arrived of downloads that broke off. */
    private final Map<Content, Checksum> interrupted = new HashMap<>();
    /** What did not have its checksum, and how often. */
    private final Map<Content, Integer> wrong = new HashMap<>();

    Downloads(Bucket bucket) {
        this.bucket = bucket;
    }

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
        Optional<Content> content =
                validator.filter(etag -> STRONG_ETAG.matcher(etag).matches()).map(etag -> new Content(key, etag));
        if (content.isPresent() && mayGoOn(content.get()) && offset > 0) {
            Optional<ArtifactStream> rest = resume(call, content.get(), declared, offset);
            if (rest.isPresent()) {
                return rest.get();
            }
        }
        Bucket.Arriving whole = bucket.open(call, TRIED, key, request -> {}).orElseThrow();
        long length = whole.head().contentLength();
        requireDeclared(key, declared, length, whole.body());
        Optional<String> etag = Optional.ofNullable(whole.head().eTag())
                .filter(tag -> STRONG_ETAG.matcher(tag).matches());
        Content held = new Content(key, etag.orElse(""));
        InputStream bytes = new Measured(whole.body(), held, 0, length, Checksum.of(whole.head()));
        return new ArtifactStream(bytes, 0, OptionalLong.of(length), etag);
    }

    /** Goes on at an offset; empty if the content is another one now. */
    private Optional<ArtifactStream> resume(Call call, Content content, OptionalLong declared, long offset)
            throws DewyException {
        Optional<Bucket.Arriving> part =
                bucket.open(call, TRIED, content.key(), request -> request.ifMatch(content.etag())
                        .range("bytes=" + offset + "-"));
        if (part.isEmpty()) {
            return nothingLeft(call, content, offset);
        }
        GetObjectResponse head = part.get().head();
        Matcher range = CONTENT_RANGE.matcher(String.valueOf(head.contentRange()));
        boolean same = content.etag().equals(head.eTag());
        if (!same || !range.matches() || Long.parseLong(range.group(1)) != offset) {
            closeQuietly(part.get().body());
            return Optional.empty();
        }
        long length = Long.parseLong(range.group(2));
        requireDeclared(content.key(), declared, length, part.get().body());
        InputStream bytes = new Measured(part.get().body(), content, offset, length, interrupted(content, offset));
        return Optional.of(new ArtifactStream(bytes, offset, OptionalLong.of(length), Optional.of(content.etag())));
    }

    /** Everything may have been there already, which only S3 knew. */
    private Optional<ArtifactStream> nothingLeft(Call call, Content content, long offset) throws DewyException {
        var head = bucket.head(call, TRIED, content.key());
        return content.etag().equals(head.eTag()) && head.contentLength() == offset
                ? Optional.of(new ArtifactStream(
                        InputStream.nullInputStream(), offset, OptionalLong.of(offset), Optional.of(content.etag())))
                : Optional.empty();
    }

    private void requireDeclared(String key, OptionalLong declared, long length, InputStream body)
            throws CorruptException {
        if (declared.isPresent() && declared.getAsLong() != length) {
            closeQuietly(body);
            String why = "it has " + length + " bytes, but the registry declares " + declared.getAsLong();
            throw new CorruptException(
                    Problem.of(TRIED, bucket.location().show(key), why, "It is looked at anew; else publish it again"));
        }
    }

    /** @throws CorruptException if the whole of it arrived twice without having its checksum */
    private synchronized boolean mayGoOn(Content content) throws CorruptException {
        int times = wrong.getOrDefault(content, 0);
        if (times > 1) {
            wrong.remove(content);
            throw new CorruptException(Problem.of(
                    TRIED,
                    bucket.location().show(content.key()),
                    "what arrived did not have the checksum that S3 tells, twice",
                    "Publish it again, and look for what changes it on the way"));
        }
        return times == 0;
    }

    private synchronized Optional<Checksum> interrupted(Content content, long offset) {
        return Optional.ofNullable(interrupted.remove(content)).filter(sum -> sum.position() == offset);
    }

    private synchronized void interrupt(Content content, Checksum sum) {
        if (interrupted.size() < MOST_REMEMBERED) {
            interrupted.put(content, sum);
        }
    }

    private synchronized void judge(Content content, boolean right) {
        if (right || wrong.size() > MOST_REMEMBERED) {
            wrong.remove(content);
        } else {
            wrong.merge(content, 1, Integer::sum);
        }
    }

    private static void closeQuietly(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            // Nobody waits for the rest of it.
        }
    }

    /** Content up to its end, with its checksum: a body that is shorter or longer than was told is an error. */
    private final class Measured extends FilterInputStream {
        private final Content content;
        private final long total;
        private final Optional<Checksum> sum;
        private long position;
        private boolean refused;
        private boolean judged;

        Measured(InputStream body, Content content, long position, long total, Optional<Checksum> sum) {
            super(body);
            this.content = content;
            this.position = position;
            this.total = total;
            this.sum = sum;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        /** The read that would hand out the last bytes fails when the whole is not right. */
        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (refused) {
                throw notAsTold();
            }
            int got = super.read(bytes, offset, length);
            if (got > 0) {
                position += got;
                sum.ifPresent(one -> one.update(bytes, offset, got));
            }
            if (got < 0 && position < total) {
                throw new IOException("it ended after " + position + " of " + total + " bytes");
            }
            if (position > total) {
                throw new IOException("more came than its " + total + " bytes");
            }
            if (position == total && !judged && sum.isPresent()) {
                judged = true;
                refused = !sum.get().fits();
                judge(content, !refused);
                if (refused) {
                    throw notAsTold();
                }
            }
            return got;
        }

        @Override
        public long skip(long count) throws IOException {
            byte[] passed = new byte[(int) Math.min(8_192, Math.max(0, count))];
            return Math.max(0, read(passed, 0, passed.length));
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        @Override
        public void close() throws IOException {
            if (position < total) {
                sum.ifPresent(one -> interrupt(content, one));
            }
            super.close();
        }

        private IOException notAsTold() {
            return new IOException("what arrived does not have the "
                    + sum.map(Checksum::toString).orElse("checksum") + " that S3 tells");
        }
    }
}
