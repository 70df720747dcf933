package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import java.io.IOException;
import java.util.Optional;

/** Fetches the bytes of assets. Safe for use by several threads. */
final class Assets {
    private final Api api;
    private final Repository repository;

    Assets(Api api, Repository repository) {
        this.api = api;
        this.repository = repository;
    }

    /** Opens an asset from its first byte on. */
    Response open(Call call, long asset, String name) throws DewyException {
        return api.ask(call, request(asset, name), 200);
    }

    /** Opens an asset from an offset on; the answer may also begin at 0 (status 200), or say that nothing is there (416). */
    Response resume(Call call, long asset, String name, long offset, String validator) throws DewyException {
        ApiRequest request =
                request(asset, name).with("Range", "bytes=" + offset + "-").with("If-Range", validator);
        return api.ask(call, request, 200, 206, 416);
    }

    /** Reads an asset that is expected to be small; empty if it is larger than {@code most} bytes. */
    Optional<byte[]> read(Call call, Asset asset, int most) throws DewyException {
        try (Response response = open(call, asset.id(), asset.name())) {
            byte[] bytes = response.body().readNBytes(most + 1);
            return bytes.length > most ? Optional.empty() : Optional.of(bytes);
        } catch (IOException e) {
            call.check();
            String why = String.valueOf(e.getMessage());
            throw new UnreachableException(Problem.of("fetch", asset.name() + " of " + repository, why, ""), e);
        }
    }

    private ApiRequest request(long asset, String name) {
        return ApiRequest.get("fetch", name + " of " + repository, api.address().resolve(repository.assetPath(asset)))
                .with("Accept", "application/octet-stream");
    }
}
