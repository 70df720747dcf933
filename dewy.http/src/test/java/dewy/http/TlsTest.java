package dewy.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.UnreachableException;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.TestAuthority;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers whose certificates an authority of one's own has signed. */
@Timeout(60)
class TlsTest {
    private static final Environment NOTHING = name -> Optional.empty();

    @TempDir
    static Path shared;

    private static TestAuthority authority;

    @TempDir
    Path folder;

    @BeforeAll
    static void found() throws Exception {
        authority = TestAuthority.in(shared);
    }

    @Test
    void trustsTheAuthorityThatTheEnvironmentOrTheUrlNames() throws Exception {
        try (HttpStandIn server = HttpStandIn.secured(authority.server())) {
            server.answer(asked -> Answer.of(200, "whole"));
            String pem = authority.pem().toString();
            assertThat(fetch(server, Network.of(name -> Optional.of(pem).filter(set -> name.equals("SSL_CERT_FILE")))))
                    .isEqualTo("whole");
            assertThat(fetch(server, network("x://?ca=" + pem))).isEqualTo("whole");
            assertThatThrownBy(() -> fetch(server, Network.of(NOTHING)))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("SSL_CERT_FILE")
                    .hasMessageContaining("ca=");
        }
    }

    @Test
    void showsAServerTheCertificateThatTheUrlNames() throws Exception {
        try (HttpStandIn server = HttpStandIn.securedForKnownClients(authority.server())) {
            server.answer(asked -> Answer.of(200, "whole"));
            String url = "x://?ca=" + authority.pem();
            Path both = authority.client();
            assertThat(fetch(server, network(url + "&cert=" + both))).isEqualTo("whole");
            assertThat(fetch(server, network(url + "&cert=" + both + "&key=" + both)))
                    .isEqualTo("whole");
            assertThatThrownBy(() -> fetch(server, network(url))).isInstanceOf(UnreachableException.class);
        }
    }

    /** It proves who asks, as a password does. */
    @Test
    void showsNoCertificateWhereARedirectLeads() throws Exception {
        try (HttpStandIn server = HttpStandIn.securedForKnownClients(authority.server());
                HttpStandIn elsewhere = HttpStandIn.securedForKnownClients(authority.server())) {
            server.answer(asked -> Answer.redirect(elsewhere.address() + "/other"));
            elsewhere.answer(asked -> Answer.of(200, "whole"));
            Network network = network("x://?ca=" + authority.pem() + "&cert=" + authority.client());
            assertThatThrownBy(() -> fetch(server, network)).isInstanceOf(UnreachableException.class);
            assertThat(server.asked).hasSize(1);
            assertThat(elsewhere.asked).isEmpty();
        }
    }

    @Test
    void stillTrustsWhomJavaTrusts() throws Exception {
        Tls tls = network("x://?ca=" + authority.pem()).tls();
        assertThat(tls.trustManager().getAcceptedIssuers()).hasSizeGreaterThan(10);
    }

    @Test
    void filesWithTheSameContentMakeOneWay() throws Exception {
        Path copy = Files.copy(authority.pem(), folder.resolve("copy.pem"));
        assertThat(network("x://?ca=" + copy)).isEqualTo(network("x://?ca=" + authority.pem()));
        SharedConnections shared = new SharedConnections();
        assertThat(shared.by(network("x://?ca=" + copy))).isSameAs(shared.by(network("x://?ca=" + authority.pem())));
        assertThat(shared.by(Network.of(NOTHING))).isNotSameAs(shared.by(network("x://?ca=" + copy)));
    }

    @Test
    void namesWhatCannotBeUsedAndShowsNothingOfIt() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        Path encrypted = Files.writeString(
                folder.resolve("key.pem"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nhidden\n-----END ENCRYPTED PRIVATE KEY-----\n");
        String cert = "cert=" + authority.client();
        assertThatThrownBy(() -> network("x://?ca=" + empty + "&" + cert + "&key=" + encrypted))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("ca=" + empty + " holds no certificates in PEM")
                .hasMessageContaining("key=" + encrypted + ": it is not an unencrypted key in PEM; openssl pkcs8")
                .hasMessageNotContaining("hidden");
        assertThatThrownBy(() -> network("x://?key=/no")).hasMessageContaining("key= is of no use without cert=");
        assertThatThrownBy(() -> network("x://?ca=/no&cert=/neither"))
                .hasMessageContaining("ca=/no cannot be read")
                .hasMessageContaining("cert=/neither cannot be read");
        assertThatThrownBy(() -> Network.of(name -> Optional.of("/no").filter(set -> name.equals("SSL_CERT_FILE"))))
                .isInstanceOf(InvalidException.class)
                .hasMessageStartingWith("Cannot use the environment's SSL_CERT_FILE=/no: it cannot be read");
    }

    private static Network network(String url) throws InvalidException {
        Parameters parameters = Parameters.of(PluginUrl.parse(url));
        Network network = Network.of(parameters, NOTHING);
        parameters.finish();
        return network;
    }

    private static String fetch(HttpStandIn server, Network network) throws DewyException {
        WebClient web = new WebClient(
                new Connections(network, Duration.ofSeconds(20)),
                Authentication.NONE,
                refusal -> refusal.standard(""),
                false,
                InstantSource.system());
        try (CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(30));
                Response response = web.ask(call, Request.get("fetch", URI.create(server.address())), 200)) {
            return new String(response.bytes(100), UTF_8);
        }
    }
}
