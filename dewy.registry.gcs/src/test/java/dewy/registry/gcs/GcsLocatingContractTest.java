package dewy.registry.gcs;

import dewy.bucket.BucketLocatingContractTest;
import java.io.IOException;

class GcsLocatingContractTest extends BucketLocatingContractTest {
    GcsLocatingContractTest() throws IOException {
        super(new GcsInTrouble());
    }
}
