package dewy.registry.s3;

import dewy.bucket.BucketRequestsTest;
import dewy.bucket.Relay.Asked;
import java.io.IOException;

class S3RequestsTest extends BucketRequestsTest {
    S3RequestsTest() throws IOException {
        super(new S3InTrouble(), "s3.md");
    }

    @Override
    protected String operation(Asked asked) {
        boolean uploads = asked.target().contains("uploads");
        boolean upload = asked.target().contains("uploadId=");
        return switch (asked.method()) {
            case "GET" -> asked.target().contains("list-type=2") ? "ListObjectsV2" : "GetObject";
            case "HEAD" -> "HeadObject";
            case "PUT" -> upload ? "UploadPart" : "PutObject";
            case "POST" -> uploads ? "CreateMultipartUpload" : upload ? "CompleteMultipartUpload" : "?";
            default -> asked.method();
        };
    }
}
