package dewy.registry.gcs;

import dewy.bucket.BucketRegistryTest;
import java.io.IOException;

class GcsRegistryTest extends BucketRegistryTest {
    GcsRegistryTest() throws IOException {
        super(new GcsInTrouble());
    }
}
