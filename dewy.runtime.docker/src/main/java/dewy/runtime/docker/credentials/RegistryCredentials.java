package dewy.runtime.docker.credentials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.Secret;
import dewy.http.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * As whom a registry is asked, the first of these: {@code DOCKER_USERNAME} with {@code DOCKER_PASSWORD}, the helper that {@code
 * config.json} names for the registry, the one that it names for all, what stands in it; else nobody. Safe for use by several threads;
 * everything is read anew each time, since logins change.
 *
 * @see <a href="https://docs.docker.com/reference/cli/docker/login/">docker login</a>
 */
public final class RegistryCredentials {
    /** How the clients of Docker call its hub. */
    public static final String DOCKER_HUB = "https://index.docker.io/v1/";

    /** The user whose password is a token that proves who it is. */
    public static final String TOKEN = "<token>";

    private static final String USER = "DOCKER_USERNAME";
    private static final String PASSWORD = "DOCKER_PASSWORD";

    private final Environment environment;

    /**
     * Who asks.
     *
     * @param user {@link #TOKEN} where the password is a token
     */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }

    public RegistryCredentials(Environment environment) {
        this.environment = environment;
        Secret.withhold(PASSWORD);
    }

    /**
     * Returns who asks a registry.
     *
     * @param registry its host, with the port where it has one, or {@link #DOCKER_HUB}
     * @throws InvalidException if what is there cannot be read
     */
    public Optional<Login> find(Call call, String registry) throws DewyException {
        Optional<String> user = environment.variable(USER);
        Optional<String> password = environment.variable(PASSWORD);
        if (user.isPresent() && password.isPresent()) {
            return Optional.of(new Login(user.get(), Secret.of(password.get()).reveal()));
        }
        Path file = environment
                .variable("DOCKER_CONFIG")
                .map(Path::of)
                .orElseGet(() -> Path.of(environment.variable("HOME").orElse("/root"), ".docker"))
                .resolve("config.json");
        return Files.exists(file) ? find(call, file, registry) : Optional.empty();
    }

    private Optional<Login> find(Call call, Path file, String registry) throws DewyException {
        try {
            JsonNode config = new ObjectMapper().readTree(file.toFile());
            for (String name : names(registry)) {
                String helper = config.path("credHelpers")
                        .path(name)
                        .asText(config.path("credsStore").asText());
                if (!helper.isEmpty()) {
                    Optional<Login> login = CredentialHelper.ask(call, environment, helper, name);
                    if (login.isPresent()) {
                        return login;
                    }
                }
                Optional<Login> login = login(config.path("auths").path(name));
                if (login.isPresent()) {
                    return login;
                }
            }
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidException(
                    Problem.of(
                            "read the logins of registries in",
                            file,
                            "it is no JSON as docker login writes it, or cannot be read",
                            "Log in anew, or give DOCKER_USERNAME and DOCKER_PASSWORD"),
                    e);
        }
    }

    /** Logins are found by the host alone, and as old clients wrote them. */
    private static List<String> names(String registry) {
        return registry.equals(DOCKER_HUB)
                ? List.of(DOCKER_HUB, "index.docker.io", "docker.io")
                : List.of(
                        registry,
                        "https://" + registry,
                        "https://" + registry + "/v1/",
                        "https://" + registry + "/v2/");
    }

    private static Optional<Login> login(JsonNode entry) {
        String token = entry.path("identitytoken").asText();
        if (!token.isEmpty()) {
            return Optional.of(new Login(TOKEN, token));
        }
        String pair = new String(Base64.getDecoder().decode(entry.path("auth").asText()), StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        if (colon > 0) {
            return Optional.of(new Login(
                    pair.substring(0, colon), pair.substring(colon + 1).replaceAll("\0+$", "")));
        }
        String user = entry.path("username").asText();
        return user.isEmpty()
                ? Optional.empty()
                : Optional.of(new Login(user, entry.path("password").asText()));
    }
}
