package dewy.artifact.http;

import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.registry.ChecksumFile;
import dewy.api.release.Digest;
import dewy.http.Request;
import dewy.http.Response;
import dewy.http.WebClient;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The file {@code <artifact>.sha256} beside an artifact. What was read last is remembered, so that it is fetched again only
 * if it has changed. Safe for use by several threads.
 */
final class ChecksumSidecar {
    private static final int LARGEST = 64 << 10;

    private record Remembered(URI uri, String etag, Digest digest) {}

    private final WebClient web;
    private Optional<Remembered> last = Optional.empty();

    ChecksumSidecar(WebClient web) {
        this.web = web;
    }

    /**
     * Returns the digest of an artifact that is there.
     *
     * @return empty if there is no such file; stores that tell nobody what they hold answer 403 then
     * @throws CorruptException if there is one that says nothing about the artifact
     */
    synchronized Optional<Digest> digest(Call call, URI artifact, String name) throws DewyException {
        URI uri = URI.create(artifact + ".sha256");
        Optional<Remembered> before = last.filter(known -> known.uri().equals(uri));
        Request plain = Request.get("read the checksum", uri);
        Request request =
                before.map(known -> plain.with("If-None-Match", known.etag())).orElse(plain);
        try (Response response = web.ask(call, request, 200, 304, 403, 404, 410)) {
            if (response.status() == 304 && before.isPresent()) {
                return Optional.of(before.get().digest());
            }
            if (response.status() != 200) {
                return Optional.empty();
            }
            Digest digest = read(response, name);
            last = response.etag().map(etag -> new Remembered(uri, etag, digest));
            return Optional.of(digest);
        }
    }

    private static Digest read(Response response, String name) throws DewyException {
        String text = new String(response.bytes(LARGEST), StandardCharsets.UTF_8);
        Optional<Digest> digest;
        try {
            ChecksumFile file =
                    new ChecksumFile(name, name + ".sha256", response.request().on(), text);
            digest = ChecksumFile.digest(List.of(file));
        } catch (InvalidException e) {
            digest = Optional.empty();
        }
        Request request = response.request();
        return digest.orElseThrow(() -> new CorruptException(Problem.of(
                request.tried(),
                request.on(),
                "it holds no SHA-256 of " + name,
                "Put there what sha256sum writes, or nothing")));
    }
}
