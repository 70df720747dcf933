package dewy.api.plugin;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A secret that is fetched when it is used, and shown nowhere: {@code env:NAME} (environment), {@code file:/path} (first
 * line of a file), {@code cred:NAME} (systemd credential, see systemd.exec(5) "LoadCredential"), or the secret itself.
 * Safe for use by several threads.
 */
public final class Secret {
    private static final String VARIABLE = "env:";
    private static final String HIDDEN = "***";
    /** Names those that servers and hooks are to find all the same. */
    private static final String PASSED = "DEWY_PASS_CREDENTIALS";

    /** What is shorter is no secret, and would be found in any text. */
    private static final int SHORTEST = 6;

    private static final String LIKE_SECRETS = "(?:password|passwd|secret|token|credential|api[-_]?key)";
    private static final Pattern SECRET_NAME = Pattern.compile(LIKE_SECRETS, Pattern.CASE_INSENSITIVE);
    private static final Pattern ASSIGNED = Pattern.compile(
            "(" + LIKE_SECRETS + "[\\w.-]*(?:[\"']?\\s*=|[\"']\\s*:)\\s*)(\"[^\"]*\"|'[^']*'|[^\\s&\"',;]+)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern PRESENTED =
            Pattern.compile("(authorization[\"']?\\s*[:=]\\s*[\"']?\\w+\\s+)[^\\s\"']+", Pattern.CASE_INSENSITIVE);

    private static final Set<String> VARIABLES = ConcurrentHashMap.newKeySet();

    private final String reference;

    private Secret(String reference) {
        this.reference = reference;
    }

    /**
     * Returns the secret that a reference stands for; what is no reference is the secret itself. A variable that is named by
     * a reference is {@linkplain #withhold withheld} from then on.
     */
    public static Secret of(String reference) {
        if (reference.startsWith(VARIABLE)) {
            withhold(reference.substring(VARIABLE.length()));
        }
        return new Secret(reference);
    }

    /** Returns whether a text says where a secret is, rather than being one. */
    public static boolean isReference(String text) {
        return text.matches("(env|file|cred):.+");
    }

    /**
     * Has the agent hand variables on to nothing that it starts. A plugin says so of each that it reads as a secret itself,
     * at the latest when it is opened.
     */
    public static void withhold(String... variables) {
        VARIABLES.addAll(List.of(variables));
    }

    /** Returns a text for people without the users and passwords that are in its URLs by mistake. */
    public static String masked(String text) {
        return text.replaceAll("//([^/?]*|[^/@]*)@", "//***@");
    }

    /**
     * Returns a text of anybody's for people, without what is a secret in it as far as that can be told: as {@link #masked},
     * without the values of variables of this process that are {@linkplain #withhold withheld} or called like secrets, and
     * without what is given to a name like that of a secret, as in {@code token=…}.
     */
    public static String concealed(String text) {
        String known = text;
        for (Map.Entry<String, String> variable : System.getenv().entrySet()) {
            if (isSecret(variable.getKey(), variable.getValue())) {
                known = known.replace(variable.getValue(), HIDDEN);
            }
        }
        return known.lines().map(Secret::concealedLine).collect(Collectors.joining("\n"));
    }

    private static String concealedLine(String line) {
        String presented = PRESENTED.matcher(masked(line)).replaceAll("$1***");
        return ASSIGNED.matcher(presented)
                .replaceAll(found -> isReference(found.group(2))
                        ? Matcher.quoteReplacement(found.group())
                        : Matcher.quoteReplacement(found.group(1)) + HIDDEN);
    }

    /** Returns whether a name is like that of a secret. */
    public static boolean isSecretName(String name) {
        return SECRET_NAME.matcher(name).find();
    }

    private static boolean isSecret(String name, String value) {
        boolean isPlace = isReference(value) || value.startsWith("/");
        return value.length() >= SHORTEST && !isPlace && (VARIABLES.contains(name) || isSecretName(name));
    }

    /**
     * Returns an environment for what the agent starts: without the variables that are {@linkplain #withhold withheld}, and
     * those that they refer to as {@code env:NAME}, but for those that {@code DEWY_PASS_CREDENTIALS} lists, separated by commas or spaces.
     */
    public static Map<String, String> withoutSecrets(Map<String, String> environment) {
        Set<String> passed =
                Set.copyOf(Arrays.asList(environment.getOrDefault(PASSED, "").split("[,\\s]+", -1)));
        Set<String> withheld = new HashSet<>(VARIABLES);
        for (String name : VARIABLES) {
            String value = environment.getOrDefault(name, "").strip();
            if (value.startsWith(VARIABLE)) {
                withheld.add(value.substring(VARIABLE.length()));
            }
        }
        withheld.removeAll(passed);
        Map<String, String> rest = new LinkedHashMap<>(environment);
        rest.keySet().removeAll(withheld);
        return rest;
    }

    /**
     * Fetches the secret; use it and let it go.
     *
     * @throws InvalidException if the reference leads nowhere
     */
    public String reveal() throws InvalidException {
        int colon = reference.indexOf(':');
        String name = reference.substring(colon + 1);
        return switch (colon < 0 ? "" : reference.substring(0, colon)) {
            case "env" -> fromEnvironment(name);
            case "file" -> firstLine(Path.of(name));
            case "cred" -> firstLine(Path.of(fromEnvironment("CREDENTIALS_DIRECTORY"), name));
            default -> reference;
        };
    }

    /** Returns the reference for people; never the secret. */
    @Override
    public String toString() {
        boolean shown = reference.matches("(env|file|cred):.*");
        return shown ? reference : HIDDEN;
    }

    private String fromEnvironment(String name) throws InvalidException {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new InvalidException(Problem.of(
                    "fetch the secret", this, "the environment has no " + name, "Set it where the agent is started"));
        }
        return value;
    }

    private String firstLine(Path file) throws InvalidException {
        try (var lines = Files.newBufferedReader(file)) {
            String line = lines.readLine();
            if (line != null && !line.isBlank()) {
                return line.strip();
            }
        } catch (IOException e) {
            throw new InvalidException(
                    Problem.of("fetch the secret", this, "the file cannot be read", "Check its path and owner"), e);
        }
        throw new InvalidException(Problem.of("fetch the secret", this, "its first line is empty", ""));
    }
}
