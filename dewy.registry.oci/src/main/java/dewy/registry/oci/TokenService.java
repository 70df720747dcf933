package dewy.registry.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.release.RegistryLogin;
import dewy.api.release.RegistryLogin.Kind;
import dewy.http.Challenge;
import dewy.http.Connections;
import dewy.http.Credentials;
import dewy.http.Origin;
import dewy.http.Refusal;
import dewy.http.Request;
import dewy.http.Response;
import dewy.http.RetryAfter;
import dewy.http.WebClient;
import dewy.registry.oci.Logins.Login;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a registry sends those who ask it for a token ("Token Authentication Specification" and "OAuth2 Token Authentication" of
 * Docker's distribution). Safe for use by several threads.
 */
final class TokenService {
    /** What a token is called that nobody in particular got. */
    static final String NOBODY = "a token for nobody in particular";

    private static final String TRIED = "fetch a token for";
    private static final Duration UNSAID = Duration.ofSeconds(60);
    private static final long LONGEST = Duration.ofDays(1).toSeconds();

    /** A token, and for how long it is good. */
    record Token(Credentials credentials, Duration lifetime) {}

    private final ImageRepository repository;
    private final Connections connections;
    private final boolean allowsHttp;
    private final InstantSource clock;

    TokenService(ImageRepository repository, Connections connections, boolean allowsHttp, InstantSource clock) {
        this.repository = repository;
        this.connections = connections;
        this.allowsHttp = allowsHttp;
        this.clock = clock;
    }

    /** Fetches a token of the kind that a registry wants to see. */
    Token fetch(Call call, Challenge challenge, Optional<Login> login) throws DewyException {
        URI realm = realm(challenge);
        Optional<RegistryLogin> shown = login.map(Login::login);
        String source = login.map(Login::source).orElse(NOBODY);
        Optional<RegistryLogin> identity = shown.filter(known -> known.kind() == Kind.IDENTITY_TOKEN);
        Request request = identity.isPresent()
                ? refresh(realm, challenge, identity.get().secret())
                : Request.get(
                        TRIED,
                        repository.toString(),
                        withQuery(realm, form(challenge).collect(Collectors.joining("&"))));
        Credentials credentials = shown.filter(known -> known.kind() == Kind.PASSWORD)
                .map(known -> Credentials.basic(known.user(), known.secret(), source))
                .orElse(Credentials.NONE);
        WebClient web = new WebClient(
                connections,
                (asking, about) -> credentials,
                refusal -> failure(refusal, RegistryDialect.adviceOn(repository, source)),
                allowsHttp,
                clock);
        try (Response response = web.ask(call, request, 200)) {
            return token(response.read(Json::read), source, request);
        }
    }

    /** It has no other errors of its own: a token that ended is refused as a bad request (RFC 6749, section 5.2). */
    private static DewyException failure(Refusal refusal, String advice) {
        Response response = refusal.response();
        int status = response.status();
        if (status == 407 || RetryAfter.of(response, refusal.now()).isPresent()) {
            return refusal.standard("");
        }
        Request request = response.request();
        String why = "the token service " + Origin.of(response.uri()) + " answered " + status;
        return Set.of(400, 401, 403).contains(status)
                ? new UnauthorizedException(Problem.of(request.tried(), request.on(), why, advice))
                : new UnreachableException(Problem.of(request.tried(), request.on(), why, "It is tried again later"));
    }

    private static Token token(Json answer, String source, Request request) throws DewyException {
        Optional<String> token =
                answer.get("token").text().or(() -> answer.get("access_token").text());
        if (token.isEmpty()) {
            throw new UnreachableException(Problem.of(
                    request.tried(), request.on(), Origin.of(request.uri()) + " answered without a token", ""));
        }
        long seconds = answer.get("expires_in").number().orElse(0);
        Duration lifetime = seconds <= 0 ? UNSAID : Duration.ofSeconds(Math.min(seconds, LONGEST));
        return new Token(Credentials.bearer(token.get(), source), lifetime);
    }

    private Request refresh(URI realm, Challenge challenge, String token) {
        String form = Stream.concat(
                        Stream.of(
                                field("grant_type", "refresh_token"),
                                field("client_id", "dewy"),
                                field("refresh_token", token)),
                        form(challenge))
                .collect(Collectors.joining("&"));
        return Request.post(TRIED, repository.toString(), realm, form.getBytes(UTF_8))
                .with("Content-Type", "application/x-www-form-urlencoded");
    }

    /** Returns what is asked for: what the registry names, which may be several scopes, of which each may have commas. */
    private Stream<String> form(Challenge challenge) {
        String scope = challenge.parameter("scope").orElse("repository:" + repository.name() + ":pull");
        List<String> scopes = Arrays.stream(scope.strip().split("\\s+", -1)).toList();
        return Stream.concat(
                challenge.parameter("service").map(name -> field("service", name)).stream(),
                scopes.stream().map(one -> field("scope", one)));
    }

    private static String field(String name, String value) {
        return name + "=" + URLEncoder.encode(value, UTF_8);
    }

    private static URI withQuery(URI realm, String query) {
        String text = realm.toString();
        return URI.create(text + (realm.getRawQuery() == null ? "?" : "&") + query);
    }

    /** Whom a registry names is shown the credentials, so nobody else may read them on the way. */
    private URI realm(Challenge challenge) throws UnreachableException {
        String named = challenge.parameter("realm").orElse("");
        try {
            URI realm = new URI(named);
            Origin origin = Origin.of(realm);
            boolean isSafe = origin.scheme().equals("https") || (origin.scheme().equals("http") && mayBePlain(origin));
            boolean isBare = realm.getRawUserInfo() == null && realm.getRawFragment() == null;
            if (isSafe && isBare && realm.getHost() != null) {
                return realm;
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        throw new UnreachableException(Problem.of(
                TRIED,
                repository,
                "the registry names no address of a token service to which a password may be shown",
                "Mend the registry, so that its realm begins with https://"));
    }

    private boolean mayBePlain(Origin origin) {
        return allowsHttp || (origin.isThisHost() && repository.origin().isThisHost());
    }
}
