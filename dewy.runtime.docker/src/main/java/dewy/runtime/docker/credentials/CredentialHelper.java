package dewy.runtime.docker.credentials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.UnauthorizedException;
import dewy.http.Environment;
import dewy.runtime.docker.credentials.RegistryCredentials.Login;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A program {@code docker-credential-NAME} that keeps logins elsewhere.
 *
 * @see <a href="https://github.com/docker/docker-credential-helpers">The protocol of credential helpers</a>
 */
final class CredentialHelper {
    private CredentialHelper() {}

    /** Asks one for the login of a registry; empty where it has none. It is ended with the call. */
    static Optional<Login> ask(Call call, Environment environment, String name, String registry) throws DewyException {
        call.check();
        String program = program(environment, "docker-credential-" + name);
        try {
            Process helper = new ProcessBuilder(program, "get")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (Registration ending = call.onCancel(helper::destroyForcibly)) {
                return login(call, helper, program, registry);
            } finally {
                helper.destroyForcibly();
            }
        } catch (IOException e) {
            call.check();
            throw failure(program, registry, "it cannot be run: " + e.getMessage());
        }
    }

    private static Optional<Login> login(Call call, Process helper, String program, String registry)
            throws IOException, DewyException {
        try (OutputStream question = helper.getOutputStream()) {
            question.write(registry.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            call.check(); // It ended without asking, and says why.
        }
        String answer = new String(helper.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        call.check();
        if (exitCode(helper) == 0) {
            JsonNode told = new ObjectMapper().readTree(answer);
            return Optional.of(new Login(
                    told.path("Username").asText(), told.path("Secret").asText()));
        }
        if (answer.contains("credentials not found")) {
            return Optional.empty();
        }
        throw failure(program, registry, "it failed: " + answer.strip());
    }

    /** Returns where it is, by {@code PATH}; else its name, with which it is not found. */
    private static String program(Environment environment, String name) {
        return Arrays.stream(environment.variable("PATH").orElse("").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(name);
    }

    private static int exitCode(Process helper) {
        try {
            return helper.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private static UnauthorizedException failure(String program, String registry, String why) {
        return new UnauthorizedException(new Problem(
                "ask " + program + " for the login of",
                registry,
                why,
                "Put it on the PATH, or give DOCKER_USERNAME and DOCKER_PASSWORD"));
    }
}
