package dewy.core.journal;

import dewy.core.journal.JournalEntry.Phase;
import dewy.core.journal.JournalEntry.Step;
import java.nio.file.FileSystem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Shortens a journal to what counts: the newest entries as they are, and of those before what an {@link AppMemory} is made
 * of. The memory of a shortened journal is that of the long one, except for folders that are long gone. For one thread,
 * used once.
 */
final class Compaction {
    /** So many of the newest entries stay as they are, for people. */
    static final int RECENT = 1_000;

    /** So many folders are known although they may be gone: a disk may just not be mounted. */
    private static final int FOLDERS = 100;

    /** What failed is held against a release under the same specification only; so many of those are told apart. */
    private static final int SPECIFICATIONS = 20;

    private final FileSystem disk;
    private final Map<Step, JournalEntry> states = new EnumMap<>(Step.class);
    private final Map<String, Quarantine> quarantines = new LinkedHashMap<>();
    private final OpenDeployments open = new OpenDeployments();
    private final Cancellations cancellations = new Cancellations();
    private final Map<String, JournalEntry> installations = new LinkedHashMap<>();
    private final Map<String, JournalEntry> activations = new LinkedHashMap<>();
    private final Map<String, JournalEntry> removals = new LinkedHashMap<>();
    private final List<JournalEntry> results = new ArrayList<>();

    private Compaction(FileSystem disk) {
        this.disk = disk;
    }

    /** @param disk where the release folders are */
    static List<JournalEntry> of(List<JournalEntry> entries, FileSystem disk) {
        int recent = Math.max(0, entries.size() - RECENT);
        List<JournalEntry> old = entries.subList(0, recent);
        Compaction compaction = new Compaction(disk);
        old.forEach(compaction::learn);
        List<JournalEntry> kept = compaction.kept(old);
        kept.addAll(entries.subList(recent, entries.size()));
        return kept;
    }

    private void learn(JournalEntry entry) {
        switch (entry.step()) {
            case PAUSE, PIN, SCALE -> states.put(entry.step(), entry);
            case QUARANTINE -> quarantine(entry);
            case DEPLOY -> {
                open.learn(entry);
                cancellations.learn(entry);
            }
            case REMOVE -> removed(entry);
            case PREPARE, ACTIVATE -> {
                if (DeploymentHistory.isTold(entry)) {
                    ended(entry);
                }
                if (entry.phase() == Phase.DONE) {
                    InstalledFields.parse(entry.data(), disk).ifPresent(release -> learn(entry, release));
                }
            }
        }
    }

    private void quarantine(JournalEntry entry) {
        if (entry.phase() == Phase.INTENT) {
            String specification = Quarantine.specification(entry);
            Quarantine known = quarantines.remove(specification);
            quarantines.put(specification, known == null ? new Quarantine(specification) : known);
            if (quarantines.size() > SPECIFICATIONS) {
                quarantines.remove(quarantines.keySet().iterator().next());
            }
        }
        quarantines.values().forEach(quarantine -> quarantine.learn(entry));
        cancellations.forgive(entry);
    }

    private void ended(JournalEntry entry) {
        int newest = results.size() - 1;
        if (newest >= 0 && DeploymentHistory.repeats(results.get(newest), entry)) {
            results.remove(newest);
        }
        results.add(entry);
    }

    private void learn(JournalEntry entry, Installed release) {
        String key = release.key();
        installations.remove(key);
        installations.put(key, entry);
        if (entry.step() == Step.ACTIVATE) {
            activations.put(key, entry);
        }
    }

    private void removed(JournalEntry entry) {
        String image = image(entry);
        for (Map<String, JournalEntry> known : List.of(installations, activations)) {
            known.values().removeIf(installation -> image(installation).equals(image));
        }
        removals.put(image, entry);
    }

    private static String image(JournalEntry entry) {
        return entry.data().getOrDefault(InstalledFields.IMAGE, "");
    }

    private List<JournalEntry> kept(List<JournalEntry> old) {
        Set<JournalEntry> counting = Collections.newSetFromMap(new IdentityHashMap<>());
        counting.addAll(states.values());
        counting.addAll(lastResults());
        counting.addAll(cancellations.entries());
        keepInstalled(counting);
        keepRemovals(counting);
        Map<Long, JournalEntry> attempts = new LinkedHashMap<>();
        open.entries().forEach(entry -> attempts.put(entry.sequence(), entry));
        List<JournalEntry> kept = new ArrayList<>();
        for (JournalEntry entry : old) {
            Optional<JournalEntry> attempt = entry.step() == Step.DEPLOY
                    ? Optional.ofNullable(attempts.get(entry.sequence()))
                    : Optional.empty();
            if (attempt.isPresent()) {
                kept.add(attempt.get());
            } else if (counting.contains(entry) || isHeldAgainst(entry)) {
                kept.add(entry);
            }
        }
        return kept;
    }

    /** Those that the history shows, and what was deployed before the first of them. */
    private List<JournalEntry> lastResults() {
        int start = Math.max(0, results.size() - DeploymentHistory.REMEMBERED);
        List<JournalEntry> last = new ArrayList<>(results.subList(start, results.size()));
        results.subList(0, start).stream()
                .filter(entry -> entry.phase() == Phase.DONE)
                .reduce((earlier, later) -> later)
                .ifPresent(last::add);
        return last;
    }

    private void keepInstalled(Set<JournalEntry> counting) {
        int gone = installations.size() - FOLDERS;
        for (Map.Entry<String, JournalEntry> installed : installations.entrySet()) {
            boolean isThere = InstalledFields.parse(installed.getValue().data(), disk)
                    .filter(release -> !release.place().isGone())
                    .isPresent();
            if (gone-- <= 0 || isThere) {
                counting.add(installed.getValue());
                Optional.ofNullable(activations.get(installed.getKey())).ifPresent(counting::add);
            }
        }
    }

    /** What the history shows of an image that was removed since must not bring it back. */
    private void keepRemovals(Set<JournalEntry> counting) {
        Set<String> images = counting.stream().map(Compaction::image).collect(Collectors.toSet());
        removals.forEach((image, removal) -> {
            if (images.contains(image)) {
                counting.add(removal);
            }
        });
    }

    private boolean isHeldAgainst(JournalEntry entry) {
        if (entry.step() != Step.QUARANTINE || entry.phase() != Phase.INTENT) {
            return false;
        }
        Quarantine quarantine = quarantines.get(Quarantine.specification(entry));
        return quarantine != null && quarantine.releases().contains(BadRelease.of(entry));
    }
}
