package dewy.core.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CorruptException;
import dewy.api.InvalidException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Signature;
import java.security.spec.EdDSAParameterSpec;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        Signer signer = Signer.make();
        Signature signing = Signature.getInstance("Ed25519");
        signing.setParameter(new EdDSAParameterSpec(true));
        String signature = ascii(signer.sign(signing, bytes("the artifact")));
        TrustedKeys keys = TrustedKeys.of(signer.key());
        assertThat(publisher.signer(keys, SUFFIX, signature)).isPresent();
        publisher.artifact("another artifact");
        assertThatThrownBy(() -> publisher.signer(keys, SUFFIX, signature)).isInstanceOf(CorruptException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {".sig", ".sigstore.json", ".bundle"})
    void takesBundlesOfEitherFormatUnderAnyOfTheNames(String ending) throws Exception {
        Signer signer = Signer.make();
        TrustedKeys keys = TrustedKeys.of(signer.key());
        String signature = ascii(signer.sign(bytes("the artifact")));
        String former = "{\"base64Signature\":\"" + signature
                + "\",\"cert\":\"LS0t\",\"rekorBundle\":{\"Payload\":{\"logIndex\":1}}}";
        for (String bundle : List.of(former, bundle("\"publicKey\":{\"hint\":\"\"}", signature))) {
            assertThat(publisher.signer(keys, ending, bundle)).isPresent();
            assertThatThrownBy(
                            () -> publisher.signer(TrustedKeys.of(Signer.make().key()), ending, bundle))
                    .isInstanceOf(CorruptException.class);
        }
    }

    @Test
    void saysThatABundleIsByACertificate() throws Exception {
        String signature = ascii(Signer.make().sign(bytes("the artifact")));
        String bundle = bundle("\"certificate\":{\"rawBytes\":\"MIIC\"}", signature);
        TrustedKeys keys = TrustedKeys.of(Signer.make().key());
        assertThatThrownBy(() -> publisher.signer(keys, ".sigstore.json", bundle))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining(", but by a certificate, as where cosign is given no key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"dsseEnvelope":{"payload":"AA=="}} | it is an attestation
            {"messageSignature":{}}             | there is no signature in it
            {"messageSignature":                | malformed JSON
            {"messageSignature":{"signature":"%"}} | it is neither Base64 nor a bundle
            """)
    void saysWhatIsWrongWithABundle(String bundle, String why) throws Exception {
        TrustedKeys keys = TrustedKeys.of(Signer.make().key());
        assertThatThrownBy(() -> publisher.signer(keys, ".bundle", bundle))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining(why);
    }

    private static String bundle(String material, String signature) {
        return "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"verificationMaterial\":{" + material
                + ",\"tlogEntries\":[{\"logIndex\":\"1\"}]},\"messageSignature\":{\"messageDigest\":"
                + "{\"algorithm\":\"SHA2_256\",\"digest\":\"AA==\"},\"signature\":\"" + signature + "\"}}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String ascii(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
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
                .hasMessageContaining("Cannot use the key: cosign:");
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
