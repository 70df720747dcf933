package dewy.registry.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.UnauthorizedException;
import dewy.api.release.RegistryLogin;
import dewy.api.release.RegistryLogin.Kind;
import dewy.http.Environment;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Programs that keep credentials, or make them for a while, as those of ECR, GAR and ACR do: {@code docker-credential-NAME get}
 * reads the server and writes what it has for it (docker-credential-helpers, "Development").
 */
final class CredentialHelper {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int LONGEST_ANSWER = 1 << 20;
    private static final int LONGEST_MESSAGE = 200;
    /** What the answer has in the place of a user where the secret is a token. */
    private static final String TOKEN = "<token>";

    private static final String NOTHING = "credentials not found";

    @SuppressWarnings("ArrayRecordComponent") // It is read at once, and compared with nothing.
    private record Answer(int status, byte[] output) {
        String message() {
            String line = new String(output, UTF_8).strip().replaceAll("\\s+", " ");
            String shown = line.substring(0, Math.min(LONGEST_MESSAGE, line.length()));
            return shown.isEmpty() ? "it ended with " + status : shown;
        }
    }

    private CredentialHelper() {}

    /**
     * Asks a helper.
     *
     * @return empty if it has none for the server
     * @throws UnauthorizedException if it cannot be run or fails
     */
    static Optional<RegistryLogin> get(Call call, Environment environment, String name, String server)
            throws DewyException {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
            throw failed(name, server, "this is no name of a helper");
        }
        Answer answer = run(call, program(environment, name, server), name, server);
        if (answer.status() != 0) {
            if (answer.message().contains(NOTHING)) {
                return Optional.empty();
            }
            throw failed(name, server, answer.message());
        }
        try {
            Json json = Json.read(answer.output());
            String user = json.get("Username").text().orElse("");
            Optional<String> secret = json.get("Secret").text();
            Kind kind = user.equals(TOKEN) ? Kind.IDENTITY_TOKEN : Kind.PASSWORD;
            return secret.map(text -> new RegistryLogin(server, kind, kind == Kind.PASSWORD ? user : "", text));
        } catch (IOException e) {
            throw failed(name, server, "what it wrote cannot be used: " + e.getMessage());
        }
    }

    private static Answer run(Call call, Path program, String name, String server) throws DewyException {
        call.check();
        Process process;
        try {
            process = new ProcessBuilder(program.toString(), "get")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw failed(name, server, "it cannot be run");
        }
        Registration cancellation = call.onCancel(() -> end(process));
        try {
            CompletableFuture<byte[]> output = new CompletableFuture<>();
            Thread reader = new Thread(() -> read(process, output), program(name));
            reader.setDaemon(true);
            reader.start();
            tell(process, server);
            Duration limit = call.remaining().compareTo(LIMIT) < 0 ? call.remaining() : LIMIT;
            byte[] written = output.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            call.check(); // When the call is over the helper was ended.
            return new Answer(process.waitFor(), written);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(name, server, "the wait for it was interrupted");
        } catch (ExecutionException | TimeoutException e) {
            call.check();
            throw failed(name, server, "it did not answer within " + LIMIT.toSeconds() + " s");
        } finally {
            cancellation.close();
            end(process);
        }
    }

    private static void tell(Process process, String server) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(server.getBytes(UTF_8));
        } catch (IOException e) {
            // It ended without asking; what it wrote and its status say why.
        }
    }

    private static void read(Process process, CompletableFuture<byte[]> output) {
        try (InputStream out = process.getInputStream()) {
            output.complete(out.readNBytes(LONGEST_ANSWER));
        } catch (IOException e) {
            output.completeExceptionally(e);
        }
    }

    /** Also what it started itself, which may hold its output open. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static Path program(Environment environment, String name, String server) throws UnauthorizedException {
        for (String folder : environment.variable("PATH").orElse("").split(File.pathSeparator, -1)) {
            Path program = Path.of(folder, program(name));
            if (!folder.isEmpty() && Files.isExecutable(program)) {
                return program;
            }
        }
        throw failed(name, server, "there is none in PATH");
    }

    private static String program(String name) {
        return "docker-credential-" + name;
    }

    private static UnauthorizedException failed(String name, String server, String why) {
        String advice =
                "Try echo " + server + " | " + program(name) + " get as the user of the agent, or log in without it";
        return new UnauthorizedException(
                Problem.of("fetch the credentials for " + server + " by", program(name), why, advice));
    }
}
