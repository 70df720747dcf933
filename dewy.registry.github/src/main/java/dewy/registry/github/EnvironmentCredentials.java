package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.Secret;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The credentials that the environment names: a GitHub App first, then {@code GH_TOKEN}, then {@code GITHUB_TOKEN}. The
 * variables hold a token, or where it is ({@code file:/path}, {@code cred:NAME}); they are read for each request.
 */
final class EnvironmentCredentials implements Credentials {
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");

    private final Environment environment;
    private final AppTokens apps;

    EnvironmentCredentials(Environment environment, AppTokens apps) {
        this.environment = environment;
        this.apps = apps;
    }

    @Override
    public Optional<Token> token(Call call) throws DewyException {
        Optional<AppIdentity> app = AppIdentity.of(environment);
        if (app.isPresent()) {
            return Optional.of(apps.token(call, app.get()));
        }
        for (String variable : new String[] {"GH_TOKEN", "GITHUB_TOKEN"}) {
            Optional<String> value = environment.variable(variable);
            if (value.isPresent()) {
                return Optional.of(read(variable, value.get()));
            }
        }
        return Optional.empty();
    }

    @Override
    public void refused(Token token) {
        apps.forget(token);
    }

    private static Token read(String variable, String reference) throws InvalidException {
        String text = Secret.of(reference).reveal().strip();
        if (!VISIBLE.matcher(text).matches()) {
            throw new InvalidException(
                    Problem.of("use the token in", variable, "it holds characters that no token has", "Set it anew"));
        }
        return new Token(text, "the token in " + variable);
    }
}
