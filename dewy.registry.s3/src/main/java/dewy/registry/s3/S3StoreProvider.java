package dewy.registry.s3;

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

/** Opens stores that are in buckets: {@code s3://region/bucket/prefix}, each app in an object of its own. */
@Component(name = "dewy.registry.s3.store")
@Plugin(kind = "store", scheme = "s3")
public final class S3StoreProvider implements StoreProvider {
    private final S3Access access;
    private final LongSupplier nanoTime;

    /** Makes a provider whose stores ask through {@code access}. */
    @Activate
    public S3StoreProvider(@Reference S3Access access) {
        this(access, System::nanoTime);
    }

    S3StoreProvider(S3Access access, LongSupplier nanoTime) {
        this.access = access;
        this.nanoTime = nanoTime;
    }

    @Override
    public Store open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        Bucket bucket = access.bucket(Location.of(url, parameters), parameters, app);
        parameters.finish();
        return new S3Store(new SharedObject(bucket, bucket.location().key(app.name(), "store"), "the store"), nanoTime);
    }
}
