package dewy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.InvalidException;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyEnvironmentTest {
    /** "user:p@ss w+rd" */
    private static final String BASIC = "Basic dXNlcjpwQHNzIHcrcmQ=";

    private final HttpStandIn proxy = new HttpStandIn();

    ProxyEnvironmentTest() throws IOException {
        proxy.answer(asked -> Answer.of(asked.method().equals("CONNECT") ? 502 : 204, ""));
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
    }

    @Test
    void asksTheProxyWithItsCredentialsForWhatIsNotEncrypted() throws Exception {
        HttpResponse<String> answer = get(Map.of("HTTP_PROXY", withPassword()), "http://service.example/path?a=b")
                .orElseThrow();

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(asked().target()).isEqualTo("http://service.example/path?a=b");
        assertThat(asked().header("Proxy-Authorization")).hasValue(BASIC);
    }

    @Test
    void opensATunnelWithItsCredentialsForWhatIsEncrypted() throws Exception {
        get(Map.of("HTTPS_PROXY", withPassword()), "https://service.example/path");

        assertThat(asked().method()).isEqualTo("CONNECT");
        assertThat(asked().target()).isEqualTo("service.example:443");
        assertThat(asked().header("Proxy-Authorization")).hasValue(BASIC);
        assertThat(asked().toString()).doesNotContain("/path");
    }

    @Test
    void needsNoCredentialsNorScheme() throws Exception {
        get(Map.of("http_proxy", address()), "http://service.example/");

        assertThat(asked().target()).isEqualTo("http://service.example/");
        assertThat(asked().header("Proxy-Authorization")).isEmpty();
    }

    @Test
    void capitalsComeFirstAndEachSchemeHasItsOwn() throws Exception {
        ProxyEnvironment environment = of(Map.of(
                "HTTPS_PROXY",
                "http://one.example:1",
                "https_proxy",
                "http://two.example:2",
                "HTTP_PROXY",
                " ",
                "http_proxy",
                "three.example:3"));
        assertThat(environment)
                .hasToString(
                        "http Optional[three.example:3], https Optional[one.example:1], not for NoProxy[entries=[]]");
    }

    @Test
    void namesTheProxyThatLeadsToATargetWithoutItsCredentials() throws Exception {
        ProxyEnvironment environment = of(Map.of("HTTPS_PROXY", "http://user:secret@proxy.example:3128"));
        assertThat(environment.nameFor(URI.create("https://service.example/"))).hasValue("proxy.example:3128");
        assertThat(environment.nameFor(URI.create("http://service.example/"))).isEmpty();
        assertThat(environment.nameFor(URI.create("https://localhost/"))).isEmpty();
    }

    @Test
    void withoutAProxyItIsTheServerThatIsAsked() throws Exception {
        String here = "http://" + address() + "/direct";
        get(Map.of("HTTPS_PROXY", "http://user:secret@127.0.0.1:1"), here);
        assertThat(asked().target()).isEqualTo("/direct");

        get(Map.of("HTTP_PROXY", "http://user:secret@127.0.0.1:1"), here);
        assertThat(proxy.asked).hasSize(2);
        assertThat(asked().target()).isEqualTo("/direct");
        assertThat(asked().headers().keySet()).noneMatch(name -> name.startsWith("proxy-"));
    }

    @Test
    void knowsWhatNeedsNoProxy() {
        for (String list : List.of(
                "*",
                "service.example",
                ".example",
                "example",
                "*.example",
                "a.b, SERVICE.example:443",
                "x service.example"))
            assertThat(covers(list, "https://service.example/")).as(list).isTrue();
        for (String list : List.of("", "vice.example", "service.example:8443", "service.example.org", "10.0.0.0/8"))
            assertThat(covers(list, "https://service.example/")).as(list).isFalse();
        assertThat(covers("10.0.0.0/8", "https://10.255.0.1/")).isTrue();
        assertThat(covers("10.0.0.0/8", "https://11.0.0.1/")).isFalse();
        assertThat(covers("0.0.0.0/0", "https://11.0.0.1/")).isTrue();
        assertThat(covers("10.1.2.3", "https://10.1.2.3:8443/")).isTrue();
        assertThat(covers("2.3", "https://10.1.2.3/")).isFalse();
        assertThat(covers("10.0.0.0/99", "https://10.0.0.1/")).isFalse();
        assertThat(covers("192.168.1.64/26", "https://192.168.1.127/")).isTrue();
        assertThat(covers("192.168.1.64/26", "https://192.168.1.128/")).isFalse();
        assertThat(covers("fd00::/8", "https://[fd12::1]/")).isTrue();
        assertThat(covers("fd00::/8", "https://[fe12::1]/")).isFalse();
        assertThat(covers("10.0.0.0/8", "https://a10.example/")).isFalse();
        assertThat(covers("fd00::1", "https://[fd00::1]/")).isTrue();
        assertThat(covers("[fd00::1]", "https://[fd00::1]:8443/")).isTrue();
        for (String here : List.of("localhost", "127.0.0.1", "127.9.9.9", "[::1]")) {
            assertThat(covers("", "http://" + here + ":1234/")).as(here).isTrue();
        }
    }

    @Test
    void whatCannotBeUsedIsNamedWithoutShowingIt() {
        for (String value : List.of(
                "socks5://user:secret@h:1",
                "https://user:secret@h:1",
                "http://user:secret@h:x",
                "http://us er:secret@h:1",
                "http://user:%zzsecret@h:1",
                "http://",
                "secret:secret:secret")) {
            assertThatThrownBy(() -> of(Map.of("https_proxy", value)))
                    .as(value)
                    .isInstanceOf(InvalidException.class)
                    .hasMessageStartingWith("Cannot use the proxy of the environment's HTTPS_PROXY")
                    .hasMessageNotContaining("secret")
                    .hasNoCause();
        }
    }

    @Test
    void showsNoCredentials() throws Exception {
        ProxyEnvironment environment = of(Map.of("HTTPS_PROXY", "http://user:secret@proxy.example:3128"));
        assertThat(environment.toString()).contains("***@proxy.example:3128").doesNotContain("secret", "user");
        Throwable failure = catchThrowable(
                () -> get(Map.of("HTTP_PROXY", "http://user:secret@127.0.0.1:1"), "http://service.example/"));
        assertThat(String.valueOf(failure)).doesNotContain("secret", "dXNlcjpzZWNyZXQ");
    }

    private static boolean covers(String list, String target) {
        return NoProxy.parse(list).covers(URI.create(target));
    }

    private static ProxyEnvironment of(Map<String, String> variables) throws InvalidException {
        return ProxyEnvironment.of(name -> Optional.ofNullable(variables.get(name)));
    }

    private String address() {
        return "127.0.0.1:" + proxy.port();
    }

    /** Returns what was asked last. */
    private Asked asked() {
        return proxy.asked.get(proxy.asked.size() - 1);
    }

    private String withPassword() {
        return "http://user:p%40ss%20w+rd@" + address();
    }

    /** Asks; a tunnel that the proxy refuses is no answer. */
    private Optional<HttpResponse<String>> get(Map<String, String> variables, String target) throws Exception {
        ProxyEnvironment environment = of(variables);
        URI uri = URI.create(target);
        HttpClient client = environment
                .through(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1))
                .build();
        HttpRequest request =
                environment.authorize(HttpRequest.newBuilder(uri), uri).build();
        try {
            return Optional.of(client.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            if (uri.getScheme().equals("https")) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
