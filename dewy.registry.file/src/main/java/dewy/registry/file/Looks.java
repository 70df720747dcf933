package dewy.registry.file;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.registry.Cursor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at a registry folder again and again. Where it has many versions the whole of it is looked at now and then only: in
 * between it counts as unchanged as long as the same versions are there, and the {@linkplain Newest newest} of them are as
 * they were. So a change in one of the others is found {@link #WHOLE} later at the latest. Safe for use by several threads.
 */
final class Looks {
    static final Duration WHOLE = Duration.ofMinutes(10);

    /** Within so much time a folder may be changed twice and bear the same time afterwards. */
    private static final Duration COARSE = Duration.ofSeconds(2);

    /**
     * A look at the whole of a large folder.
     *
     * @param root what the folder itself looked like
     * @param since when it looked so first
     * @param at when the look was taken
     * @param newest what was in the newest versions
     */
    private record Whole(Stamp root, Instant since, Instant at, Cursor cursor, List<ReleaseFolder> newest) {
        boolean standsFor(Cursor wanted, Instant now) {
            boolean settled = Duration.between(since, at).compareTo(COARSE) >= 0;
            Duration age = Duration.between(at, now);
            return wanted.equals(cursor) && settled && !age.isNegative() && age.compareTo(WHOLE) < 0;
        }
    }

    private final Path root;
    private final InstantSource clock;
    private volatile Optional<Whole> last = Optional.empty();

    Looks(Path root, InstantSource clock) {
        this.root = root;
        this.clock = clock;
    }

    /** Returns whether it is known, without a look at the whole folder, that it is what the cursor stands for. */
    boolean stillShow(Cursor cursor) {
        Optional<Whole> whole = last;
        return whole.isPresent() && whole.get().standsFor(cursor, clock.instant()) && isAsItWas(whole.get());
    }

    /** Looks at the whole folder; fails as {@link Snapshot#take} does. */
    Snapshot whole(Call call) throws DewyException {
        Optional<Whole> before = last;
        last = Optional.empty();
        Instant now = clock.instant();
        Optional<Stamp> stamp = stamp();
        Snapshot snapshot = Snapshot.take(call, root);
        if (stamp.isPresent() && snapshot.folders().size() > Newest.MOST) {
            Instant since = before.filter(earlier -> earlier.root().equals(stamp.get()))
                    .map(Whole::since)
                    .orElse(now);
            last = Optional.of(new Whole(stamp.get(), since, now, snapshot.cursor(), newest(snapshot)));
        }
        return snapshot;
    }

    private boolean isAsItWas(Whole whole) {
        try {
            boolean same = Stamp.of(root).equals(whole.root());
            for (int i = 0; same && i < whole.newest().size(); i++) {
                ReleaseFolder earlier = whole.newest().get(i);
                same = ReleaseFolder.read(root.resolve(earlier.tag())).equals(earlier);
            }
            return same;
        } catch (IOException e) {
            // What is wrong there, the look at the whole folder tells.
            return false;
        }
    }

    private Optional<Stamp> stamp() {
        try {
            return Optional.of(Stamp.of(root));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private List<ReleaseFolder> newest(Snapshot snapshot) {
        List<Path> all = snapshot.folders().stream()
                .map(folder -> root.resolve(folder.tag()))
                .toList();
        Set<Path> newest = Set.copyOf(Newest.of(all));
        return snapshot.folders().stream()
                .filter(folder -> newest.contains(root.resolve(folder.tag())))
                .toList();
    }
}
