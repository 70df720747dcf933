package dewy.engine;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.AppContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/**
 * Whose containers they are: an engine may run those of other agents, also of apps of the same name.
 *
 * @param agent the id of the agent, which stands in a file among the state of its app
 * @param app the name of the app
 */
public record Owner(String agent, String app) {
    /** The label of everything that is Dewy's, with the value {@code true}. */
    public static final String MANAGED = "dewy.managed";

    /** The label that says what something is there for. */
    public static final String ROLE = "dewy.role";

    private static final String FILE = "agent-id";
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * Returns the owner of the containers of an app; the first time it is given an id. An app that is only looked at may have no
     * folder yet: it has no containers either.
     */
    public static Owner of(AppContext app) throws InvalidException {
        Path file = app.stateDirectory().resolve(FILE);
        if (!Files.isDirectory(app.stateDirectory())) {
            return new Owner("", app.name());
        }
        try {
            if (!Files.exists(file)) {
                byte[] id = new byte[6];
                RANDOM.nextBytes(id);
                Files.writeString(file, HexFormat.of().formatHex(id) + "\n", StandardOpenOption.CREATE_NEW);
            }
            return new Owner(Files.readString(file).strip(), app.name());
        } catch (IOException | UncheckedIOException e) {
            throw new InvalidException(
                    Problem.of("read the id of this agent in", file, e.toString(), "Let this user read and write it"),
                    e);
        }
    }

    /**
     * Returns the labels by which its containers are found.
     *
     * @param role what they are there for: {@code app}, {@code proxy}
     */
    public Map<String, String> labels(String role) {
        return Map.of(MANAGED, "true", ROLE, role, "dewy.agent", agent, "dewy.app", app);
    }
}
