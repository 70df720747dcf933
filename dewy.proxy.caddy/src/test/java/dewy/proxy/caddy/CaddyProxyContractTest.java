package dewy.proxy.caddy;

import dewy.api.DewyException;
import dewy.api.UnreachableException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Provider;
import dewy.api.process.Inheritable;
import dewy.api.proxy.Proxy;
import dewy.http.Environment;
import dewy.tck.CaddyImage;
import dewy.tck.ContainerEngine;
import dewy.tck.ProxyContract;
import dewy.tck.TestApp;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The contract of proxies, with a container of a real engine for each of its tests, which takes minutes. What every build tries
 * is in {@link CaddyProxyTest}.
 */
@Tag("long")
@Tag("trial")
class CaddyProxyContractTest extends ProxyContract {
    private static final String NOWHERE = "unix:///nonexistent/docker.sock";

    private final AtomicInteger apps = new AtomicInteger();
    private String address = NOWHERE;
    private boolean several;

    private final Environment environment =
            name -> name.equals("DOCKER_HOST") ? Optional.of(address) : Optional.empty();
    private final CaddyProxyProvider provider = new CaddyProxyProvider(environment);

    @BeforeEach
    void findEngine() throws IOException {
        ContainerEngine engine = ContainerEngine.shared();
        CaddyImage.ensure(engine);
        address = engine.address();
    }

    @Override
    protected InetAddress here() throws IOException {
        return ContainerEngine.shared().host();
    }

    /** What a test that failed has left is in the way of all others. */
    @AfterEach
    void removeContainers() throws IOException {
        ContainerEngine engine = ContainerEngine.shared();
        for (String left : engine.docker("ps", "-aq", "--filter", "label=dewy.managed")
                .lines()
                .toList()) {
            engine.docker("rm", "-f", left);
        }
    }

    /** An app has one container: instances beside each other are of several apps. */
    @Override
    public AppContext app() {
        return TestApp.in(folder).named(several ? "web-" + apps.incrementAndGet() : "web");
    }

    @Test
    @Override
    public void oneInstanceDoesNotDisturbAnother() throws Exception {
        several = true;
        super.oneInstanceDoesNotDisturbAnother();
    }

    @Test
    @Override
    public void worksInSeveralThreadsAtOnce() throws Throwable {
        several = true;
        super.worksInSeveralThreadsAtOnce();
    }

    @Override
    protected Set<Lack> lacks() {
        return Set.of(Lack.CUTTING, Lack.COUNTING_BY_BACKEND);
    }

    @Override
    public Provider<Proxy> provider() {
        return provider;
    }

    @Override
    public String url() {
        return "caddy:?port=127.0.0.1:0,127.0.0.1:0:9090&hold-time=60s";
    }

    @Override
    public int rounds() {
        return 6;
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of(
                        "caddy:?engine=lxc&name=-&port=http&network=a/b&network-alias=%20&domain=a_b&tls=maybe&http-port=x"
                                + "&hold-time=2h",
                        "engine",
                        "name",
                        "port",
                        "network",
                        "network-alias",
                        "domain",
                        "tls",
                        "http-port",
                        "hold-time"),
                WrongUrl.of("caddy:?port=/run/app.sock", "port"),
                WrongUrl.of("caddy:?tls=internal", "domain"),
                WrongUrl.of("caddy:?config=/nonexistent&hold-time=1s", "config", "hold-time"));
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(Trouble.DOWN, UnreachableException.class);
    }

    @Override
    public void befall(Trouble trouble) {
        address = NOWHERE;
    }

    /** The engine is not part of the host: core finds nothing of it. */
    @Override
    public Map<String, Inheritable> survivors(Map<String, Inheritable> kept) {
        return Map.of();
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
