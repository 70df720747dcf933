package dewy.registry.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.NotFoundException;
import dewy.api.StorageException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.registry.gcs.Relay.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GcsCacheTest extends GcsFixture {
    GcsCacheTest() throws IOException {}

    @Test
    void uploadsALargeBlobInChunksAndReadsItAsItWas() throws Exception {
        byte[] content = new byte[11 << 20];
        new Random(1).nextBytes(content);
        try (GcsCache cache = cache("")) {
            Blob blob = put(cache, "v1--large.tar", content);
            assertThat(relay.take()).filteredOn(one -> one.startsWith("PUT")).hasSize(3);
            assertThat(blob.size()).isEqualTo(content.length);
            try (InputStream in = cache.read(call(), blob)) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
        }
    }

    @Test
    void leavesNoObjectOfAnUploadThatIsNotCommitted() throws Exception {
        try (GcsCache cache = cache("")) {
            try (BlobWriter writer = cache.write(call(), "v1--large.tar", -1)) {
                writer.write(new byte[6 << 20], 0, 6 << 20);
            }
            assertThat(remote.server.keys(remote.bucket)).isEmpty();
        }
    }

    /** The server deletes whatever is asked for: so it is a stand-in that says that somebody else was first. */
    @Test
    void deletesNothingThatIsStillNamedWhereSomebodyElseIsFirst() throws Exception {
        try (GcsCache cache = cache("")) {
            put(cache, "v1--app.zip", new byte[100]);
            AtomicInteger refused = new AtomicInteger();
            relay.instead = asked -> asked.method().equals("POST") && refused.getAndIncrement() == 0
                    ? Optional.of(Answer.error(412, "conditionNotMet", "At least one of the pre-conditions failed"))
                    : Optional.empty();
            relay.take();
            cache.delete(call(), "v1--app.zip");
            assertThat(relay.take()).containsExactly("GET 200", "POST 412", "GET 200", "POST 200", "DELETE 200");
            assertThat(keys(cache)).isEmpty();
        }
    }

    @Test
    void leastRecentlyUsedBlobsMakeRoomButForCurrentOnes() throws Exception {
        try (GcsCache cache = cache("&max-size=300")) {
            put(cache, "v1--app.zip", new byte[100]);
            put(cache, "v2--app.zip", new byte[100]);
            put(cache, "v3--app.zip", new byte[100]);
            cache.markCurrent(call(), "v1--app.zip");
            put(cache, "v4--app.zip", new byte[100]);
            assertThat(keys(cache)).containsExactly("v3--app.zip", "v1--app.zip", "v4--app.zip");
            assertThat(remote.server.keys(remote.bucket)).as("index and blobs").hasSize(4);
        }
    }

    @Test
    void refusesWhatIsLargerThanAllThereMayBe() throws Exception {
        try (GcsCache cache = cache("&max-size=300");
                BlobWriter writer = cache.write(call(), "v1--app.zip", -1)) {
            assertThat(catchThrowableOfType(StorageException.class, () -> cache.write(call(), "v1--app.zip", 301)
                            .close()))
                    .hasMessageContaining("max-size");
            assertThat(catchThrowableOfType(StorageException.class, () -> writer.write(new byte[301], 0, 301)))
                    .hasMessageContaining("max-size");
        }
    }

    @Test
    void forgetsWhatSomebodyDeletedSoThatItIsFetchedAgain() throws Exception {
        try (GcsCache cache = cache("")) {
            Blob blob = put(cache, "v1--app.zip", "content".getBytes(UTF_8));
            for (String key : remote.server.keys(remote.bucket)) {
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

    private static List<String> keys(GcsCache cache) throws Exception {
        return cache.list(call()).stream().map(Blob::key).toList();
    }

    private static Blob put(GcsCache cache, String key, byte[] content) throws Exception {
        try (BlobWriter writer = cache.write(call(), key, content.length)) {
            writer.write(content, 0, content.length);
            return writer.commit();
        }
    }
}
