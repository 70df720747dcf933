package dewy.registry.github;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads RSA private keys in PEM: PKCS #1, as GitHub hands them out, and PKCS #8 (RFC 8017, appendix A; RFC 5958). */
final class PrivateKeyPem {
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
     * @throws InvalidException saying nothing about the text, if it is none
     */
    static PrivateKey parse(String text) throws InvalidException {
        Matcher pem = PEM.matcher(text);
        if (!pem.find()) {
            throw invalid("it is not an unencrypted RSA key in PEM");
        }
        try {
            byte[] content = Base64.getMimeDecoder().decode(pem.group(2));
            byte[] pkcs8 = pem.group(1) == null ? content : wrap(content);
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Their messages may quote the key, so they are dropped.
            throw invalid("it is damaged");
        }
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

    private static InvalidException invalid(String why) {
        String advice = "Take the file that GitHub offers under \"Private keys\" in the settings of the App";
        return new InvalidException(Problem.of("use the private key of the GitHub App", "", why, advice));
    }
}
