package dewy.registry.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.NotFoundException;
import dewy.api.UnauthorizedException;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.TestCertificate;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registries as people run them. */
@Timeout(120)
class RegistryProgramTest {
    private static final String BASIC = FakeRegistry.basic(FakeRegistry.USER, FakeRegistry.PASSWORD);
    private static final TestImage AMD64 = TestImage.of("linux/amd64", "x");
    private static final TestImage ARM64 = TestImage.docker("linux/arm64", "x");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"docker-registry", "registry"})
    void findsWhatIsPushedAndPushedAgain(String program) throws Exception {
        try (RegistryProgram remote = RegistryProgram.withPassword(folder, program);
                OpenRegistry open = open(remote, FakeRegistry.PASSWORD)) {
            assertThatThrownBy(open::poll).isInstanceOf(NotFoundException.class).hasMessageContaining("NAME_UNKNOWN");
            push(remote, "v1.0.0", AMD64);
            push(remote, "v1.1.0", TestImage.index(ARM64, AMD64));
            for (int i = 0; i < 5; i++) {
                push(remote, "other-" + i, AMD64);
            }
            assertThat(open.poll().orElseThrow()).hasSize(7).contains("v1.0.0", "v1.1.0");
            assertThat(open.image("v1.1.0").digest()).contains(AMD64.digest());
            assertThat(open.poll()).isEmpty();

            TestImage again = TestImage.of("linux/amd64", "again");
            push(remote, "v1.1.0", TestImage.index(ARM64, again));
            assertThat(open.poll().orElseThrow()).hasSize(7);
            assertThat(open.image("v1.1.0").digest()).contains(again.digest());
            assertThat(open.image("v1.0.0").digest()).contains(AMD64.digest());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker-registry", "registry"})
    void isRefusedWithAWrongPassword(String program) throws Exception {
        try (RegistryProgram remote = RegistryProgram.withPassword(folder, program);
                OpenRegistry open = open(remote, "wrong")) {
            assertThatThrownBy(open::poll)
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining("DOCKER_USERNAME and DOCKER_PASSWORD");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker-registry", "registry"})
    void showsTokensAndFetchesAnotherWhereOneHasEnded(String program) throws Exception {
        TestCertificate certificate = TestCertificate.in(folder);
        Instant now = Instant.now();
        Queue<String> tokens = new ArrayDeque<>(List.of(
                token(certificate, now.plus(Duration.ofMinutes(5))),
                token(certificate, now.minus(Duration.ofMinutes(5))),
                token(certificate, now.plus(Duration.ofMinutes(5)))));
        try (HttpStandIn service = new HttpStandIn();
                RegistryProgram remote =
                        RegistryProgram.withTokens(folder, program, service.address() + "/token", certificate.pem());
                OpenRegistry open = open(remote, FakeRegistry.PASSWORD)) {
            AMD64.push(remote.address(), "v1.0.0", "Bearer " + tokens.remove());
            service.answer(
                    asked -> asked.header("Authorization").filter(BASIC::equals).isPresent()
                            ? Answer.of(200, "{\"token\":\"" + tokens.remove() + "\"}")
                            : Answer.of(401, ""));
            assertThatThrownBy(open::poll).as("with a token that has ended").isInstanceOf(UnauthorizedException.class);
            assertThat(open.poll().orElseThrow()).containsExactly("v1.0.0");
            assertThat(open.image("v1.0.0").digest()).contains(AMD64.digest());
            assertThat(service.asked)
                    .extracting(HttpStandIn.Asked::target)
                    .containsOnly("/token?service=registry.test&scope=repository%3Aacme%2Fapp%3Apull");
        }
    }

    private static void push(RegistryProgram remote, String tag, TestImage image) throws Exception {
        image.push(remote.address(), tag, BASIC);
    }

    private OpenRegistry open(RegistryProgram remote, String password) throws Exception {
        Map<String, String> environment = Map.of("DOCKER_USERNAME", FakeRegistry.USER, "DOCKER_PASSWORD", password);
        return new OpenRegistry(remote.url() + "?platform=linux/amd64", folder, environment, InstantSource.system());
    }

    /** Returns a token as the registry asks for it ("Token Authentication Implementation"). */
    private static String token(TestCertificate certificate, Instant end) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(certificate.store())) {
            keys.load(in, "password".toCharArray());
        }
        PrivateKey key = (PrivateKey) Objects.requireNonNull(keys.getKey("test", "password".toCharArray()));
        int bits = ((ECKey) key).getParams().getOrder().bitLength(); // Which curve it is depends on the Java.
        String x5c = Base64.getEncoder()
                .encodeToString(
                        Objects.requireNonNull(keys.getCertificate("test")).getEncoded());
        String header = "{\"typ\":\"JWT\",\"alg\":\"ES" + bits + "\",\"x5c\":[\"" + x5c + "\"]}";
        long from = end.minus(Duration.ofMinutes(10)).getEpochSecond();
        String claims = "{\"iss\":\"issuer.test\",\"sub\":\"robot\",\"aud\":\"registry.test\",\"exp\":"
                + end.getEpochSecond() + ",\"nbf\":" + from + ",\"iat\":" + from + ",\"jti\":\"" + end
                + "\",\"access\":[{\"type\":\"repository\",\"name\":\"acme/app\",\"actions\":[\"pull\",\"push\"]}]}";
        String signed = base64(header.getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
        Signature signature = Signature.getInstance("SHA" + bits + "withECDSAinP1363Format");
        signature.initSign(key);
        signature.update(signed.getBytes(UTF_8));
        return signed + "." + base64(signature.sign());
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
