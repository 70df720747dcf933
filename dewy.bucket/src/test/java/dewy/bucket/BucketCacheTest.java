package dewy.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.NotFoundException;
import dewy.api.StorageException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

public abstract class BucketCacheTest extends BucketFixture {
    protected BucketCacheTest(BucketInTrouble remote) {
        super(remote);
    }

    @Test
    void uploadsALargeBlobInPartsAndReadsItAsItWas() throws Exception {
        byte[] content = new byte[12 << 20];
        new Random(1).nextBytes(content);
        try (Cache cache = cache("")) {
            Blob blob = put(cache, "v1--large.tar", content);
            assertThat(relay.take()).as("more than an object and the index").hasSizeGreaterThan(3);
            assertThat(blob.size()).isEqualTo(content.length);
            try (InputStream in = cache.read(call(), blob)) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
        }
    }

    @Test
    void leavesNoObjectOfAnUploadThatIsNotCommitted() throws Exception {
        try (Cache cache = cache("")) {
            try (BlobWriter writer = cache.write(call(), "v1--large.tar", -1)) {
                writer.write(new byte[6 << 20], 0, 6 << 20);
            }
            assertThat(remote.keys()).isEmpty();
        }
    }

    @Test
    void leastRecentlyUsedBlobsMakeRoomButForCurrentOnes() throws Exception {
        try (Cache cache = cache("&max-size=300")) {
            put(cache, "v1--app.zip", new byte[100]);
            put(cache, "v2--app.zip", new byte[100]);
            put(cache, "v3--app.zip", new byte[100]);
            cache.markCurrent(call(), "v1--app.zip");
            put(cache, "v4--app.zip", new byte[100]);
            assertThat(keys(cache)).containsExactly("v3--app.zip", "v1--app.zip", "v4--app.zip");
            assertThat(remote.keys()).as("index and blobs").hasSize(4);
        }
    }

    @Test
    void refusesWhatIsLargerThanAllThereMayBe() throws Exception {
        try (Cache cache = cache("&max-size=300");
                BlobWriter writer = cache.write(call(), "v1--app.zip", -1)) {
            assertThat(catchThrowableOfType(StorageException.class, () -> cache.write(call(), "v1--app.zip", 301)
                            .close()))
                    .hasMessageContaining("max-size");
            assertThat(catchThrowableOfType(StorageException.class, () -> writer.write(new byte[301], 0, 301)))
                    .hasMessageContaining("max-size");
        }
    }

    /** Between the moment when the index was read and that when it is written. */
    @Test
    void beginsAnewWhereAnotherHostChangesTheIndexFirst() throws Exception {
        try (Cache cache = cache("");
                Cache ofAnother = cache("")) {
            put(cache, "v1--app.zip", new byte[100]);
            AtomicBoolean isFirst = new AtomicBoolean(true);
            relay.tampering = (asked, answer) -> {
                if (isFirst.getAndSet(false)) {
                    assertThatCode(() -> put(ofAnother, "v2--app.zip", new byte[100]))
                            .doesNotThrowAnyException();
                }
                return answer;
            };
            relay.take();
            cache.delete(call(), "v1--app.zip");
            assertThat(relay.take()).filteredOn(one -> one.endsWith(" 412")).hasSize(1);
            assertThat(keys(cache)).containsExactly("v2--app.zip");
            assertThat(remote.keys()).as("index and blob").hasSize(2);
        }
    }

    @Test
    void forgetsWhatSomebodyDeletedSoThatItIsFetchedAgain() throws Exception {
        try (Cache cache = cache("")) {
            Blob blob = put(cache, "v1--app.zip", "content".getBytes(UTF_8));
            for (String key : remote.keys()) {
                if (key.contains("/blobs/")) {
                    remote.server.delete(remote.bucket, key);
                }
            }
            assertThat(catchThrowableOfType(NotFoundException.class, () -> cache.read(call(), blob)
                            .close()))
                    .hasMessageContaining("its content was deleted");
            assertThat(cache.find(call(), "v1--app.zip")).isEmpty();
        }
    }

    private static List<String> keys(Cache cache) throws Exception {
        return cache.list(call()).stream().map(Blob::key).toList();
    }

    private static Blob put(Cache cache, String key, byte[] content) throws Exception {
        try (BlobWriter writer = cache.write(call(), key, content.length)) {
            writer.write(content, 0, content.length);
            return writer.commit();
        }
    }
}
