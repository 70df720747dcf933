package dewy.core.host;

import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.UnreachableException;
import dewy.api.http.ProxyEnvironment;
import dewy.api.release.Digest;
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
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Gets the jar of a plugin from a file, or by HTTPS, and verifies its digest. Safe for use by several threads. */
final class JarSource {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final long MOST_BYTES = 256L << 20;

    private final PluginFolder folder;

    JarSource(PluginFolder folder) {
        this.folder = folder;
    }

    /**
     * Returns a copy of the jar that is the caller's.
     *
     * @param source a path, or a URL
     * @param digest what it must have; needed for a URL
     */
    Path get(String source, Optional<Digest> digest) throws DewyException {
        boolean isUrl = source.regionMatches(true, 0, "https:", 0, 6) || source.regionMatches(true, 0, "http:", 0, 5);
        if (isUrl && digest.isEmpty()) {
            throw new InvalidException(Problem.of(
                    "install",
                    source,
                    "a jar from elsewhere must have a known digest",
                    "Give it with --digest sha256:…"));
        }
        Path copy = isUrl ? download(uri(source)) : copy(source);
        try {
            if (digest.isPresent()) {
                verify(source, copy, digest.get());
            }
            return copy;
        } catch (DewyException e) {
            folder.delete(copy);
            throw e;
        }
    }

    private Path copy(String source) throws DewyException {
        Path file = Path.of(source);
        if (!Files.isRegularFile(file)) {
            throw new NotFoundException(
                    Problem.of("install", source, "there is no such file", "Give the whole path, or an https URL"));
        }
        return folder.copy(file);
    }

    private static URI uri(String source) throws InvalidException {
        try {
            URI uri = new URI(source);
            if ("https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // As below: what is wrong with it shows in the message.
        }
        throw new InvalidException(Problem.of(
                "install", source.replaceAll("//[^/@]*@", "//…@"), "it is no https URL without credentials", ""));
    }

    private Path download(URI uri) throws DewyException {
        ProxyEnvironment proxies = ProxyEnvironment.system();
        HttpClient client = proxies.through(HttpClient.newBuilder())
                .connectTimeout(CONNECT_LIMIT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        HttpRequest request = proxies.authorize(HttpRequest.newBuilder(uri).timeout(LIMIT), uri)
                .build();
        CompletableFuture<HttpResponse<InputStream>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
        try {
            HttpResponse<InputStream> response = answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw new NotFoundException(
                            Problem.of("download", uri, "the server answers with status " + response.statusCode(), ""));
                }
                return write(uri, body);
            }
        } catch (ExecutionException e) {
            throw unreachable(uri, String.valueOf(e.getCause()));
        } catch (IOException e) {
            throw unreachable(uri, e.toString());
        } catch (TimeoutException e) {
            throw unreachable(uri, "the server does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(uri, "it was interrupted");
        } finally {
            answer.cancel(true);
        }
    }

    /** Ends in time however slowly the bytes come. */
    private Path write(URI uri, InputStream body) throws DewyException, IOException {
        Path copy = folder.newCopy();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        long all = 0;
        byte[] buffer = new byte[64 << 10];
        boolean complete = false;
        try (OutputStream out = output(copy)) {
            for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
                all += length;
                if (all > MOST_BYTES || System.nanoTime() > deadline) {
                    throw new InvalidException(Problem.of(
                            "download", uri, all > MOST_BYTES ? "it is longer than 256 MiB" : "it takes too long", ""));
                }
                store(out, buffer, length, copy);
            }
            complete = true;
            return copy;
        } finally {
            if (!complete) {
                folder.delete(copy);
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

    private static void verify(String source, Path copy, Digest expected) throws DewyException {
        MessageDigest calculation = Digest.calculation(expected.algorithm());
        try (InputStream in = Files.newInputStream(copy)) {
            byte[] buffer = new byte[64 << 10];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                calculation.update(buffer, 0, length);
            }
        } catch (IOException e) {
            throw storage(copy, e);
        }
        Digest actual = Digest.of(calculation);
        if (!actual.equals(expected)) {
            throw new CorruptException(Problem.of(
                    "install",
                    source,
                    "its digest is " + actual + " instead of " + expected,
                    "Get it anew, or ask who made it"));
        }
    }

    private static StorageException storage(Path copy, IOException e) {
        return new StorageException(
                Problem.of("write", copy, e.getClass().getSimpleName() + ": " + e.getMessage(), "Check the free space"),
                e);
    }

    private static UnreachableException unreachable(URI uri, String why) {
        return new UnreachableException(Problem.of("download", uri, why, "Check the URL, the network and the proxy"));
    }
}
