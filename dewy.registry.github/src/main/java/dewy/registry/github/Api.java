package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.http.Request;
import dewy.http.Response;
import dewy.http.WebClient;
import java.net.URI;
import java.util.Optional;

/**
 * GitHub's REST API (version 2022-11-28), as somebody may use it. Safe for use by several threads.
 *
 * @param address where it is
 * @param credentials who asks
 * @param web by which it is asked
 */
record Api(ApiAddress address, GitHubCredentials credentials, WebClient web) {
    /** Returns whether requests are made in nobody's name. */
    boolean isAnonymous(Call call) throws DewyException {
        return credentials.of(call).areNone();
    }

    /** Returns a question about JSON, at an address of the API. */
    static Request get(String tried, String on, URI uri) {
        return spoken(Request.get(tried, on, uri));
    }

    static Request post(String tried, String on, URI uri, byte[] body) {
        return spoken(Request.post(tried, on, uri, body));
    }

    /** Asks for something that is only sent if it is not what its ETag names. */
    Response askUnless(Optional<String> etag, Call call, Request request) throws DewyException {
        return etag.isPresent()
                ? web.ask(call, request.with("If-None-Match", etag.get()), 200, 304)
                : web.ask(call, request, 200);
    }

    /** Returns the question for the bytes of an asset. */
    Request asset(Repository repository, long asset, String name) {
        return get("fetch", name + " of " + repository, address.resolve(repository.assetPath(asset)))
                .with("Accept", "application/octet-stream");
    }

    private static Request spoken(Request request) {
        return request.with("Accept", "application/vnd.github+json").with("X-GitHub-Api-Version", "2022-11-28");
    }
}
