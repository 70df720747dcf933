package dewy.registry.gcs;

import dewy.api.plugin.Plugin;
import dewy.api.store.StoreProvider;
import dewy.bucket.BucketStoreProvider;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens stores that are in buckets: {@code gs://bucket/prefix}, each app in an object of its own. */
@Component(name = "dewy.registry.gcs.store", service = StoreProvider.class)
@Plugin(kind = "store", scheme = "gs")
public final class GcsStoreProvider extends BucketStoreProvider {
    /** Makes a provider whose stores ask through {@code access}. */
    @Activate
    public GcsStoreProvider(@Reference GcsAccess access) {
        this(access, System::nanoTime);
    }

    GcsStoreProvider(GcsAccess access, LongSupplier nanoTime) {
        super(access, nanoTime);
    }
}
