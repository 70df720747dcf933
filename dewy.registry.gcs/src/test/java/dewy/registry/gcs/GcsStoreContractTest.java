package dewy.registry.gcs;

import dewy.bucket.BucketStoreContractTest;
import java.io.IOException;

class GcsStoreContractTest extends BucketStoreContractTest {
    GcsStoreContractTest() throws IOException {
        super(new GcsInTrouble());
    }
}
