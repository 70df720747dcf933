package dewy.tck.memory;

import dewy.api.DewyException;
import dewy.api.plugin.Provider;
import dewy.api.proxy.Proxy;
import dewy.tck.ProxyContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import dewy.tck.memory.host.DataPlanes;
import java.util.List;
import java.util.Map;

/** The contract of proxies, with one that keeps it. */
class MemoryProxyContractTest extends ProxyContract {
    private final MemoryProxyProvider provider = new MemoryProxyProvider(new DataPlanes());

    @Override
    public Provider<Proxy> provider() {
        return provider;
    }

    @Override
    public String url() {
        return "memory:?port=127.0.0.1:0,127.0.0.1:0:9090&hold=60s";
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of("memory:?port=http&hold=long", "port", "hold"), WrongUrl.of("memory:?port=1,1", "port"));
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of();
    }

    @Override
    public void befall(Trouble trouble) {
        throw new AssertionError("nothing befalls it");
    }

    @Override
    public boolean findsByItself() {
        return true;
    }

    @Override
    protected String listener() {
        return "127.0.0.1:0";
    }

    @Override
    protected String otherListener() {
        return "127.0.0.1:0:9090";
    }
}
