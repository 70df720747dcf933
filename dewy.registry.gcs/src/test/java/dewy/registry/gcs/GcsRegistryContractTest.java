package dewy.registry.gcs;

import dewy.bucket.BucketRegistryContractTest;
import java.io.IOException;

class GcsRegistryContractTest extends BucketRegistryContractTest {
    GcsRegistryContractTest() throws IOException {
        super(new GcsInTrouble());
    }
}
