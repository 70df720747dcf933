package dewy.http;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The user's passwords for other hosts: the file that {@code NETRC} names, else {@code ~/.netrc}, with the syntax of curl
 * and ftp(1). It is read anew for each request.
 */
public record Netrc(Environment environment) {
    private static final Pattern TOKEN = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|\\S+");
    /** A macro ends with an empty line, and a comment with its own. */
    private static final Pattern SKIPPED = Pattern.compile("(?ms)^\\s*macdef\\b.*?(\\n[ \\t]*\\n|\\z)|^\\s*#[^\\n]*$");

    /**
     * Returns the user and the password for a host, or else the default ones.
     *
     * @param host in lower case
     * @throws InvalidException if the file is there and cannot be read
     */
    public Credentials credentials(String host) throws InvalidException {
        Iterator<String> tokens = tokens().iterator();
        boolean applies = false;
        String user = "";
        String password = "";
        while (tokens.hasNext()) {
            String token = tokens.next();
            if (token.equals("machine") || token.equals("default")) {
                if (applies) {
                    break;
                }
                applies = token.equals("default")
                        || (tokens.hasNext() && tokens.next().equalsIgnoreCase(host));
            } else if (tokens.hasNext()
                    && List.of("login", "password", "account").contains(token)) {
                String value = tokens.next();
                user = applies && token.equals("login") ? value : user;
                password = applies && token.equals("password") ? value : password;
            }
        }
        return user.isEmpty() && password.isEmpty()
                ? Credentials.NONE
                : Credentials.basic(user, password, "the password in netrc");
    }

    private List<String> tokens() throws InvalidException {
        return TOKEN.matcher(SKIPPED.matcher(text()).replaceAll("\n"))
                .results()
                .map(Netrc::unquoted)
                .toList();
    }

    private static String unquoted(MatchResult token) {
        String quoted = token.group(1);
        return quoted == null ? token.group() : quoted.replaceAll("\\\\(.)", "$1");
    }

    private String text() throws InvalidException {
        Optional<String> named = environment.variable("NETRC");
        String home = environment.variable("HOME").orElse(System.getProperty("user.home", ""));
        Path file = named.map(Path::of).orElse(Path.of(home, ".netrc"));
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            if (named.isEmpty()) {
                return "";
            }
            throw unreadable(file, "there is no such file", e);
        } catch (IOException e) {
            throw unreadable(file, "it cannot be read as text", e);
        }
    }

    private static InvalidException unreadable(Path file, String why, IOException cause) {
        String advice = "Let the user that Dewy runs as read it, or let NETRC name another one";
        return new InvalidException(Problem.of("read the passwords in", file, why, advice), cause);
    }
}
