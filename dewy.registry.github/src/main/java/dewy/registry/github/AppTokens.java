package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.http.Authentication;
import dewy.http.Credentials;
import dewy.http.Refusal;
import dewy.http.Request;
import dewy.http.Response;
import dewy.http.WebClient;
import java.io.IOException;
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

    private record Kept(String app, String installation, Credentials token, Instant expires) {
        boolean serves(GitHubApp wanted, Instant now) {
            return app.equals(wanted.id())
                    && installation.equals(wanted.installation())
                    && now.isBefore(expires.minus(RENEWAL));
        }
    }

    /** What GitHub answers when a token is asked for. */
    private record Answer(String token, Instant expires) {
        static Answer read(Json json) throws IOException {
            String token = "";
            Optional<Instant> expires = Optional.empty();
            json.open();
            while (json.next()) {
                switch (json.name()) {
                    case "token" -> token = json.text();
                    case "expires_at" -> expires = json.time();
                    default -> json.skip();
                }
            }
            if (!token.matches("[\\x21-\\x7e]+") || expires.isEmpty()) {
                throw json.malformed();
            }
            return new Answer(token, expires.get());
        }

        @Override
        public String toString() {
            return "a token until " + expires;
        }
    }

    private final WebClient web;
    private final ApiAddress address;
    private final InstantSource clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile Optional<Kept> kept = Optional.empty();
    /** How far GitHub's clock is ahead of ours; used by whoever fetches. */
    private Duration ahead = Duration.ZERO;

    AppTokens(WebClient web, ApiAddress address, InstantSource clock) {
        this.web = web;
        this.address = address;
        this.clock = clock;
    }

    Credentials token(Call call, GitHubApp app) throws DewyException {
        Optional<Kept> known = current(app);
        if (known.isPresent()) {
            return known.get().token();
        }
        lock(call);
        try {
            known = current(app);
            Kept current = known.isPresent() ? known.get() : fetch(call, app);
            kept = Optional.of(current);
            return current.token();
        } finally {
            fetching.unlock();
        }
    }

    /** Lets go of a token that GitHub refused. */
    void forget(Credentials token) {
        kept = kept.filter(held -> held.token() != token);
    }

    private Optional<Kept> current(GitHubApp app) {
        return kept.filter(held -> held.serves(app, clock.instant()));
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

    private Kept fetch(Call call, GitHubApp app) throws DewyException {
        String on = "of the GitHub App " + app.id();
        Request request = Api.post(
                "fetch an installation token",
                on,
                address.resolve("/app/installations/" + app.installation() + "/access_tokens"),
                new byte[0]);
        try (Response response = web.as(new Signing(app)).ask(call, request, 201)) {
            Answer answer = response.read(Json.one(Answer::read));
            Credentials token = Credentials.bearer(answer.token(), "the installation token " + on);
            return new Kept(
                    app.id(), app.installation(), token, answer.expires().minus(ahead));
        }
    }

    /** The App itself, by GitHub's clock: when it is refused and that is another one, it signs once more. */
    private final class Signing implements Authentication {
        private final GitHubApp app;

        Signing(GitHubApp app) {
            this.app = app;
        }

        @Override
        public Credentials credentials(Call call, Request request) throws InvalidException {
            return app.sign(clock.instant().plus(ahead));
        }

        @Override
        public boolean refused(Call call, Refusal refusal) {
            Instant now = clock.instant();
            Instant there = refusal.response().time("date").orElse(now.plus(ahead));
            Duration measured = Duration.between(now, there);
            boolean other = measured.minus(ahead).abs().compareTo(TOLERANCE) > 0;
            ahead = other ? measured : ahead;
            return other;
        }
    }
}
