package dewy.registry.gcs;

import dewy.bucket.BucketCacheContractTest;
import java.io.IOException;

class GcsCacheContractTest extends BucketCacheContractTest {
    GcsCacheContractTest() throws IOException {
        super(new GcsInTrouble());
    }
}
