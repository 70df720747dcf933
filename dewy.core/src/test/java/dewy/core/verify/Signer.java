package dewy.core.verify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;

/** Somebody who signs as cosign does. */
public record Signer(KeyPair pair) {
    public static Signer make() throws GeneralSecurityException {
        return new Signer(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    }

    /** Returns the key as it is trusted with {@code --verify}. */
    public String key() {
        String encoded = Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
        return "cosign:-----BEGIN PUBLIC KEY-----\n" + encoded + "\n-----END PUBLIC KEY-----\n";
    }

    /** Returns what lies beside a file as its signature. */
    public byte[] sign(byte[] content) throws GeneralSecurityException {
        return sign(Signature.getInstance("Ed25519"), content);
    }

    byte[] sign(Signature signing, byte[] content) throws GeneralSecurityException {
        signing.initSign(pair.getPrivate());
        signing.update(content);
        return Base64.getEncoder().encodeToString(signing.sign()).getBytes(StandardCharsets.US_ASCII);
    }
}
