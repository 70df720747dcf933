package dewy.artifact.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoProxyTest {
    @ParameterizedTest
    @CsvSource({
        "a.example,        https://a.example/,      true",
        "a.example,        https://B.A.Example/,    true",
        ".a.example,       https://b.a.example/,    true",
        "*.a.example,      https://b.a.example/,    true",
        "a.example,        https://ba.example/,     false",
        "a.example:443,    https://a.example/,      true",
        "a.example:444,    https://a.example/,      false",
        "*,                https://a.example/,      true",
        "'b.example, a.example', https://a.example/, true",
        "10.0.0.0/8,       https://10.200.1.1/,     true",
        "10.0.0.0/8,       https://11.0.0.1/,       false",
        "192.168.1.64/26,  https://192.168.1.127/,  true",
        "192.168.1.64/26,  https://192.168.1.128/,  false",
        "fd00::/8,         https://[fd12::1]/,      true",
        "fd00::/8,         https://[fe12::1]/,      false",
        "[fd12::1]:443,    https://[fd12::1]/,      true",
        "10.0.0.0/8,       https://a10.example/,    false",
        "'',               https://a.example/,      false",
        "'',               http://localhost:8080/,  true",
        "'',               http://[::1]:8080/,      true",
    })
    void readsNoProxyAsOtherProgramsDo(String list, URI uri, boolean direct) {
        assertThat(NoProxy.parse(list).covers(uri)).isEqualTo(direct);
    }
}
