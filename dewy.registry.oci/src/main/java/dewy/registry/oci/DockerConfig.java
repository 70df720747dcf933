package dewy.registry.oci;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.release.RegistryLogin;
import dewy.api.release.RegistryLogin.Kind;
import dewy.http.Environment;
import dewy.registry.oci.Logins.Login;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code docker login} and {@code podman login} keep: credentials, or which helper has them ({@code config.json} of the
 * Docker CLI, and containers-auth.json(5)). Immutable.
 */
final class DockerConfig {
    private final Path file;
    private final Json json;

    private DockerConfig(Path file, Json json) {
        this.file = file;
        this.json = json;
    }

    /**
     * Reads a file.
     *
     * @return empty if there is none
     * @throws InvalidException if it cannot be read
     */
    static Optional<DockerConfig> read(Path file) throws InvalidException {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return Optional.of(new DockerConfig(file, Json.read(bytes)));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        } catch (IOException e) {
            String why = Files.isReadable(file) ? String.valueOf(e.getMessage()) : "it cannot be read";
            throw new InvalidException(Problem.of(
                    "read the credentials in", file, why, "Mend it, or log in anew as the user of the agent"));
        }
    }

    /** Returns the credentials for a repository: those of its helper, of the store of all, or of the file, in this order. */
    Optional<Login> login(Call call, Environment environment, ImageRepository repository) throws DewyException {
        Optional<String> helper = best(json.get("credHelpers").fields(), repository)
                .flatMap(Json::text)
                .or(() -> json.get("credsStore").text());
        if (helper.isPresent()) {
            Optional<RegistryLogin> kept = CredentialHelper.get(call, environment, helper.get(), repository.server());
            if (kept.isPresent()) {
                return kept.map(login -> new Login(login, "the credential helper " + helper.get()));
            }
        }
        Optional<Json> entry = best(json.get("auths").fields(), repository);
        return entry.isPresent() ? entry(entry.get(), repository) : Optional.empty();
    }

    /** Returns what is filed for the smallest part of the registry that the repository is in. */
    private static Optional<Json> best(Map<String, Json> byPlace, ImageRepository repository) {
        return byPlace.keySet().stream()
                .filter(place -> repository.nearness(place) >= 0)
                .max(Comparator.comparingInt(repository::nearness))
                .map(byPlace::get);
    }

    private Optional<Login> entry(Json entry, ImageRepository repository) throws InvalidException {
        Optional<String> identity = entry.get("identitytoken").text();
        Optional<String> token = entry.get("registrytoken").text();
        String server = repository.server();
        if (token.isPresent()) {
            return Optional.of(login(new RegistryLogin(server, Kind.REGISTRY_TOKEN, "", token.get())));
        }
        if (identity.isPresent()) {
            return Optional.of(login(new RegistryLogin(server, Kind.IDENTITY_TOKEN, "", identity.get())));
        }
        Optional<String> both = entry.get("auth").text();
        if (both.isPresent()) {
            String[] parts = decoded(both.get(), repository).split(":", 2);
            return Optional.of(login(new RegistryLogin(server, Kind.PASSWORD, parts[0], parts[1])));
        }
        Optional<String> user = entry.get("username").text();
        Optional<String> password = entry.get("password").text();
        return user.isPresent() && password.isPresent()
                ? Optional.of(login(new RegistryLogin(server, Kind.PASSWORD, user.get(), password.get())))
                : Optional.empty();
    }

    private Login login(RegistryLogin login) {
        return new Login(login, file.toString());
    }

    private String decoded(String auth, ImageRepository repository) throws InvalidException {
        try {
            String both = new String(Base64.getDecoder().decode(auth.strip()), StandardCharsets.UTF_8);
            if (both.indexOf(':') > 0) {
                return both.replaceFirst("\0+$", ""); // Docker once filled it up.
            }
        } catch (IllegalArgumentException e) {
            // Told below, without what it is.
        }
        throw new InvalidException(Problem.of(
                "read the credentials in",
                file,
                "what it has for " + repository.host() + " is no user and password",
                "Log in there anew"));
    }
}
