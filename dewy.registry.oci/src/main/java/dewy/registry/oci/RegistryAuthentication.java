package dewy.registry.oci;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.Problem;
import dewy.api.release.RegistryLogin;
import dewy.api.release.RegistryLogin.Kind;
import dewy.http.Authentication;
import dewy.http.Challenge;
import dewy.http.Credentials;
import dewy.http.Origin;
import dewy.http.Refusal;
import dewy.http.Request;
import dewy.registry.oci.Logins.Login;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who asks a registry: what it wants to be shown is known by its first refusal, a token or a password, and is renewed before it
 * ends. Safe for use by several threads, of which one fetches.
 */
final class RegistryAuthentication implements Authentication {
    /** For how long a password is shown without looking whether it is another one by now: those of helpers end. */
    private static final Duration PASSWORD_LIFETIME = Duration.ofMinutes(10);

    private static final Duration RENEWAL = Duration.ofSeconds(30);

    private record Held(Challenge asked, Optional<RegistryLogin> login, Credentials credentials, Instant renewal) {}

    private final ImageRepository repository;
    private final Logins logins;
    private final TokenService tokens;
    private final InstantSource clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile Optional<Held> held = Optional.empty();

    RegistryAuthentication(ImageRepository repository, Logins logins, TokenService tokens, InstantSource clock) {
        this.repository = repository;
        this.logins = logins;
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public Credentials credentials(Call call, Request request) throws DewyException {
        Optional<Held> known = held;
        if (known.isEmpty() || !Origin.of(request.uri()).equals(repository.origin())) {
            return Credentials.NONE;
        }
        if (clock.instant().isBefore(known.get().renewal())) {
            return known.get().credentials();
        }
        return renewed(call, known.get());
    }

    @Override
    public boolean refused(Call call, Refusal refusal) throws DewyException {
        Optional<Challenge> challenge = understood(refusal.challenges());
        if (challenge.isEmpty()) {
            return false;
        }
        lock(call);
        try {
            Optional<Held> known = held;
            boolean isOvertaken = known.isPresent() && known.get().credentials() != refusal.credentials();
            if (isOvertaken && known.get().asked().equals(challenge.get())) {
                return true; // Another one has renewed it meanwhile.
            }
            held = Optional.empty();
            Optional<Held> fresh = fetch(call, challenge.get());
            boolean isSame = isPassword(challenge.get())
                    && fresh.flatMap(Held::login)
                            .equals(known.filter(one -> !isOvertaken).flatMap(Held::login));
            held = isSame ? Optional.empty() : fresh;
            return held.isPresent();
        } finally {
            fetching.unlock();
        }
    }

    private Credentials renewed(Call call, Held ending) throws DewyException {
        lock(call);
        try {
            Optional<Held> known = held;
            if (known.isEmpty() || known.get().equals(ending)) {
                held = fetch(call, ending.asked());
            }
            return held.map(Held::credentials).orElse(Credentials.NONE);
        } finally {
            fetching.unlock();
        }
    }

    /** A token says more precisely than a password what it is good for. */
    private static Optional<Challenge> understood(List<Challenge> challenges) {
        return challenges.stream()
                .filter(one ->
                        one.scheme().equals("bearer") && one.parameter("realm").isPresent())
                .findFirst()
                .or(() -> challenges.stream()
                        .filter(RegistryAuthentication::isPassword)
                        .findFirst());
    }

    private static boolean isPassword(Challenge challenge) {
        return challenge.scheme().equals("basic");
    }

    /** Returns what to show; empty where a password is asked for and there is none. */
    private Optional<Held> fetch(Call call, Challenge challenge) throws DewyException {
        Optional<Login> login = logins.find(call);
        Optional<RegistryLogin> shown = login.map(Login::login);
        Instant now = clock.instant();
        if (shown.filter(known -> known.kind() == Kind.REGISTRY_TOKEN).isPresent()) {
            Credentials token =
                    Credentials.bearer(shown.get().secret(), login.orElseThrow().source());
            return Optional.of(new Held(challenge, shown, token, now.plus(PASSWORD_LIFETIME)));
        }
        if (isPassword(challenge)) {
            return login.filter(known -> known.login().kind() == Kind.PASSWORD)
                    .map(known -> new Held(
                            challenge,
                            shown,
                            Credentials.basic(
                                    known.login().user(), known.login().secret(), known.source()),
                            now.plus(PASSWORD_LIFETIME)));
        }
        TokenService.Token token = tokens.fetch(call, challenge, login);
        Duration quarter = token.lifetime().dividedBy(4);
        Duration ahead = quarter.compareTo(RENEWAL) < 0 ? quarter : RENEWAL;
        return Optional.of(new Held(
                challenge,
                shown,
                token.credentials(),
                now.plus(token.lifetime()).minus(ahead)));
    }

    private void lock(Call call) throws DewyException {
        call.check();
        try {
            if (fetching.tryLock(call.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        call.check();
        throw new ExpiredException(
                Problem.of("fetch a token for", repository, "another request for it did not end in time", ""));
    }
}
