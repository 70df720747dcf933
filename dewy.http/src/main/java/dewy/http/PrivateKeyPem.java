package dewy.http;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads private keys in PEM: RSA keys in PKCS #1, RSA and EC keys in PKCS #8 (RFC 8017, appendix A; RFC 5958). */
public final class PrivateKeyPem {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN (RSA )?PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END (RSA )?PRIVATE KEY-----");
    /** Version 0, and the algorithm rsaEncryption with no parameters. */
    private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;

    private PrivateKeyPem() {}

    /**
     * Reads a key.
     *
     * @throws GeneralSecurityException saying nothing about the text, if it is none
     */
    public static PrivateKey parse(String text) throws GeneralSecurityException {
        Matcher pem = PEM.matcher(text);
        if (!pem.find()) {
            throw new GeneralSecurityException("it is not an unencrypted key in PEM");
        }
        try {
            byte[] content = Base64.getMimeDecoder().decode(pem.group(2));
            return decode(pem.group(1) == null ? content : wrap(content));
        } catch (IllegalArgumentException e) {
            throw damaged();
        }
    }

    private static PrivateKey decode(byte[] pkcs8) throws GeneralSecurityException {
        for (String algorithm : List.of("RSA", "EC")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // Of the other kind, or told below: its message may quote the key.
            }
        }
        throw damaged();
    }

    private static GeneralSecurityException damaged() {
        return new GeneralSecurityException("it is damaged");
    }

    private static byte[] wrap(byte[] pkcs1) {
        byte[] key = element(OCTET_STRING, pkcs1);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(RSA);
        content.writeBytes(key);
        return element(SEQUENCE, content.toByteArray());
    }

    /** Encodes a DER element, of up to 65,535 bytes. */
    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length >= 0x80) {
            boolean two = content.length > 0xff;
            out.write(two ? 0x82 : 0x81);
            if (two) {
                out.write(content.length >> 8);
            }
        }
        out.write(content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }
}
