package dewy.registry.gcs;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.store.Store;
import dewy.api.store.StoreProvider;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens stores that are in buckets: {@code gs://bucket/prefix}, each app in an object of its own. */
@Component(name = "dewy.registry.gcs.store")
@Plugin(kind = "store", scheme = "gs")
public final class GcsStoreProvider implements StoreProvider {
    private final GcsAccess access;
    private final LongSupplier nanoTime;

    /** Makes a provider whose stores ask through {@code access}. */
    @Activate
    public GcsStoreProvider(@Reference GcsAccess access) {
        this(access, System::nanoTime);
    }

    GcsStoreProvider(GcsAccess access, LongSupplier nanoTime) {
        this.access = access;
        this.nanoTime = nanoTime;
    }

    @Override
    public Store open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Bucket bucket = access.bucket(Location.of(url, parameters), parameters, app);
        parameters.finish();
        return new GcsStore(
                new SharedObject(bucket, bucket.location().key(app.name(), "store"), "the store"), nanoTime);
    }
}
