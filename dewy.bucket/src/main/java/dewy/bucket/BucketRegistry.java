package dewy.bucket;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.plugin.HealthCheck;
import dewy.api.plugin.Lifetime;
import dewy.api.registry.ChecksumFile;
import dewy.api.registry.Cursor;
import dewy.api.registry.DeploymentReport;
import dewy.api.registry.Outlining;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.registry.Reporting;
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
 * The releases below a prefix. Its cursor is a fingerprint of which versions there are, and of those that core had completed.
 * An idle poll lists the versions, a thousand a request, and looks into at most {@link #MOST_COMPLETED}; where to list
 * them takes more than {@link #MOST_LISTED} requests, that is done every ten minutes only.
 */
final class BucketRegistry implements Registry, Outlining, Reporting, HealthCheck {
    static final int MOST_COMPLETED = 16;
    static final int MOST_LISTED = 10;
    static final Duration WHOLE = Duration.ofMinutes(10);

    private static final int LARGEST_CHECKSUMS = 1 << 20;

    /** A list of very many versions, and when it was made. */
    private record Whole(String fingerprint, Instant at) {}

    private final Bucket bucket;
    private final Location location;
    private final InstantSource clock;
    private final Lifetime lifetime = new Lifetime();
    private final Map<String, VersionFolder> completed = new LinkedHashMap<>();
    private Optional<Whole> last = Optional.empty();

    BucketRegistry(Bucket bucket, InstantSource clock) {
        this.bucket = bucket;
        this.location = bucket.location();
        this.clock = clock;
    }

    @Override
    public Poll poll(Call call, Optional<Cursor> cursor) throws DewyException {
        Call mine = lifetime.bind(call);
        Optional<PollCursor> before = cursor.flatMap(PollCursor::parse);
        if (before.isPresent() && stillStands(before.get())) {
            Optional<Poll> same = unlessChanged(mine, before.get(), before.get().versions());
            if (same.isPresent()) {
                return same.get();
            }
        }
        Listing listing = Listing.of(mine, bucket);
        String versions = listing.fingerprint(location);
        last = listing.requests() > MOST_LISTED ? Optional.of(new Whole(versions, clock.instant())) : Optional.empty();
        if (before.isPresent()) {
            Optional<Poll> same = unlessChanged(mine, before.get(), versions);
            if (same.isPresent()) {
                return same.get();
            }
            completed.clear();
        }
        List<Release> outlines = listing.tags().stream()
                .map(tag -> new Release(tag, Optional.empty(), List.of()))
                .toList();
        Poll changed = Poll.changed(outlines, new PollCursor(versions, Map.of()).toCursor());
        return listing.remark(location).map(changed::remark).orElse(changed);
    }

    @Override
    public Release complete(Call call, Release outline) throws DewyException {
        return look(lifetime.bind(call), outline.tag()).release(location);
    }

    @Override
    public Artifact describe(Call call, Release release, Artifact artifact) throws DewyException {
        Call mine = lifetime.bind(call);
        VersionFolder known = completed.get(release.tag());
        VersionFolder folder = known != null ? known : look(mine, release.tag());
        VersionFolder.Entry entry = folder.find(artifact.name())
                .orElseThrow(() -> new NotFoundException(Problem.of(
                        "find",
                        location.show(location.key(release.tag(), artifact.name())),
                        "it is not there",
                        "Upload it")));
        Artifact described = artifact.withSize(entry.object().size());
        Optional<Digest> digest = published(mine, folder, artifact.name());
        if (digest.isEmpty() && entry.object().hasSha256()) {
            digest = bucket.head(mine, "find", entry.object().key()).sha256();
        }
        return digest.map(described::withDigest).orElse(described);
    }

    @Override
    public void report(Call call, DeploymentReport report) throws DewyException {
        Call mine = lifetime.bind(call);
        if (report.error().isPresent()) {
            mine.check();
            return;
        }
        String key = location.key(report.deliverable().release().tag(), report.fileName());
        bucket.put(mine, "leave the audit object", key, new byte[0]);
    }

    /** Lists one name. */
    @Override
    public void check(Call call) throws DewyException {
        bucket.list(lifetime.bind(call), Listing.TRIED, Bucket.PageRequest.one(location.prefix()));
    }

    @Override
    public void close() {
        lifetime.close();
    }

    private boolean stillStands(PollCursor before) {
        if (last.isEmpty() || !last.get().fingerprint().equals(before.versions())) {
            return false;
        }
        Duration age = Duration.between(last.get().at(), clock.instant());
        return !age.isNegative() && age.compareTo(WHOLE) < 0;
    }

    /** Returns that nothing changed, if there are the same versions, and those that count look the same. */
    private Optional<Poll> unlessChanged(Call call, PollCursor before, String versions) throws DewyException {
        if (!before.versions().equals(versions)) {
            return Optional.empty();
        }
        Map<String, String> known = new LinkedHashMap<>(before.completed());
        completed.forEach((tag, folder) -> known.putIfAbsent(tag, folder.fingerprint()));
        while (known.size() > MOST_COMPLETED) {
            known.remove(known.keySet().iterator().next());
        }
        for (Map.Entry<String, String> one : known.entrySet()) {
            if (!Listing.version(call, bucket, one.getKey()).fingerprint().equals(one.getValue())) {
                return Optional.empty();
            }
        }
        return Optional.of(Poll.unchanged(new PollCursor(versions, known).toCursor()));
    }

    private VersionFolder look(Call call, String tag) throws DewyException {
        VersionFolder folder = Listing.version(call, bucket, tag);
        completed.remove(tag);
        if (completed.size() == MOST_COMPLETED) {
            completed.remove(completed.keySet().iterator().next());
        }
        completed.put(tag, folder);
        return folder;
    }

    /** Returns the digest that the publisher put beside an artifact. */
    private Optional<Digest> published(Call call, VersionFolder folder, String artifact) throws DewyException {
        for (VersionFolder.Entry file : folder.checksumsOf(artifact)) {
            String key = location.key(folder.tag(), file.name());
            String text = bucket.read(call, "read the checksum of " + artifact + " in", key, LARGEST_CHECKSUMS)
                    .content();
            ChecksumFile checksums = new ChecksumFile(artifact, file.name(), location.show(key), text);
            Optional<Digest> digest = ChecksumFile.digest(List.of(checksums));
            if (digest.isPresent()) {
                return digest;
            }
        }
        return Optional.empty();
    }
}
