package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.http.Request;
import dewy.http.Response;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The list of releases, page by page. Every page is remembered with its ETag and asked for conditionally, since answers
 * that say "not modified" do not count against GitHub's rate limit. For one thread at a time.
 */
final class ReleasePages {
    static final int PER_PAGE = 100;
    /** GitHub lists the newest first: what is beyond is too old to be deployed. */
    static final int MOST_PAGES = 5;

    private record Page(Optional<String> etag, List<GitHubRelease> releases, Optional<URI> next) {}

    /** The releases, and the ETag of the first page. */
    record Listing(Optional<String> etag, List<GitHubRelease> releases) {}

    private final Api api;
    private final Repository repository;
    private final URI first;
    private Map<URI, Page> known = Map.of();
    private OptionalLong callsLeft = OptionalLong.empty();

    ReleasePages(Api api, Repository repository) {
        this.api = api;
        this.repository = repository;
        this.first = api.address().resolve(repository.path() + "/releases?per_page=" + PER_PAGE);
    }

    /**
     * Reads the list.
     *
     * @param etag the first page that the caller knows, for when none is remembered here
     * @return empty if that is still the one
     */
    Optional<Listing> read(Call call, Optional<String> etag) throws DewyException {
        Optional<Page> remembered = Optional.ofNullable(known.get(first));
        Optional<String> condition = remembered.isPresent() ? remembered.get().etag() : etag;
        Optional<Page> fresh = fetch(call, first, condition);
        if (fresh.isEmpty()) {
            return remembered.map(page -> listing(page.etag(), known.values()));
        }
        Map<URI, Page> pages = new LinkedHashMap<>();
        pages.put(first, fresh.get());
        Optional<URI> next = fresh.get().next();
        while (next.isPresent() && pages.size() < MOST_PAGES && !pages.containsKey(next.get())) {
            Page page = again(call, next.get());
            pages.put(next.get(), page);
            next = page.next();
        }
        known = pages;
        return Optional.of(listing(fresh.get().etag(), pages.values()));
    }

    /** Returns how many more requests GitHub answers within the hour, as it said with the last page. */
    OptionalLong callsLeft() {
        return callsLeft;
    }

    /** Returns the release of a tag: the remembered one, or what GitHub says. */
    GitHubRelease find(Call call, String tag) throws DewyException {
        for (Page page : known.values()) {
            for (GitHubRelease release : page.releases()) {
                if (release.tag().equals(tag) && !release.draft()) {
                    return release;
                }
            }
        }
        Request request = Api.get(
                "read the release", tag + " of " + repository, api.address().resolve(repository.releasePath(tag)));
        try (Response response = api.web().ask(call, request, 200)) {
            return response.read(Json.one(GitHubRelease::read));
        }
    }

    /** Reads a further page; when it has not changed, what is remembered. */
    private Page again(Call call, URI uri) throws DewyException {
        Optional<Page> remembered = Optional.ofNullable(known.get(uri));
        Optional<Page> fresh = fetch(call, uri, remembered.flatMap(Page::etag));
        return fresh.or(() -> remembered).orElseThrow(() -> unusable("it has not changed, though it was never read"));
    }

    private Optional<Page> fetch(Call call, URI uri, Optional<String> etag) throws DewyException {
        Request request = Api.get("list the releases of", repository.toString(), uri);
        try (Response response = api.askUnless(etag, call, request)) {
            callsLeft = response.number("x-ratelimit-remaining");
            if (response.status() == 304) {
                return Optional.empty();
            }
            Optional<URI> next = response.link("next");
            if (next.isPresent() && !api.address().isHome(next.get())) {
                throw unusable("its next page is not at the address of the API");
            }
            return Optional.of(new Page(response.etag(), response.read(Json.list(GitHubRelease::read)), next));
        }
    }

    /** Puts pages together; a release that moved to the next page while they were read counts once. */
    private static Listing listing(Optional<String> etag, Iterable<Page> pages) {
        Map<Long, GitHubRelease> releases = new LinkedHashMap<>();
        for (Page page : pages) {
            for (GitHubRelease release : page.releases()) {
                if (!release.draft()) {
                    releases.putIfAbsent(release.id(), release);
                }
            }
        }
        return new Listing(etag, new ArrayList<>(releases.values()));
    }

    private UnreachableException unusable(String why) {
        return new UnreachableException(Problem.of("list the releases of", repository, why, ""));
    }
}
