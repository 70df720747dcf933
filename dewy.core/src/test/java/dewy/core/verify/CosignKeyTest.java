package dewy.core.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CorruptException;
import dewy.api.InvalidException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.EdDSAParameterSpec;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures as {@code cosign sign-blob} makes them, by OpenSSL. */
class CosignKeyTest {
    private static final String SUFFIX = ".sig";
    private static final String P256 = "EC -pkeyopt ec_paramgen_curve:P-256";

    @TempDir
    Path folder;

    private Signing publisher;

    @BeforeEach
    void publish() throws Exception {
        publisher = new Signing(folder);
        publisher.artifact("the artifact");
    }

    @ParameterizedTest
    @ValueSource(strings = {P256, "RSA -pkeyopt rsa_keygen_bits:2048", "ED25519"})
    void takesWhatIsSignedAndRefusesWhatIsNot(String kind) throws Exception {
        TrustedKeys keys = key("key", kind);
        TrustedKeys other = key("other", kind);
        sign(kind);
        String name = "cosign:" + fingerprint("key");
        assertThat(publisher.signer(keys, SUFFIX)).contains(name);
        assertThatThrownBy(() -> publisher.signer(other, SUFFIX))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("is not signed by cosign:" + fingerprint("other"));
        publisher.artifact("the Artifact");
        assertThatThrownBy(() -> publisher.signer(keys, SUFFIX))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("app.tar.gz.sig: it is not of these bytes by the key " + name);
    }

    /** As cosign signs with such a key where it tells a transparency log. */
    @Test
    void takesWhatIsSignedWithEd25519ph() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Signature signing = Signature.getInstance("Ed25519");
        signing.setParameter(new EdDSAParameterSpec(true));
        signing.initSign(pair.getPrivate());
        signing.update("the artifact".getBytes(StandardCharsets.UTF_8));
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()) + "\n-----END PUBLIC KEY-----\n";
        String signature = Base64.getEncoder().encodeToString(signing.sign());
        assertThat(publisher.signer(TrustedKeys.of("cosign:" + pem), SUFFIX, signature))
                .isPresent();
        publisher.artifact("another artifact");
        assertThatThrownBy(() -> publisher.signer(TrustedKeys.of("cosign:" + pem), SUFFIX, signature))
                .isInstanceOf(CorruptException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"bundle\": 1}", "MEUC", "AAAA"})
    void refusesWhatIsNoSignature(String text) throws Exception {
        TrustedKeys keys = key("key", P256);
        assertThatThrownBy(() -> publisher.signer(keys, SUFFIX, text)).isInstanceOf(CorruptException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC -pkeyopt ec_paramgen_curve:P-384", "RSA -pkeyopt rsa_keygen_bits:1024", "X25519"})
    void refusesOtherKeys(String kind) {
        assertThatThrownBy(() -> key("key", kind))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("Cannot use the key cosign:");
    }

    @Test
    void refusesAPrivateKey() throws Exception {
        key("key", P256);
        assertThatThrownBy(() -> TrustedKeys.of("cosign:" + folder.resolve("key")))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("it is no public key as PEM");
    }

    private TrustedKeys key(String file, String kind) throws Exception {
        publisher.run(("openssl genpkey -out " + file + " -algorithm " + kind).split(" ", -1));
        publisher.run("openssl", "pkey", "-in", file, "-pubout", "-out", file + ".pub");
        return TrustedKeys.of("cosign:" + folder.resolve(file + ".pub"));
    }

    private String fingerprint(String file) throws Exception {
        publisher.run("openssl", "pkey", "-pubin", "-in", file + ".pub", "-outform", "DER", "-out", "key.der");
        return publisher.run("sha256sum", "key.der").substring(0, 16);
    }

    private void sign(String kind) throws Exception {
        String command = "ED25519".equals(kind)
                ? "openssl pkeyutl -sign -rawin -inkey key -in app.tar.gz -out raw"
                : "openssl dgst -sha256 -sign key -out raw app.tar.gz";
        publisher.run(command.split(" ", -1));
        Files.write(
                folder.resolve(Signing.NAME + SUFFIX),
                Base64.getEncoder().encode(Files.readAllBytes(folder.resolve("raw"))));
    }
}
