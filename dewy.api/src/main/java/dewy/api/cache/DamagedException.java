package dewy.api.cache;

import java.io.IOException;
import org.osgi.annotation.versioning.ProviderType;

/** The content of a blob is not what it was when the blob was written. Core has the cache forget it, and fetches it anew. */
@ProviderType
public final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    public DamagedException(Blob blob) {
        super("the cached " + blob.key() + " is damaged: its content has not the digest " + blob.digest());
    }
}
