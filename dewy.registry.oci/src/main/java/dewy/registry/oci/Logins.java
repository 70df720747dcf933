package dewy.registry.oci;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Secret;
import dewy.api.release.RegistryLogin;
import dewy.api.release.RegistryLogin.Kind;
import dewy.http.Environment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * As whom a registry is asked, for polls and pulls alike. The first of these that there is: what the URL names, {@code
 * DOCKER_USERNAME} and {@code DOCKER_PASSWORD}, what {@code docker login} and then {@code podman login} left or had helpers keep,
 * and for {@code ghcr.io} a token of GitHub. They are looked for each time. Safe for use by several threads.
 */
final class Logins {
    private static final String USER = "DOCKER_USERNAME";
    private static final String PASSWORD = "DOCKER_PASSWORD";
    private static final String[] GITHUB_TOKENS = {"GH_TOKEN", "GITHUB_TOKEN"};
    /** The variables that servers are not to find. */
    static final String[] SECRETS = {PASSWORD, "GH_TOKEN", "GITHUB_TOKEN"};

    /**
     * Credentials.
     *
     * @param source where they come from, for people
     */
    record Login(RegistryLogin login, String source) {
        @Override
        public String toString() {
            return source;
        }
    }

    /**
     * What a URL says.
     *
     * @param password where it is
     */
    record Given(String user, String password) {}

    private final Environment environment;
    private final ImageRepository repository;
    private final Optional<Given> given;

    Logins(Environment environment, ImageRepository repository, Optional<Given> given) {
        this.environment = environment;
        this.repository = repository;
        this.given = given;
    }

    /** Reads the parameters {@code username} and {@code password}. */
    static Optional<Given> given(Parameters parameters) {
        Optional<String> user = parameters.text("username").filter(name -> !name.isEmpty());
        Optional<Secret> password = parameters.reference("password", "the password");
        if (user.isEmpty() && parameters.text("password").isPresent()) {
            parameters.complain("username", "username= is missing, whose the password is");
        }
        if (user.isPresent() && parameters.text("password").isEmpty()) {
            parameters.complain("password", "password= is missing, which says where the password is: file:/path");
        }
        return user.flatMap(name -> password.map(secret -> new Given(name, secret.toString())));
    }

    /** Returns what is wrong with the variables. */
    static List<String> check(Environment environment) {
        boolean hasUser = environment.variable(USER).isPresent();
        boolean hasPassword = environment.variable(PASSWORD).isPresent();
        return hasUser == hasPassword
                ? List.of()
                : List.of("the environment has " + (hasUser ? USER : PASSWORD) + " without "
                        + (hasUser ? PASSWORD : USER));
    }

    /**
     * Finds the credentials for the repository.
     *
     * @return empty if there are none, which suffices for what is public
     * @throws DewyException if there should be some, and cannot be used
     */
    Optional<Login> find(Call call) throws DewyException {
        Optional<Login> found = named();
        for (Path file : found.isPresent() ? List.<Path>of() : files()) {
            Optional<DockerConfig> config = DockerConfig.read(file);
            found = config.isPresent() ? config.get().login(call, environment, repository) : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
        }
        return found.isPresent() ? found : gitHubToken();
    }

    private Optional<Login> named() throws InvalidException {
        if (given.isPresent()) {
            String reference = given.get().password();
            return Optional.of(password(given.get().user(), reference, "password=" + reference));
        }
        Optional<String> user = environment.variable(USER);
        Optional<String> password = environment.variable(PASSWORD);
        return user.isPresent() && password.isPresent()
                ? Optional.of(password(user.get(), password.get(), USER + " and " + PASSWORD))
                : Optional.empty();
    }

    private Optional<Login> gitHubToken() throws InvalidException {
        for (String variable : repository.host().equals("ghcr.io") ? GITHUB_TOKENS : new String[0]) {
            Optional<String> token = environment.variable(variable);
            if (token.isPresent()) {
                return Optional.of(password("token", token.get(), variable));
            }
        }
        return Optional.empty();
    }

    private Login password(String user, String reference, String source) throws InvalidException {
        String secret = Secret.of(reference).reveal().strip();
        return new Login(new RegistryLogin(repository.server(), Kind.PASSWORD, user, secret), source);
    }

    /** Returns where those who log in by hand leave what they logged in with: Docker first. */
    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        Path home = Path.of(System.getProperty("user.home"));
        files.add(environment
                .variable("DOCKER_CONFIG")
                .map(Path::of)
                .orElse(home.resolve(".docker"))
                .resolve("config.json"));
        environment
                .variable("REGISTRY_AUTH_FILE")
                .map(Path::of)
                .or(() -> environment
                        .variable("XDG_RUNTIME_DIR")
                        .map(folder -> Path.of(folder, "containers", "auth.json")))
                .ifPresent(files::add);
        return files;
    }
}
