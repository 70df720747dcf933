package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The installation token of a GitHub App: fetched when it is first needed, kept in memory, and fetched anew five minutes
 * before it expires. Where this host's clock is wrong, GitHub's is gone by. Safe for use by several threads, of which one fetches.
 */
final class AppTokens {
    private static final Duration RENEWAL = Duration.ofMinutes(5);

    /** More than an answer takes to arrive. */
    private static final Duration TOLERANCE = Duration.ofSeconds(30);

    private record Kept(String app, String installation, Token token, Instant expires) {
        boolean serves(AppIdentity identity, Instant now) {
            return app.equals(identity.app())
                    && installation.equals(identity.installation())
                    && now.isBefore(expires.minus(RENEWAL));
        }
    }

    private final Transport transport;
    private final ApiAddress address;
    private final InstantSource clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile Optional<Kept> kept = Optional.empty();
    /** How far GitHub's clock is ahead of ours; used by whoever fetches. */
    private Duration ahead = Duration.ZERO;

    AppTokens(Transport transport, ApiAddress address, InstantSource clock) {
        this.transport = transport;
        this.address = address;
        this.clock = clock;
    }

    Token token(Call call, AppIdentity identity) throws DewyException {
        Optional<Kept> known = current(identity);
        if (known.isPresent()) {
            return known.get().token();
        }
        lock(call);
        try {
            known = current(identity);
            Kept current = known.isPresent() ? known.get() : fetch(call, identity);
            kept = Optional.of(current);
            return current.token();
        } finally {
            fetching.unlock();
        }
    }

    /** Lets go of a token that GitHub refused. */
    void forget(Token token) {
        kept = kept.filter(held -> held.token() != token);
    }

    private Optional<Kept> current(AppIdentity identity) {
        return kept.filter(held -> held.serves(identity, clock.instant()));
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
                new Problem("fetch a token for the GitHub App", "", "another request for it did not end in time", ""));
    }

    /** Fetches a token; when it is refused and GitHub's clock is another one, once more by that clock. */
    private Kept fetch(Call call, AppIdentity identity) throws DewyException {
        Optional<Kept> fetched = ask(call, identity, true);
        return fetched.isPresent() ? fetched.get() : ask(call, identity, false).orElseThrow();
    }

    /** Asks for a token; empty if that is worth another try, now that the clock is corrected. */
    private Optional<Kept> ask(Call call, AppIdentity identity, boolean mayCorrect) throws DewyException {
        Token jwt = AppJwt.sign(identity, clock.instant().plus(ahead));
        String on = "of the GitHub App " + identity.app();
        ApiRequest request = ApiRequest.post(
                "fetch an installation token",
                on,
                address.resolve("/app/installations/" + identity.installation() + "/access_tokens"),
                new byte[0]);
        try (Response response = transport.send(call, request, request.uri(), Optional.of(jwt))) {
            if (response.status() == 401 && mayCorrect && correctClock(response)) {
                return Optional.empty();
            }
            if (response.status() != 201) {
                throw Refusal.of(request, response, true, Optional.of(jwt), clock.instant());
            }
            TokenAnswer answer = response.read(call, request, TokenAnswer::read);
            Token token = new Token(answer.token(), "the installation token " + on);
            Instant expires = answer.expires().minus(ahead);
            return Optional.of(new Kept(identity.app(), identity.installation(), token, expires));
        }
    }

    /** Returns whether GitHub's clock is not where it was taken to be; it is from now on. */
    private boolean correctClock(Response response) {
        Instant now = clock.instant();
        Duration measured = Duration.between(now, response.time("date").orElse(now.plus(ahead)));
        boolean other = measured.minus(ahead).abs().compareTo(TOLERANCE) > 0;
        ahead = other ? measured : ahead;
        return other;
    }
}
