package dewy.registry.github;

import dewy.api.InvalidException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** Signs the tokens by which a GitHub App says who it is (RFC 7519, RS256 of RFC 7518). */
final class AppJwt {
    /** GitHub's clock may be behind ours. */
    private static final Duration EARLIER = Duration.ofSeconds(60);
    /** GitHub allows ten minutes. */
    private static final Duration LIFE = Duration.ofMinutes(9);

    private AppJwt() {}

    static Token sign(AppIdentity identity, Instant now) throws InvalidException {
        String header = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
        String claims = "{\"iat\":" + now.minus(EARLIER).getEpochSecond() + ",\"exp\":"
                + now.plus(LIFE).getEpochSecond() + ",\"iss\":\"" + identity.app() + "\"}";
        String signed =
                encode(header.getBytes(StandardCharsets.UTF_8)) + "." + encode(claims.getBytes(StandardCharsets.UTF_8));
        PrivateKey key = PrivateKeyPem.parse(identity.privateKey());
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return new Token(signed + "." + encode(signature.sign()), "the key of the GitHub App " + identity.app());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an RSA key that was read cannot sign", e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
