package dewy.registry.s3;

import dewy.bucket.BucketLocatingContractTest;
import java.io.IOException;

class S3LocatingContractTest extends BucketLocatingContractTest {
    S3LocatingContractTest() throws IOException {
        super(new S3InTrouble());
    }
}
