package dewy.registry.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.bucket.BucketCacheTest;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class S3CacheTest extends BucketCacheTest {
    S3CacheTest() throws IOException {
        super(new S3InTrouble());
    }

    @Test
    void abortsAnUploadThatIsNotCommitted() throws Exception {
        try (Cache cache = cache("")) {
            try (BlobWriter writer = cache.write(call(), "v1--large.tar", -1)) {
                writer.write(new byte[6 << 20], 0, 6 << 20);
            }
            assertThat(S3Server.start()
                            .ask(s3 -> s3.listMultipartUploads(request -> request.bucket(remote.bucket)))
                            .uploads())
                    .isEmpty();
        }
    }
}
