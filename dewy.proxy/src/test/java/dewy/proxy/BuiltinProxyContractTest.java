package dewy.proxy;

import dewy.api.DewyException;
import dewy.api.plugin.Provider;
import dewy.api.proxy.Proxy;
import dewy.tck.ProxyContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class BuiltinProxyContractTest extends ProxyContract {
    private static BuiltinProxies proxies;

    @BeforeAll
    static void start(@TempDir Path home) throws Exception {
        proxies = new BuiltinProxies(home);
    }

    @AfterAll
    static void end() {
        proxies.close();
    }

    @Override
    public Provider<Proxy> provider() {
        return proxies.provider();
    }

    @Override
    public String url() {
        return "builtin:?port=127.0.0.1:0,127.0.0.1:0:9090&hold-time=60s";
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of(
                        "builtin:?port=http&mode=udp&balance=best&hold-time=long&hold-limit=-1&header-limit=1",
                        "port",
                        "mode",
                        "balance",
                        "hold-time",
                        "hold-limit",
                        "header-limit"),
                WrongUrl.of("builtin:?host=a.*.example&path=shop/", "host", "path"),
                WrongUrl.of("builtin:?mode=tcp&host=a.example&path=/shop", "host", "path"),
                WrongUrl.of(
                        "builtin:?connect-timeout=0s&request-timeout=0s&response-timeout=0s&keep-alive=0s"
                                + "&backend-keep-alive=0s&idle-timeout=0s&header-limit=2MB&hold-time=8d&port=1,1",
                        "connect-timeout",
                        "request-timeout",
                        "response-timeout",
                        "keep-alive",
                        "backend-keep-alive",
                        "idle-timeout",
                        "header-limit",
                        "hold-time",
                        "port"),
                WrongUrl.of(
                        "builtin:?failures=0&ejection-time=0s&health-path=health&health-interval=0s&health-rise=0"
                                + "&health-fall=1001&protocol=v1&access-log=xml&access-log-size=1",
                        "failures",
                        "ejection-time",
                        "health-path",
                        "health-interval",
                        "health-rise",
                        "health-fall",
                        "protocol",
                        "access-log",
                        "access-log-size"),
                WrongUrl.of("builtin:?tls-cert=a.pem&tls-min=1.1", "tls-key", "tls-min"),
                WrongUrl.of("builtin:?tls-key=a.key", "tls-cert"),
                WrongUrl.of("builtin:?tls-min=1.3", "tls-min"));
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
        return "127.0.0.1:0";
    }

    @Override
    protected String otherListener() {
        return "127.0.0.1:0:9090";
    }
}
