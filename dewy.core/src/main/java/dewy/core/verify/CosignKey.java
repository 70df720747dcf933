package dewy.core.verify;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.release.Digest;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.EdDSAParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/**
 * A key of <a href="https://docs.sigstore.dev/cosign/">cosign</a>, or any in the same format: PEM, with signatures as by
 * {@code cosign sign-blob --key}.
 */
record CosignKey(PublicKey key) implements TrustedKey {
    static final String SCHEME = "cosign";
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";
    private static final int P256 = 256;
    private static final int SHORTEST_RSA = 2048;
    private static final int SHOWN = 16;

    static CosignKey read(String text) throws MalformedException {
        String pem = text.strip();
        if (!pem.startsWith(BEGIN) || !pem.endsWith(END)) {
            throw new MalformedException("it is no public key as PEM, which begins with " + BEGIN);
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(pem.substring(BEGIN.length(), pem.length() - END.length()));
            for (String algorithm : List.of("EC", "Ed25519", "RSA")) {
                try {
                    return of(KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded)));
                } catch (InvalidKeySpecException e) {
                    // It is of another kind.
                }
            }
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new MalformedException("it is damaged: " + e.getMessage(), e);
        }
        throw new MalformedException("it is no key that Java can read; known are ECDSA P-256, Ed25519 and RSA");
    }

    private static CosignKey of(PublicKey key) throws MalformedException {
        if (key instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() != P256) {
            throw new MalformedException("its curve is not P-256, which is what cosign's own keys have");
        }
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < SHORTEST_RSA) {
            throw new MalformedException("RSA keys of less than " + SHORTEST_RSA + " bits are not safe");
        }
        return new CosignKey(key);
    }

    /** Returns whether a text is a key and not the name of a file. */
    static boolean isInline(String text) {
        return text.startsWith("-----BEGIN");
    }

    @Override
    public List<String> endings() {
        return List.of(".sig", ".sigstore.json", ".bundle");
    }

    /** The first digits of what {@code openssl pkey -pubin -outform DER | sha256sum} says. */
    @Override
    public String name() {
        return SCHEME + ":" + Digest.of(key.getEncoded()).hex().substring(0, SHOWN);
    }

    @Override
    public void require(Call call, String text, SignedFile artifact)
            throws NotSignedException, DewyException, IOException {
        CosignSignature signature = CosignSignature.read(text);
        boolean isEd25519 = key instanceof EdECPublicKey;
        boolean isGood = isEd25519
                ? isEd25519(call, signature.bytes(), artifact)
                : isBy(call, verification(algorithm()), signature.bytes(), artifact);
        if (!isGood) {
            boolean isUntried = isEd25519 && !artifact.fitsInMemory();
            throw new NotSignedException("it is not of these bytes by the key " + name()
                    + (signature.hasCertificate() ? ", but by a certificate, as where cosign is given no key" : "")
                    + (isUntried
                            ? "; whether it is of the plain kind of Ed25519 is not looked at above "
                                    + (SignedFile.LARGEST_IN_MEMORY >> 20) + " MiB"
                            : ""));
        }
    }

    /** cosign signs with Ed25519ph where the signature goes into a transparency log, and plainly else. */
    private boolean isEd25519(Call call, byte[] signature, SignedFile artifact) throws DewyException, IOException {
        Signature prehashed = verification("Ed25519");
        try {
            prehashed.setParameter(new EdDSAParameterSpec(true));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java has Ed25519ph", e);
        }
        return isBy(call, prehashed, signature, artifact)
                || (artifact.fitsInMemory() && isBy(call, verification("Ed25519"), signature, artifact));
    }

    private String algorithm() {
        return key instanceof ECPublicKey ? "SHA256withECDSA" : "SHA256withRSA";
    }

    private Signature verification(String algorithm) {
        try {
            Signature verification = Signature.getInstance(algorithm);
            verification.initVerify(key);
            return verification;
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("the key was read by Java", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java has " + algorithm, e);
        }
    }

    private static boolean isBy(Call call, Signature verification, byte[] signature, SignedFile artifact)
            throws DewyException, IOException {
        try {
            artifact.feed(call, verification::update);
            return verification.verify(signature);
        } catch (SignatureException e) {
            return false; // It has not even the form of one, as that of another kind of key.
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a signature takes bytes", e);
        }
    }
}
