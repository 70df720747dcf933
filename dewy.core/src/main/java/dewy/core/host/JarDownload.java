package dewy.core.host;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.StorageException;
import dewy.api.UnreachableException;
import dewy.api.plugin.Secret;
import dewy.core.operation.Ongoing;
import dewy.core.plugin.Guard;
import dewy.http.Authentication;
import dewy.http.Connections;
import dewy.http.Environment;
import dewy.http.Network;
import dewy.http.Request;
import dewy.http.Response;
import dewy.http.WebClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongConsumer;

/** Gets a jar by HTTPS, within a time and up to a size, however the server behaves. Safe for use by several threads. */
final class JarDownload {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final long MOST_BYTES = 256L << 20;

    private final PluginFolder folder;
    private final Guard guard;
    private final Environment environment;

    JarDownload(PluginFolder folder, Guard guard, Environment environment) {
        this.folder = folder;
        this.guard = guard;
        this.environment = environment;
    }

    /** Returns a copy that is the caller's; {@code operation} hears how far it is, and ends it when it is cancelled. */
    Path get(String url, Ongoing<?> operation) throws DewyException {
        URI uri = uri(url);
        Path copy = folder.newCopy();
        try {
            return guard.within(LIMIT, "download", uri, call -> write(uri, copy, call, operation));
        } catch (ExpiredException e) {
            folder.delete(copy);
            throw unreachable(uri, "it takes longer than five minutes", e);
        } catch (CancelledException e) {
            folder.delete(copy);
            throw operation.cancelledBy().isPresent() ? operation.cancellation() : e;
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
        throw new InvalidException(
                Problem.of("download", Secret.masked(url), "it is no https URL without credentials", ""));
    }

    private Path write(URI uri, Path copy, CancellableCall call, Ongoing<?> operation) throws DewyException {
        WebClient web = new WebClient(
                new Connections(Network.of(environment), PATIENCE),
                Authentication.NONE,
                refusal -> refusal.standard("Plugins are fetched without credentials"),
                false,
                InstantSource.system());
        try (Registration cancelling = operation.within(call);
                Response response = web.ask(call, Request.get("download", uri), 200)) {
            long total = response.number("content-length").orElse(-1);
            write(uri, response.body(), copy, done -> operation.progress("download", done, total));
            return copy;
        } catch (IOException e) {
            call.check();
            throw unreachable(uri, "it broke off: " + e.getMessage(), e);
        }
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

    private static StorageException storage(Path copy, IOException e) {
        return new StorageException(
                Problem.of("write", copy, e.getClass().getSimpleName() + ": " + e.getMessage(), "Check the free space"),
                e);
    }

    private static UnreachableException unreachable(URI uri, String why, Exception cause) {
        return new UnreachableException(
                Problem.of("download", uri, why, "Check the URL, the network and the proxy"), cause);
    }
}
