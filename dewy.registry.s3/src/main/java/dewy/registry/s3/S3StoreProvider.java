package dewy.registry.s3;

import dewy.api.plugin.Plugin;
import dewy.api.store.StoreProvider;
import dewy.bucket.BucketStoreProvider;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens stores that are in buckets: {@code s3://region/bucket/prefix}, each app in an object of its own. */
@Component(name = "dewy.registry.s3.store", service = StoreProvider.class)
@Plugin(kind = "store", scheme = "s3")
public final class S3StoreProvider extends BucketStoreProvider {
    /** Makes a provider whose stores ask through {@code access}. */
    @Activate
    public S3StoreProvider(@Reference S3Access access) {
        this(access, System::nanoTime);
    }

    S3StoreProvider(S3Access access, LongSupplier nanoTime) {
        super(access, nanoTime);
    }
}
