package dewy.registry.s3;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.bucket.Bucket;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** An object that is uploaded in parts, which stay there until it is completed or aborted. */
final class MultipartUpload implements Bucket.Upload {
    private final S3Bucket bucket;
    private final Call call;
    private final String tried;
    private final String key;
    private final String id;
    private final List<CompletedPart> parts = new ArrayList<>();

    MultipartUpload(S3Bucket bucket, Call call, String tried, String key) throws DewyException {
        this.bucket = bucket;
        this.call = call;
        this.tried = tried;
        this.key = key;
        this.id = bucket.begin(call, tried, key);
    }

    @Override
    public void part(byte[] content, int length) throws DewyException {
        parts.add(bucket.part(call, tried, key, id, parts.size() + 1, content, length));
    }

    @Override
    public void complete(byte[] content, int length) throws DewyException {
        part(content, length);
        bucket.complete(call, tried, key, id, parts);
    }

    /** The call for which it was begun may be over. */
    @Override
    public void abort(Call own) throws DewyException {
        bucket.abort(own, tried, key, id);
    }
}
