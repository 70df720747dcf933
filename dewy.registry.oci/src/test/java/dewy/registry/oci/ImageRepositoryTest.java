package dewy.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRepositoryTest {
    @ParameterizedTest
    @CsvSource({
        "img://nginx, docker.io/library/nginx, https://registry-1.docker.io/v2/library/nginx/tags/list",
        "img://acme/app, docker.io/acme/app, https://registry-1.docker.io/v2/acme/app/tags/list",
        "img://docker.io/nginx, docker.io/library/nginx, https://registry-1.docker.io/v2/library/nginx/tags/list",
        "img://index.docker.io/acme/app, docker.io/acme/app, https://registry-1.docker.io/v2/acme/app/tags/list",
        "img://ghcr.io/acme/app, ghcr.io/acme/app, https://ghcr.io/v2/acme/app/tags/list",
        "img://GHCR.io/acme/app, ghcr.io/acme/app, https://ghcr.io/v2/acme/app/tags/list",
        "img://us-docker.pkg.dev/p/r/a_b__c-d.e, us-docker.pkg.dev/p/r/a_b__c-d.e, https://us-docker.pkg.dev/v2/p/r/a_b__c-d.e/tags/list",
        "img://example.com:8443/app, example.com:8443/app, https://example.com:8443/v2/app/tags/list",
        "img://localhost/app, localhost/app, http://localhost/v2/app/tags/list",
        "img://localhost:5000/app, localhost:5000/app, http://localhost:5000/v2/app/tags/list",
        "img://127.0.0.1:5000/app?tls=true, 127.0.0.1:5000/app, https://127.0.0.1:5000/v2/app/tags/list",
        "img://[::1]:5000/app, [::1]:5000/app, http://[::1]:5000/v2/app/tags/list",
    })
    void isWhatEnginesTakeItFor(String url, String reference, String address) throws Exception {
        ImageRepository repository = repository(url);
        assertThat(repository).hasToString(reference);
        assertThat(repository.address("tags/list")).hasToString(address);
        assertThat(repository.reference("v1.2.3")).isEqualTo(reference + ":v1.2.3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://index.docker.io/v1/",
                "https://index.docker.io/v1",
                "docker.io",
                "index.docker.io",
                "registry-1.docker.io",
                "docker.io/acme",
                "https://docker.io/acme/app/"
            })
    void takesCredentialsThatAreMeantForIt(String key) throws Exception {
        assertThat(repository("img://acme/app").nearness(key)).isNotNegative();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ghcr.io",
                "docker.io.example.com",
                "docker.io/acm",
                "docker.io/acme/app/part",
                "docker.io:443",
                "",
                "https://",
                "https://index.docker.io/v1/access-token"
            })
    void takesNoCredentialsThatAreMeantForOthers(String key) throws Exception {
        assertThat(repository("img://acme/app").nearness(key)).isNegative();
    }

    @Test
    void knowsItsOwnImages() throws Exception {
        ImageRepository repository = repository("img://ghcr.io/acme/app");
        assertThat(repository.has("ghcr.io/acme/app")).isTrue();
        assertThat(repository.has("ghcr.io/acme/app:v1")).isTrue();
        assertThat(repository.has("ghcr.io/acme/app@sha256:00")).isTrue();
        assertThat(repository.has("ghcr.io/acme/app2:v1")).isFalse();
        assertThat(repository.has("ghcr.io/acme/app/part:v1")).isFalse();
        assertThat(repository.has("evil.example/ghcr.io/acme/app:v1")).isFalse();
    }

    private static ImageRepository repository(String text) throws Exception {
        PluginUrl url = PluginUrl.parse(text);
        Parameters parameters = Parameters.of(url);
        ImageRepository repository = ImageRepository.of(url, parameters, false);
        parameters.finish();
        return repository;
    }
}
