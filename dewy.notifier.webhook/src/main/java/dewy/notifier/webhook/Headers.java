package dewy.notifier.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.Call;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.Secret;
import dewy.http.Authentication;
import dewy.http.Credentials;
import dewy.http.Request;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What proves who posts: headers that were given, a token, a signature with a time as "Standard Webhooks" 1.0 has it
 * (standardwebhooks.com): HMAC-SHA256 over {@code id.timestamp.body}. All secrets are read anew for each request.
 */
final class Headers implements Authentication {
    private static final Pattern LINE =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([\\x21-\\x7e][ -~\\t]*)");
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");
    private static final String ENCODED = "whsec_";
    /** Those that say how a message is sent, or which are set here. */
    private static final Set<String> OURS = Set.of(
            "host",
            "connection",
            "content-length",
            "content-type",
            "expect",
            "transfer-encoding",
            "upgrade",
            "proxy-authorization",
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature");

    private final WebhookSettings settings;
    private final InstantSource clock;

    Headers(WebhookSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Credentials credentials(Call call, Request request) throws InvalidException {
        Map<String, String> sent = new LinkedHashMap<>();
        for (Secret header : settings.headers()) {
            Matcher line = line(header);
            sent.put(line.group(1).toLowerCase(Locale.ROOT), line.group(2));
        }
        if (settings.token().isPresent() && settings.format().sendsTokenAsHeader()) {
            sent.put("authorization", "Bearer " + token(settings.token().get()));
        }
        if (settings.secret().isPresent()) {
            String time = Long.toString(clock.instant().getEpochSecond());
            sent.put("webhook-timestamp", time);
            sent.put("webhook-signature", "v1," + signature(settings.secret().get(), time, request));
        }
        return Credentials.of(sent, "the headers of " + request.on());
    }

    private static String signature(Secret secret, String time, Request request) throws InvalidException {
        String id = request.headers().getOrDefault("webhook-id", "");
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(secret), "HmacSHA256"));
            mac.update((id + "." + time + ".").getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(request.body().orElse(new byte[0])));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }

    /** Returns what to sign with: the secret as it is, or what it encodes where it says so. */
    private static byte[] key(Secret secret) throws InvalidException {
        String text = secret.reveal().strip();
        if (!text.startsWith(ENCODED)) {
            return text.getBytes(UTF_8);
        }
        try {
            byte[] key = Base64.getDecoder().decode(text.substring(ENCODED.length()));
            if (key.length > 0) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // Told below; the exception would quote it.
        }
        String why = "what follows " + ENCODED + " is not Base64";
        throw new InvalidException(Problem.of("use the secret in", secret, why, "Set it anew"));
    }

    private static String token(Secret token) throws InvalidException {
        String text = token.reveal().strip();
        if (!VISIBLE.matcher(text).matches()) {
            String why = "it holds characters that no token has";
            throw new InvalidException(Problem.of("use the token in", token, why, "Set it anew"));
        }
        return text;
    }

    /** The JDK's client would quote a header that it does not like. */
    private static Matcher line(Secret header) throws InvalidException {
        Matcher line = LINE.matcher(header.reveal().strip());
        if (line.matches() && !OURS.contains(line.group(1).toLowerCase(Locale.ROOT))) {
            return line;
        }
        String why = line.matches()
                ? "the header " + line.group(1) + " is not one to be set"
                : "it is not one line such as \"Authorization: Bearer …\"";
        throw new InvalidException(
                Problem.of("use the header in", header, why, "Let it hold a name, a colon and a value"));
    }
}
