package dewy.bucket;

import dewy.api.cache.Cache;
import dewy.api.plugin.Provider;
import dewy.tck.CacheContract;

public abstract class BucketCacheContractTest extends CacheContract implements BucketContract<Cache> {
    private final BucketInTrouble remote;
    private final Provider<Cache> provider;

    protected BucketCacheContractTest(BucketInTrouble remote) {
        this.remote = remote;
        this.provider = remote.caches();
    }

    @Override
    public BucketInTrouble remote() {
        return remote;
    }

    @Override
    public Provider<Cache> provider() {
        return provider;
    }

    @Override
    public String url() {
        return remote.url("cache");
    }

    @Override
    protected void damage(String key) {
        for (String object : remote.keys()) {
            if (object.startsWith("cache/web/blobs/")) {
                remote.put(object, "x".repeat(120_000));
            }
        }
    }
}
