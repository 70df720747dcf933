package dewy.registry.oci;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnreachableException;
import dewy.api.release.Digest;
import dewy.http.Origin;
import dewy.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The tags of a repository, a thousand a page where its registry goes along with that ("Listing tags" of the distribution
 * specification). A list that breaks off is gone on with the next time, so that one that takes longer than a poll is read all
 * the same. For one thread at a time.
 */
final class TagList {
    /** What pages say that were read within this time may be put together. */
    private static final Duration FRESH = Duration.ofMinutes(10);

    private static final int PER_PAGE = 1_000;
    private static final int MOST_TAGS = 1_000_000;
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
    /** Signatures and the like of an image, filed under its digest; see "Referrers Tag Schema". */
    private static final Pattern REFERRER = Pattern.compile("sha(256-[0-9a-f]{64}|512-[0-9a-f]{64,128})(\\..*)?");

    /**
     * All tags that may be versions.
     *
     * @param requests how many it took
     * @param etag by which it is known whether it changed, where one page is all there is
     */
    record Listing(List<String> tags, int requests, Optional<String> etag) {
        /** Returns what tells it from others. */
        String fingerprint(ImageRepository repository) {
            MessageDigest sum = Digest.calculation("sha256");
            sum.update(repository.toString().getBytes(StandardCharsets.UTF_8));
            tags.stream().sorted().forEach(tag -> sum.update(("\0" + tag).getBytes(StandardCharsets.UTF_8)));
            return Digest.of(sum).hex();
        }
    }

    private record Page(List<String> tags, Optional<URI> next, Optional<String> etag) {}

    /** What was read so far. */
    private static final class Reading {
        final Instant begun;
        final List<String> tags = new ArrayList<>();
        final Set<URI> asked = new HashSet<>();
        Optional<URI> next;
        Optional<String> etag = Optional.empty();

        Reading(URI first, Instant now) {
            next = Optional.of(first);
            begun = now;
        }

        void add(URI at, Page page) {
            asked.add(at);
            tags.addAll(page.tags());
            etag = asked.size() == 1 && page.next().isEmpty() ? page.etag() : Optional.empty();
            next = page.next().filter(one -> !asked.contains(one));
        }
    }

    private final RegistryApi api;
    private final InstantSource clock;
    private Optional<Reading> unfinished = Optional.empty();

    TagList(RegistryApi api, InstantSource clock) {
        this.api = api;
        this.clock = clock;
    }

    /**
     * Reads the list.
     *
     * @param etag what the whole list is known by
     * @return empty if it is that still
     */
    Optional<Listing> read(Call call, Optional<String> etag) throws DewyException {
        Instant now = clock.instant();
        Reading reading = unfinished
                .filter(part -> Duration.between(part.begun, now).compareTo(FRESH) < 0)
                .orElseGet(() -> new Reading(api.repository().address("tags/list?n=" + PER_PAGE), now));
        unfinished = Optional.empty();
        try {
            while (reading.next.isPresent()) {
                URI at = reading.next.get();
                Optional<Page> page = page(call, at, reading.asked.isEmpty() ? etag : Optional.empty());
                if (page.isEmpty()) {
                    return Optional.empty();
                }
                reading.add(at, page.get());
                if (reading.tags.size() > MOST_TAGS) {
                    throw unusable("it has more than " + MOST_TAGS + " tags");
                }
            }
            return Optional.of(
                    new Listing(List.copyOf(new HashSet<>(reading.tags)), reading.asked.size(), reading.etag));
        } catch (ExpiredException | UnreachableException | RateLimitedException e) {
            unfinished = reading.asked.isEmpty() ? Optional.empty() : Optional.of(reading);
            throw e;
        }
    }

    /** Asks for one tag, which shows whether the repository can be read. */
    void look(Call call) throws DewyException {
        page(call, api.repository().address("tags/list?n=1"), Optional.empty());
    }

    private Optional<Page> page(Call call, URI at, Optional<String> etag) throws DewyException {
        try (Response response = api.list(call, at, etag)) {
            if (response.status() == 304) {
                return Optional.empty();
            }
            List<String> tags = new ArrayList<>();
            for (Json tag : response.read(TagList::parse).get("tags").items()) {
                tag.text().filter(TagList::mayBeVersion).ifPresent(tags::add);
            }
            return Optional.of(new Page(tags, next(response), response.etag()));
        }
    }

    private static Json parse(InputStream body) throws IOException {
        Json answer = Json.read(body);
        if (!answer.fields().containsKey("tags")) {
            throw new IOException("it has no list of tags");
        }
        return answer;
    }

    private static boolean mayBeVersion(String tag) {
        return TAG.matcher(tag).matches() && !REFERRER.matcher(tag).matches();
    }

    /**
     * Returns where the list goes on: at the registry that was asked, by whatever scheme or port a registry behind a proxy
     * believes that it is reached.
     */
    private Optional<URI> next(Response response) throws DewyException {
        Optional<URI> link = response.link("next");
        if (link.isEmpty()) {
            return link;
        }
        URI home = api.repository().address("");
        if (!Origin.of(link.get()).host().equals(Origin.of(home).host())) {
            throw unusable("its next page is at another host, " + link.get().getHost());
        }
        String query = link.get().getRawQuery();
        return Optional.of(home.resolve(link.get().getRawPath() + (query == null ? "" : "?" + query)));
    }

    private UnreachableException unusable(String why) {
        String advice = "Mend the registry";
        return new UnreachableException(Problem.of(RegistryApi.LIST, api.repository(), why, advice));
    }
}
