package dewy.registry.s3;

import dewy.bucket.BucketArtifactContractTest;
import java.io.IOException;

class S3ArtifactContractTest extends BucketArtifactContractTest {
    S3ArtifactContractTest() throws IOException {
        super(new S3InTrouble());
    }
}
