package dewy.registry.gcs;

import dewy.bucket.BucketCacheTest;
import java.io.IOException;

class GcsCacheTest extends BucketCacheTest {
    GcsCacheTest() throws IOException {
        super(new GcsInTrouble());
    }
}
