package dewy.bucket;

import dewy.api.plugin.Provider;
import dewy.api.registry.Registry;
import dewy.tck.RegistryContract;

public abstract class BucketRegistryContractTest extends RegistryContract implements BucketContract<Registry> {
    private final BucketInTrouble remote;
    private final Provider<Registry> provider;

    protected BucketRegistryContractTest(BucketInTrouble remote) {
        this.remote = remote;
        this.provider = remote.registries();
    }

    @Override
    public BucketInTrouble remote() {
        return remote;
    }

    @Override
    public Provider<Registry> provider() {
        return provider;
    }

    @Override
    public String url() {
        return remote.url("deep/prefix");
    }

    @Override
    protected void publish(String tag, String artifact, String content) {
        remote.put("deep/prefix/" + tag + "/" + artifact, content);
    }
}
