package dewy.registry.gcs;

import com.google.cloud.WriteChannel;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.bucket.Bucket;
import java.nio.ByteBuffer;

/** An object that is uploaded in chunks. One that is not completed is no object, and GCS forgets it after a week. */
final class ResumableUpload implements Bucket.Upload {
    private final GcsBucket bucket;
    private final Call call;
    private final String tried;
    private final String key;
    private final WriteChannel channel;

    ResumableUpload(GcsBucket bucket, Call call, String tried, String key) throws DewyException {
        this.bucket = bucket;
        this.call = call;
        this.tried = tried;
        this.key = key;
        this.channel = bucket.begin(call, tried, key);
    }

    @Override
    public void part(byte[] content, int length) throws DewyException {
        bucket.chunk(call, tried, key, channel, ByteBuffer.wrap(content, 0, length), false);
    }

    @Override
    public void complete(byte[] content, int length) throws DewyException {
        bucket.chunk(call, tried, key, channel, ByteBuffer.wrap(content, 0, length), true);
    }

    /** To close the channel would complete it. */
    @Override
    public void abort(Call own) {}
}
