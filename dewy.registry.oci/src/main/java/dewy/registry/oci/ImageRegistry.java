package dewy.registry.oci;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.plugin.HealthCheck;
import dewy.api.plugin.Lifetime;
import dewy.api.registry.Cursor;
import dewy.api.registry.Outlining;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.release.Artifact;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tags of a repository as releases, each with the one image that it points to. An idle poll reads the list of tags, and looks
 * at most at {@link #MOST_COMPLETED} of them, without having that count as a pull; where the list takes more than {@link
 * #MOST_LISTED} requests, it is read every ten minutes only.
 */
final class ImageRegistry implements Registry, Outlining, HealthCheck {
    static final int MOST_COMPLETED = 16;
    static final int MOST_LISTED = 10;
    static final Duration WHOLE = Duration.ofMinutes(10);

    private static final String GONE = "-";

    /** A list of very many tags, and when it was read. */
    private record Whole(String fingerprint, Instant at) {}

    private final RegistryApi api;
    private final TagList tags;
    private final Manifests manifests;
    private final InstantSource clock;
    private final Lifetime lifetime = new Lifetime();
    private final Map<String, String> completed = new LinkedHashMap<>();
    private Optional<Whole> last = Optional.empty();

    ImageRegistry(RegistryApi api, InstantSource clock) {
        this.api = api;
        this.tags = new TagList(api, clock);
        this.manifests = new Manifests(api);
        this.clock = clock;
    }

    @Override
    public Poll poll(Call call, Optional<Cursor> cursor) throws DewyException {
        Call mine = lifetime.bind(call);
        Optional<PollCursor> before = cursor.flatMap(PollCursor::parse);
        Optional<TagList.Listing> listing = before.filter(this::stillStands).isPresent()
                ? Optional.empty()
                : tags.read(mine, before.flatMap(PollCursor::etag));
        String now = listing.map(list -> list.fingerprint(api.repository()))
                .orElseGet(() -> before.orElseThrow().tags());
        Optional<String> etag = listing.isPresent()
                ? listing.get().etag()
                : before.orElseThrow().etag();
        if (before.isPresent() && before.get().tags().equals(now)) {
            remember(listing, now);
            Optional<Map<String, String>> same = unlessMoved(mine, before.get().completed());
            if (same.isPresent()) {
                return Poll.unchanged(new PollCursor(now, etag, same.get()).toCursor());
            }
        }
        TagList.Listing all = listing.isPresent()
                ? listing.get()
                : tags.read(mine, Optional.empty()).orElseThrow();
        return changed(all);
    }

    @Override
    public Release complete(Call call, Release outline) throws DewyException {
        String tag = ImageRepository.tag(outline.tag());
        Optional<Digest> digest = manifests.find(lifetime.bind(call), tag);
        completed.remove(tag);
        completed.put(tag, text(digest));
        shorten(completed);
        String reference = api.repository().reference(tag);
        List<Artifact> images = digest.map(
                        known -> List.of(Artifact.image(reference, reference).withDigest(known)))
                .orElse(List.of());
        return new Release(outline.tag(), Optional.empty(), images);
    }

    /** Lists one tag. */
    @Override
    public void check(Call call) throws DewyException {
        tags.look(lifetime.bind(call));
    }

    @Override
    public void close() {
        lifetime.close();
    }

    private Poll changed(TagList.Listing listing) {
        completed.clear();
        String now = listing.fingerprint(api.repository());
        remember(Optional.of(listing), now);
        List<Release> outlines = listing.tags().stream()
                .map(tag -> new Release(ImageRepository.version(tag), Optional.empty(), List.of()))
                .toList();
        return Poll.changed(outlines, new PollCursor(now, listing.etag(), Map.of()).toCursor());
    }

    private void remember(Optional<TagList.Listing> listing, String now) {
        if (listing.isPresent()) {
            boolean isLong = listing.get().requests() > MOST_LISTED;
            last = isLong ? Optional.of(new Whole(now, clock.instant())) : Optional.empty();
        }
    }

    private boolean stillStands(PollCursor before) {
        if (last.isEmpty() || !last.get().fingerprint().equals(before.tags())) {
            return false;
        }
        Duration age = Duration.between(last.get().at(), clock.instant());
        return !age.isNegative() && age.compareTo(WHOLE) < 0;
    }

    /** Returns what the tags point to that count, if none of them points to something else by now. */
    private Optional<Map<String, String>> unlessMoved(Call call, Map<String, String> before) throws DewyException {
        Map<String, String> known = new LinkedHashMap<>(before);
        completed.forEach(known::putIfAbsent);
        shorten(known);
        for (Map.Entry<String, String> one : known.entrySet()) {
            if (!text(manifests.find(call, one.getKey())).equals(one.getValue())) {
                return Optional.empty();
            }
        }
        return Optional.of(known);
    }

    private static void shorten(Map<String, String> known) {
        while (known.size() > MOST_COMPLETED) {
            known.remove(known.keySet().iterator().next());
        }
    }

    private static String text(Optional<Digest> digest) {
        return digest.map(Digest::toString).orElse(GONE);
    }
}
