package dewy.bucket;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.release.Digest;
import dewy.http.ContentRange;
import dewy.http.Response;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A bucket, and what is asked of it: one method is one request, which is made once. Whoever asks tries again, since core
 * and downloads do so anyway, and a write must not be made twice unnoticed. Safe for use by several threads.
 *
 * <p>{@code tried} is always what a request is for, as a verb phrase that follows "cannot". What is refused is a typed
 * failure; where neither the object nor what it is in is there, a {@link NotFoundException}.
 *
 * <p>The version of an object says which content it has: an ETag, a generation. It is another one after each write of other
 * content.
 */
public interface Bucket {
    /**
     * A page to be listed of the objects whose keys begin with {@code prefix}, up to the next slash.
     *
     * @param token where the page before it ended
     * @param start what is before this key is passed over
     * @param most how many objects and folders it may have; empty for as many as the service gives at once
     */
    record PageRequest(String prefix, Optional<String> token, Optional<String> start, Optional<Integer> most) {
        static PageRequest first(String prefix) {
            return new PageRequest(prefix, Optional.empty(), Optional.empty(), Optional.empty());
        }

        static PageRequest one(String prefix) {
            return new PageRequest(prefix, Optional.empty(), Optional.empty(), Optional.of(1));
        }

        PageRequest behind(String page) {
            return new PageRequest(prefix, Optional.of(page), Optional.empty(), most);
        }

        PageRequest startingAt(String key) {
            return new PageRequest(prefix, Optional.empty(), Optional.of(key), most);
        }
    }

    /**
     * A page of a list.
     *
     * @param folders what keys have up to the next slash behind the prefix, that slash included
     * @param next the token of the next page, if there is one
     */
    record Page(List<Listed> objects, List<String> folders, Optional<String> next) {}

    /**
     * An object of a list.
     *
     * @param created when this content was uploaded
     * @param hasSha256 whether the service knows the SHA-256 of the whole of it
     */
    record Listed(String key, long size, String version, Instant created, boolean hasSha256) {}

    /**
     * What is known of an object.
     *
     * @param sha256 what the service checked when it was uploaded, if it knows that
     */
    record Known(String version, long size, Optional<Digest> sha256) {}

    /** What comes of going on with an object. */
    sealed interface Resumption permits Arriving, NotResumed {}

    /** Why there is nothing to go on with. */
    enum NotResumed implements Resumption {
        /** The object has other content. */
        CHANGED,
        /** It ends before the offset, or at it. */
        NOTHING_LEFT
    }

    /**
     * Content that is arriving, for the receiver to close.
     *
     * @param offset at which byte of the object it begins, as far as that is told
     * @param length how long the whole object is, as far as that is told
     * @param version empty where what the service tells promises nothing
     * @param checksum of the whole object, if it came with it
     */
    record Arriving(
            OptionalLong offset,
            OptionalLong length,
            Optional<String> version,
            Optional<Checksum> checksum,
            InputStream body)
            implements Resumption {
        /** Takes offset and length from the head of an answer. */
        public static Arriving of(
                Response head, Optional<String> version, Optional<Checksum> checksum, InputStream body) {
            if (head.status() != 206) {
                return new Arriving(OptionalLong.of(0), head.number("content-length"), version, checksum, body);
            }
            ContentRange range = head.contentRange().orElse(ContentRange.UNKNOWN);
            return new Arriving(range.start(), range.total(), version, checksum, body);
        }
    }

    /**
     * A small object.
     *
     * @param version empty if it is not there
     * @param at when it was read, by the clock of the service
     */
    record Held(Optional<String> version, String content, Instant at) {}

    /**
     * How an object is uploaded in parts.
     *
     * @param size that of each but the last, in bytes
     * @param most how many there may be
     */
    record Parts(int size, int most) {}

    /** An object that is uploaded part by part, and is there when the last one is. For one thread. */
    interface Upload {
        /** Uploads the first bytes of {@code content}: a whole part. */
        void part(byte[] content, int length) throws DewyException;

        /** Uploads the last part, which may be shorter, and completes the object. */
        void complete(byte[] content, int length) throws DewyException;

        /** Lets go of what was uploaded; there is no object then. */
        void abort(Call call) throws DewyException;
    }

    /** Returns what the service is called. */
    String service();

    Location location();

    Page list(Call call, String tried, PageRequest request) throws DewyException;

    Known head(Call call, String tried, String key) throws DewyException;

    /** Opens an object at its start. */
    Arriving open(Call call, String tried, String key) throws DewyException;

    /** Opens an object at an offset, if it still is of that version. */
    Resumption resume(Call call, String tried, String key, long offset, String version) throws DewyException;

    /** Returns whether a text may be a version by which a download can go on. */
    boolean isVersion(String text);

    /** Reads a small object as text, whether it is there or not. */
    Held read(Call call, String tried, String key, int largest) throws DewyException;

    /** Writes an object, whatever is there. */
    void put(Call call, String tried, String key, byte[] content) throws DewyException;

    /**
     * Writes an object if it is as it was read, which the service itself looks at, in one step with the write.
     *
     * @param before its version; empty if it must not be there
     * @return whether it was written; otherwise nothing was done
     */
    boolean replace(Call call, String tried, String key, Optional<String> before, byte[] content) throws DewyException;

    /** Deletes an object; does nothing when there is none. */
    void delete(Call call, String tried, String key) throws DewyException;

    /**
     * Returns in which parts an object is uploaded.
     *
     * @param expectedSize how large it will be; negative if that is not known
     */
    Parts parts(long expectedSize);

    /** Begins an object that is uploaded in parts. */
    Upload upload(Call call, String tried, String key) throws DewyException;
}
