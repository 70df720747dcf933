package dewy.admin;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tokens that let somebody in: a file with lines of a name, a colon and a token, which nobody but its owner may read. It is
 * read for each request that has a token, so that what is added or removed holds at once.
 */
final class Tokens {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final int TOKEN_BYTES = 32;
    private static final int LEAST_LENGTH = 16;
    private static final int MOST_BYTES = 64 << 10;

    private final Path file;

    private Tokens(Path file) {
        this.file = file;
    }

    /** Opens a file; one that is not there is made, with one token. */
    static Tokens open(Path file) throws DewyException {
        byte[] token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token);
        String line = "admin:" + HexFormat.of().formatHex(token) + "\n";
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            Files.writeString(file, line, StandardOpenOption.APPEND);
        } catch (FileAlreadyExistsException e) {
            // Those of a person, or of an agent before.
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        Tokens tokens = new Tokens(file);
        tokens.read();
        return tokens;
    }

    Path file() {
        return file;
    }

    /**
     * Returns the name that a token goes by; empty where nobody has it.
     *
     * @throws DewyException if the file cannot be used: nobody is let in then
     */
    Optional<String> nameOf(String token) throws DewyException {
        byte[] given = token.getBytes(StandardCharsets.UTF_8);
        Optional<String> name = Optional.empty();
        for (Map.Entry<String, String> each : read().entrySet()) {
            // All are compared, each in the same time, so that time tells nothing.
            if (MessageDigest.isEqual(each.getValue().getBytes(StandardCharsets.UTF_8), given)) {
                name = Optional.of(each.getKey());
            }
        }
        return name;
    }

    private Map<String, String> read() throws DewyException {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (!OWNER_ONLY.containsAll(mode)) {
                throw wrong(
                        "its mode is " + PosixFilePermissions.toString(mode) + ", so others can read it or change it",
                        "Use chmod 600, and new tokens");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw wrong("it is longer than " + MOST_BYTES + " bytes", "Name the file with the tokens");
            }
            Map<String, String> tokens = new LinkedHashMap<>();
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    add(line.strip(), number, tokens);
                }
            }
            return tokens;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private void add(String line, int number, Map<String, String> tokens) throws InvalidException {
        int colon = line.indexOf(':');
        String token = line.substring(colon + 1);
        if (colon <= 0 || !token.matches("[\\x21-\\x7e]{" + LEAST_LENGTH + ",}")) {
            throw wrong(
                    "line " + number + " is not a name, a colon and a token of " + LEAST_LENGTH
                            + " characters at least, without spaces",
                    "Write it as in docs/admin.md");
        }
        if (tokens.put(line.substring(0, colon), token) != null) {
            throw wrong("line " + number + " has the name of another one", "Give each a name of its own");
        }
    }

    private InvalidException wrong(String why, String advice) {
        return new InvalidException(Problem.of("use the tokens in", file, why, advice));
    }

    private static StorageException unreadable(Path file, IOException failure) {
        return new StorageException(
                Problem.of(
                        "use the tokens in", file, String.valueOf(failure), "Check the file, its folder and its owner"),
                failure);
    }
}
