package dewy.api.cache;

import dewy.api.Call;
import dewy.api.DewyException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;

/** A cache whose blobs are files of this host, so that they need not be copied to be unpacked. */
@ConsumerType
public interface LocalFiles {
    /**
     * Returns the file that holds a blob, after its content was checked against the blob's digest. It is read-only, and
     * stays until the blob is deleted or evicted.
     *
     * @throws dewy.api.NotFoundException if it is not held any more, or its content was damaged
     */
    Path file(Call call, Blob blob) throws DewyException;
}
