package dewy.core.host;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.StorageException;
import dewy.api.UnreachableException;
import dewy.api.http.ProxyEnvironment;
import dewy.core.operation.Ongoing;
import dewy.core.plugin.Guard;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Gets a jar by HTTPS, within a time and up to a size, however the server behaves. Safe for use by several threads. */
final class JarDownload {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final long MOST_BYTES = 256L << 20;

    private final PluginFolder folder;
    private final Guard guard;
    private final Supplier<HttpClient.Builder> clients;

    JarDownload(PluginFolder folder, Guard guard, Supplier<HttpClient.Builder> clients) {
        this.folder = folder;
        this.guard = guard;
        this.clients = clients;
    }

    /** Returns a copy that is the caller's; {@code operation} hears how far it is, and ends it when it is cancelled. */
    Path get(String url, Ongoing<?> operation) throws DewyException {
        URI uri = uri(url);
        Path copy = folder.newCopy();
        try {
            return guard.within(LIMIT, "download", uri, call -> write(uri, copy, call, operation));
        } catch (DewyException e) {
            folder.delete(copy);
            throw e;
        }
    }

    private static URI uri(String url) throws InvalidException {
        try {
            URI uri = new URI(url);
            if ("https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // As below: what is wrong with it shows in the message.
        }
        throw new InvalidException(Problem.of(
                "download", url.replaceAll("//[^/@]*@", "//…@"), "it is no https URL without credentials", ""));
    }

    private Path write(URI uri, Path copy, CancellableCall call, Ongoing<?> operation)
            throws DewyException, InterruptedException {
        CompletableFuture<HttpResponse<InputStream>> answer = ask(uri);
        try (Registration cancelling = operation.within(call);
                Registration ending = call.onCancel(() -> answer.cancel(true));
                InputStream body = answer.get().body();
                Registration closing = call.onCancel(() -> close(body))) {
            int status = answer.get().statusCode();
            if (status != 200) {
                throw new NotFoundException(
                        Problem.of("download", uri, "the server answers with status " + status, ""));
            }
            long total =
                    answer.get().headers().firstValueAsLong("Content-Length").orElse(-1);
            write(uri, body, copy, done -> operation.progress("download", done, total));
            return copy;
        } catch (CancellationException | ExecutionException | IOException e) {
            if (operation.cancelledBy().isPresent()) {
                throw operation.cancellation();
            }
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw unreachable(uri, call.isOver() ? "it takes longer than five minutes" : cause.toString(), cause);
        }
    }

    private CompletableFuture<HttpResponse<InputStream>> ask(URI uri) throws InvalidException {
        ProxyEnvironment proxies = ProxyEnvironment.system();
        HttpClient client = proxies.through(clients.get())
                .connectTimeout(CONNECT_LIMIT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        HttpRequest request =
                proxies.authorize(HttpRequest.newBuilder(uri), uri).build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    private static void write(URI uri, InputStream body, Path copy, LongConsumer progress)
            throws DewyException, IOException {
        long all = 0;
        byte[] buffer = new byte[64 << 10];
        try (OutputStream out = output(copy)) {
            for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
                all += length;
                if (all > MOST_BYTES) {
                    throw new InvalidException(
                            Problem.of("download", uri, "it is longer than 256 MiB", "Is it the jar of a plugin?"));
                }
                store(out, buffer, length, copy);
                progress.accept(all);
            }
        }
    }

    private static OutputStream output(Path copy) throws StorageException {
        try {
            return Files.newOutputStream(copy);
        } catch (IOException e) {
            throw storage(copy, e);
        }
    }

    private static void store(OutputStream out, byte[] buffer, int length, Path copy) throws StorageException {
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw storage(copy, e);
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // Whoever reads it is told.
        }
    }

    private static StorageException storage(Path copy, IOException e) {
        return new StorageException(
                Problem.of("write", copy, e.getClass().getSimpleName() + ": " + e.getMessage(), "Check the free space"),
                e);
    }

    private static UnreachableException unreachable(URI uri, String why, Throwable cause) {
        return new UnreachableException(
                Problem.of("download", uri, why, "Check the URL, the network and the proxy"), cause);
    }
}
