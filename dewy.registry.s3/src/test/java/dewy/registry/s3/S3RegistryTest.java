package dewy.registry.s3;

import dewy.bucket.BucketRegistryTest;
import java.io.IOException;

class S3RegistryTest extends BucketRegistryTest {
    S3RegistryTest() throws IOException {
        super(new S3InTrouble());
    }
}
