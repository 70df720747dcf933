package dewy.api.release;

/**
 * As whom images of a registry are pulled, in what container engines take for it. It is made when it is used, and let go of: it
 * is neither kept nor told, and shows its secret to nobody who prints it. Immutable.
 *
 * @param server the registry, by the name that engines know it by: {@code ghcr.io}, {@code localhost:5000}, and {@code
 *     https://index.docker.io/v1/} for Docker Hub
 * @param kind what the secret is
 * @param user whose password it is; empty with a token
 * @param secret the password or token
 */
public record RegistryLogin(String server, Kind kind, String user, String secret) {
    /** What a secret is. */
    public enum Kind {
        /** What is shown beside a user, also where that stands for a token. */
        PASSWORD,
        /** A refresh token, for which the registry's token service gives tokens. */
        IDENTITY_TOKEN,
        /** What is shown to the registry itself. */
        REGISTRY_TOKEN
    }

    /** Returns the registry, without the secret. */
    @Override
    public String toString() {
        return "a login at " + server;
    }
}
