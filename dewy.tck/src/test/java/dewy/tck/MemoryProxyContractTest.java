package dewy.tck;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Provider;
import dewy.api.proxy.Proxy;
import dewy.api.proxy.ProxyProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The contract of proxies, with a small one that keeps it. */
class MemoryProxyContractTest extends ProxyContract {
    private final ProxyProvider provider = new ProxyProvider() {
        @Override
        public Proxy open(PluginUrl url, AppContext app) throws InvalidException {
            check(url);
            return new MemoryProxy(Optional.empty());
        }

        @Override
        public Proxy adopt(PluginUrl url, AppContext app, HandoverState state) throws InvalidException {
            check(url);
            if (!adopts(state.format())) {
                throw new InvalidException(new Problem("take over", "", "format " + state.format(), ""));
            }
            return new MemoryProxy(
                    Optional.ofNullable((MemoryProxy.Door) state.resources().get(MemoryProxy.LISTENER)));
        }
    };

    private static void check(PluginUrl url) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        parameters.number("port", 0, 65_535, 0);
        parameters.finish();
    }

    @Override
    public Provider<Proxy> provider() {
        return provider;
    }

    @Override
    public String url() {
        return "memory:?port=0";
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(WrongUrl.of("memory:?port=http", "port"));
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
    protected String listener() {
        return MemoryProxy.LISTENER;
    }

    @Override
    protected int port(Proxy proxy) {
        return ((MemoryProxy) proxy).port();
    }
}
