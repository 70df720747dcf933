package dewy.registry.gcs;

import dewy.bucket.BucketArtifactContractTest;
import java.io.IOException;

class GcsArtifactContractTest extends BucketArtifactContractTest {
    GcsArtifactContractTest() throws IOException {
        super(new GcsInTrouble());
    }
}
