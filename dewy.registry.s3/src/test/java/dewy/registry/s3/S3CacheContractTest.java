package dewy.registry.s3;

import dewy.bucket.BucketCacheContractTest;
import java.io.IOException;

class S3CacheContractTest extends BucketCacheContractTest {
    S3CacheContractTest() throws IOException {
        super(new S3InTrouble());
    }
}
