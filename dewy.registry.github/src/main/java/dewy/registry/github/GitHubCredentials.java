package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.plugin.Secret;
import dewy.http.Authentication;
import dewy.http.Credentials;
import dewy.http.Environment;
import dewy.http.Refusal;
import dewy.http.Request;
import java.util.Optional;

/**
 * The credentials that the environment names: a GitHub App first, then {@code GH_TOKEN}, then {@code GITHUB_TOKEN}. The
 * variables hold a token, or where it is ({@code file:/path}, {@code cred:NAME}); they are read for each request.
 */
record GitHubCredentials(Environment environment, AppTokens apps) implements Authentication {
    private static final String[] TOKENS = {"GH_TOKEN", "GITHUB_TOKEN"};

    GitHubCredentials {
        Secret.withhold(TOKENS);
        Secret.withhold(GitHubApp.KEY);
    }

    /** Fetches what to ask with. */
    Credentials of(Call call) throws DewyException {
        Optional<GitHubApp> app = GitHubApp.of(environment);
        if (app.isPresent()) {
            return apps.token(call, app.get());
        }
        for (String variable : TOKENS) {
            Optional<String> value = environment.variable(variable);
            if (value.isPresent()) {
                return Credentials.bearer(Secret.of(value.get()).reveal().strip(), "the token in " + variable);
            }
        }
        return Credentials.NONE;
    }

    @Override
    public Credentials credentials(Call call, Request request) throws DewyException {
        return of(call);
    }

    /** One that was refused is not kept; asking again is left to the next cycle. */
    @Override
    public boolean refused(Call call, Refusal refusal) {
        apps.forget(refusal.credentials());
        return false;
    }
}
