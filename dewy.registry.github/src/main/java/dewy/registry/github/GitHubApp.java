package dewy.registry.github;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.http.Credentials;
import dewy.http.Environment;
import dewy.http.PrivateKeyPem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A GitHub App, as the environment names it. The private key is read when something is to be signed.
 *
 * @param environment where the key, or the path to it, is
 * @param id its id, or its client id
 * @param installation the id of its installation
 */
record GitHubApp(Environment environment, String id, String installation) {
    private static final String ID = "GITHUB_APP_ID";
    private static final String INSTALLATION = "GITHUB_APP_INSTALLATION_ID";
    static final String KEY = "GITHUB_APP_PRIVATE_KEY";
    private static final String KEY_PATH = "GITHUB_APP_PRIVATE_KEY_PATH";

    private static final int LARGEST_KEY = 64 << 10;
    /** GitHub's clock may be behind ours. */
    private static final Duration EARLIER = Duration.ofSeconds(60);
    /** GitHub allows ten minutes. */
    private static final Duration LIFE = Duration.ofMinutes(9);

    /**
     * Reads the environment.
     *
     * @return empty when no variable of an App is set
     * @throws InvalidException naming everything that is missing or malformed, when some are
     */
    static Optional<GitHubApp> of(Environment environment) throws InvalidException {
        List<String> wrong = check(environment);
        if (!wrong.isEmpty()) {
            String advice = "Set " + ID + ", " + INSTALLATION + " and " + KEY + " or " + KEY_PATH + ", or none of them";
            throw new InvalidException(Problem.of("act as a GitHub App", "", String.join("; ", wrong), advice));
        }
        return environment
                .variable(ID)
                .map(id -> new GitHubApp(
                        environment,
                        id.strip(),
                        environment.variable(INSTALLATION).orElse("").strip()));
    }

    /** Returns what is missing or malformed; nothing when no variable of an App is set. */
    static List<String> check(Environment environment) {
        Optional<String> id = environment.variable(ID);
        Optional<String> installation = environment.variable(INSTALLATION);
        boolean key = environment.variable(KEY).isPresent()
                || environment.variable(KEY_PATH).isPresent();
        List<String> wrong = new ArrayList<>();
        if (id.isEmpty() && installation.isEmpty() && !key) {
            return wrong;
        }
        require(wrong, ID, id, "[A-Za-z0-9._-]+", "neither a number nor a client id");
        require(wrong, INSTALLATION, installation, "[0-9]+", "not a number");
        if (!key) {
            wrong.add("the environment has neither " + KEY + " nor " + KEY_PATH);
        }
        return wrong;
    }

    /** Returns what says who the App is, for some minutes (RFC 7519; RS256 of RFC 7518). */
    Credentials sign(Instant now) throws InvalidException {
        String claims = "{\"iat\":" + now.minus(EARLIER).getEpochSecond() + ",\"exp\":"
                + now.plus(LIFE).getEpochSecond() + ",\"iss\":\"" + id + "\"}";
        String signed = encode("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + encode(claims.getBytes(StandardCharsets.UTF_8));
        return Credentials.bearer(signed + "." + encode(signature(signed)), "the key of the GitHub App " + id);
    }

    private byte[] signature(String signed) throws InvalidException {
        String pem = privateKey();
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(PrivateKeyPem.parse(pem));
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            // It comes without its cause, which may quote the key.
            String advice = "Take the file that GitHub offers under \"Private keys\" in the settings of the App";
            throw new InvalidException(
                    Problem.of("use the private key of the GitHub App", "", String.valueOf(e.getMessage()), advice));
        }
    }

    private String privateKey() throws InvalidException {
        Optional<String> key = environment.variable(KEY);
        return key.isPresent()
                ? key.get().replace("\\n", "\n")
                : read(environment.variable(KEY_PATH).orElse("").strip());
    }

    private static void require(
            List<String> wrong, String name, Optional<String> value, String pattern, String otherwise) {
        if (value.isEmpty()) {
            wrong.add("the environment has no " + name);
        } else if (!value.get().strip().matches(pattern)) {
            wrong.add("the environment's " + name + " is " + otherwise);
        }
    }

    private static String read(String path) throws InvalidException {
        String why = "the file cannot be read";
        try {
            Path file = Path.of(path);
            if (Files.size(file) <= LARGEST_KEY) {
                return Files.readString(file);
            }
            why = "the file is too large for a key";
        } catch (IOException | InvalidPathException e) {
            // Told below: what these exceptions add is the path.
        }
        String advice = "Let " + KEY_PATH + " name a file that the user Dewy runs as may read";
        throw new InvalidException(Problem.of("read the private key", path, why, advice));
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
