package dewy.engine;

import com.github.dockerjava.api.exception.DockerException;
import dewy.api.ApplicationException;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.StorageException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the answers of an engine mean. Engines hand on the words of registries, disks and kernels with the same few status
 * codes, so the words count as well.
 */
public final class EngineFailures {
    private static final Duration PAUSE = Duration.ofMinutes(10);
    private static final Pattern MESSAGE =
            Pattern.compile("\\{\\s*\"(?:message|cause)\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\".*", Pattern.DOTALL);

    private EngineFailures() {}

    /** Returns what a failure means, of something that was asked of the engine. */
    static DewyException of(RuntimeException failure, EngineAddress engine, String tried, String on) {
        if (failure instanceof DockerException answer) {
            return of(answer.getHttpStatus(), message(answer), tried, on, answer);
        }
        Optional<IOException> cause = cause(failure);
        String why = cause.map(EngineFailures::why).orElseGet(failure::toString);
        String where = on.isEmpty() ? "" : "; it was to " + tried + " " + on;
        return new UnreachableException(
                Problem.of(
                        "ask the engine at",
                        engine,
                        why + where,
                        "Start it, or say by DOCKER_HOST where it is, and let this user reach it"),
                failure);
    }

    /** Returns what the words of an engine mean, which came with a status code, or 0 for those within a stream. */
    static DewyException of(int status, String message, String tried, String on, RuntimeException cause) {
        Problem problem = new Problem(tried, on, message, "");
        String words = message.toLowerCase(Locale.ROOT);
        if (words.contains("verification failed") || words.contains("digest did not match")) {
            return new CorruptException(problem, cause);
        }
        if (words.contains("no space left") || words.contains("disk quota exceeded")) {
            return new StorageException(new Problem(tried, on, message, "Make room for images on this host"), cause);
        }
        if (words.contains("toomanyrequests") || status == 429) {
            return new RateLimitedException(problem, Instant.now().plus(PAUSE));
        }
        if (isDenied(status, words)) {
            String advice = "Give DOCKER_USERNAME and DOCKER_PASSWORD, or log in with docker login as this user";
            return new UnauthorizedException(new Problem(tried, on, message, advice), cause);
        }
        if (isFaultOfApp(words)) {
            return new ApplicationException(problem, cause);
        }
        if (status == 404 || words.contains("manifest unknown") || words.contains("not found")) {
            return new NotFoundException(problem, cause);
        }
        if (status == 400) {
            return new InvalidException(problem, cause);
        }
        return new UnreachableException(problem, cause);
    }

    /** Returns whether a container was not started since somebody has a port that it publishes: another one, or a program of the host. */
    public static boolean isPortTaken(UnreachableException failure) {
        String why = failure.problem().why();
        return why.contains("port is already allocated") || why.contains("address already in use");
    }

    private static boolean isDenied(int status, String words) {
        return status == 401
                || status == 403
                || words.contains("unauthorized")
                || words.contains("authentication required")
                || words.contains("access denied")
                || words.contains("permission denied while trying");
    }

    /** What is to run cannot be started as it is, which another try does not change. */
    private static boolean isFaultOfApp(String words) {
        return words.contains("runtime create failed")
                || words.contains("oci runtime")
                || words.contains("exec format error")
                || words.contains("no command specified");
    }

    private static String message(DockerException answer) {
        String text = Optional.ofNullable(answer.getMessage())
                .orElse("")
                .replaceFirst("^Status \\d+: ", "")
                .strip();
        Matcher message = MESSAGE.matcher(text);
        String words =
                message.matches() ? message.group(1).replace("\\\"", "\"").replace("\\n", " ") : text;
        return words.isEmpty() ? "it answered with the status " + answer.getHttpStatus() : words;
    }

    private static Optional<IOException> cause(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof IOException found) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    private static String why(IOException failure) {
        String text = Optional.ofNullable(failure.getMessage()).orElse(failure.toString());
        if (failure instanceof NoSuchFileException || text.equals("No such file or directory")) {
            return "there is no such socket";
        }
        return failure instanceof ConnectException && text.equals("Connection refused") ? "nobody listens there" : text;
    }
}
