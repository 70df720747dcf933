package dewy.registry.github;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A GitHub App, as the environment names it. The private key is read when something is to be signed.
 *
 * @param environment where the key, or the path to it, is
 * @param app its id, or its client id
 * @param installation the id of its installation
 */
record AppIdentity(Environment environment, String app, String installation) {
    static final String ID = "GITHUB_APP_ID";
    static final String INSTALLATION = "GITHUB_APP_INSTALLATION_ID";
    static final String KEY = "GITHUB_APP_PRIVATE_KEY";
    static final String KEY_PATH = "GITHUB_APP_PRIVATE_KEY_PATH";

    private static final int LARGEST_KEY = 64 << 10;

    /**
     * Reads the environment.
     *
     * @return empty when no variable of an App is set
     * @throws InvalidException naming everything that is missing or malformed, when some are
     */
    static Optional<AppIdentity> of(Environment environment) throws InvalidException {
        List<String> wrong = check(environment);
        if (!wrong.isEmpty()) {
            String advice = "Set " + ID + ", " + INSTALLATION + " and " + KEY + " or " + KEY_PATH + ", or none of them";
            throw new InvalidException(Problem.of("act as a GitHub App", "", String.join("; ", wrong), advice));
        }
        return environment
                .variable(ID)
                .map(id -> new AppIdentity(
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

    /** Reads the private key, in PEM. */
    String privateKey() throws InvalidException {
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
}
