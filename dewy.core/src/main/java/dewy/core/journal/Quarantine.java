package dewy.core.journal;

import dewy.api.release.Deliverable;
import dewy.core.journal.JournalEntry.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The releases that failed by their own fault. Written by one thread; {@link #releases} may be asked by others. */
final class Quarantine {
    private static final int REMEMBERED = 50;
    private static final String TAG = "tag";

    private final String specification;
    private volatile List<BadRelease> releases = List.of();

    /** @param specification what the app is now: what failed under another one is not held against a release */
    Quarantine(String specification) {
        this.specification = specification;
    }

    List<BadRelease> releases() {
        return releases;
    }

    Optional<BadRelease> of(Installed release) {
        return releases.stream().filter(bad -> bad.is(release)).findFirst();
    }

    Map<String, String> fields(Deliverable bad, String why) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(TAG, bad.release().tag());
        fields.put("artifact", bad.artifact().name());
        fields.putAll(Publication.of(bad).fields());
        fields.put(BadRelease.SPECIFICATION, specification);
        fields.put("error", why);
        return fields;
    }

    /** Returns what the journal notes when a version is given another try; all of them when none is named. */
    static Map<String, String> another(Optional<String> tag) {
        return tag.map(version -> Map.of(TAG, version)).orElse(Map.of());
    }

    /** Returns whether it is all versions that are given another try. */
    static boolean isForAll(JournalEntry entry) {
        return entry.phase() == Phase.DONE && !entry.data().containsKey(TAG);
    }

    /** Returns what the app was when a release failed. */
    static String specification(JournalEntry entry) {
        return entry.data().getOrDefault(BadRelease.SPECIFICATION, "");
    }

    void learn(JournalEntry entry) {
        String tag = entry.data().getOrDefault(TAG, "");
        if (entry.phase() == Phase.DONE) {
            releases = releases.stream()
                    .filter(bad -> !tag.isEmpty() && !bad.tag().equals(tag))
                    .toList();
        } else if (specification.equals(specification(entry))) {
            List<BadRelease> more = new ArrayList<>(releases);
            more.add(BadRelease.of(entry));
            releases = List.copyOf(more.subList(Math.max(0, more.size() - REMEMBERED), more.size()));
        }
    }
}
