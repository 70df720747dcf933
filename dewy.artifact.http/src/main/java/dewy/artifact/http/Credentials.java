package dewy.artifact.http;

import dewy.api.InvalidException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What proves who asks: the headers that were named, and else what netrc holds for the host. */
record Credentials(List<SecretHeader> headers, Netrc netrc) {
    private static final String AUTHORIZATION = "authorization";

    /** Returns the headers to send to a host, fetched now. */
    Map<String, String> of(String host) throws InvalidException {
        Map<String, String> sent = new LinkedHashMap<>();
        for (SecretHeader header : headers) {
            SecretHeader.Header read = header.read();
            sent.put(read.name(), read.value());
        }
        Optional<Netrc.Login> login = sent.containsKey(AUTHORIZATION) ? Optional.empty() : netrc.login(host);
        login.ifPresent(known -> sent.put(AUTHORIZATION, basic(known.user() + ":" + known.password())));
        return sent;
    }

    /** Returns {@code user:password} as RFC 7617 sends it. */
    private static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    }
}
