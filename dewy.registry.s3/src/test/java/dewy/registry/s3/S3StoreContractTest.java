package dewy.registry.s3;

import dewy.bucket.BucketStoreContractTest;
import java.io.IOException;

class S3StoreContractTest extends BucketStoreContractTest {
    S3StoreContractTest() throws IOException {
        super(new S3InTrouble());
    }
}
