package dewy.registry.s3;

import dewy.bucket.BucketRegistryContractTest;
import java.io.IOException;

class S3RegistryContractTest extends BucketRegistryContractTest {
    S3RegistryContractTest() throws IOException {
        super(new S3InTrouble());
    }
}
