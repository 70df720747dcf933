package dewy.registry.gcs;

import dewy.bucket.BucketRequestsTest;
import dewy.bucket.Relay.Asked;
import java.io.IOException;

class GcsRequestsTest extends BucketRequestsTest {
    GcsRequestsTest() throws IOException {
        super(new GcsInTrouble(), "gcs.md");
    }

    @Override
    protected String operation(Asked asked) {
        String target = asked.target();
        return switch (asked.method()) {
            case "GET" ->
                target.contains("alt=media") ? "objects.get" : target.contains("prefix=") ? "objects.list" : "?";
            case "POST" -> target.contains("uploadType=resumable") ? "objects.insert resumable" : "objects.insert";
            case "PUT" -> "chunk";
            default -> asked.method();
        };
    }
}
