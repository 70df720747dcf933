package dewy.core.verify;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** Plain Ed25519, as in RFC 8032. */
final class Ed25519 {
    static final int KEY = 32;
    static final int SIGNATURE = 64;
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private Ed25519() {}

    static PublicKey key(byte[] raw) throws GeneralSecurityException {
        byte[] encoded = new byte[X509_PREFIX.length + KEY];
        System.arraycopy(X509_PREFIX, 0, encoded, 0, X509_PREFIX.length);
        System.arraycopy(raw, 0, encoded, X509_PREFIX.length, KEY);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    static Signature verification(PublicKey key) throws GeneralSecurityException {
        Signature verification = Signature.getInstance("Ed25519");
        verification.initVerify(key);
        return verification;
    }
}
