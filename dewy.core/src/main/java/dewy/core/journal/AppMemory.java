package dewy.core.journal;

import dewy.api.control.DeployedRelease;
import dewy.api.control.PastDeployment;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.core.journal.JournalEntry.Phase;
import dewy.core.journal.JournalEntry.Step;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an app knows over restarts of the agent: what is deployed, what is installed and where, what is held against which
 * release. It is what the entries of its journal add up to. Its {@link AppJournal} has it learn one entry after the other; what a
 * status shows may be read by any thread, the rest by the one that deploys.
 */
public final class AppMemory {
    static final String PINNED_FOR = "for";
    static final String PINNED_BEFORE = "before";
    private static final int MANY = 100;

    private static final String REPLICAS = "replicas";

    private final FileSystem disk;
    private final String specification;
    private final Map<String, Installed> installed = new LinkedHashMap<>();
    private final Map<String, Installed> activated = new LinkedHashMap<>();
    private final Map<String, DeployedRelease> releases = Collections.synchronizedMap(new LinkedHashMap<>());
    private final OpenDeployments open = new OpenDeployments();
    private final Cancellations cancellations = new Cancellations();
    private final DeploymentHistory history = new DeploymentHistory();
    private final Quarantine quarantine;
    private volatile Optional<Deployed> deployed = Optional.empty();
    private volatile Optional<String> pinned = Optional.empty();
    private volatile boolean paused;
    private volatile Optional<Scale> scale = Optional.empty();
    private Map<String, String> lastPin = Map.of();

    /** How many replicas a person wanted, of an app that was run so. */
    private record Scale(int replicas, String specification) {
        static Optional<Scale> of(JournalEntry entry) {
            String replicas = entry.data().getOrDefault(REPLICAS, "");
            return replicas.matches("\\d{1,9}")
                    ? Optional.of(new Scale(Integer.parseInt(replicas), Quarantine.specification(entry)))
                    : Optional.empty();
        }
    }

    private record Deployed(Installed installed, DeployedRelease shown) {}

    /**
     * Creates the memory of an app of which nothing is known.
     *
     * @param disk where its release folders are
     * @param specification what of the app decides whether a release is any good: how it is run
     */
    AppMemory(FileSystem disk, String specification) {
        this.disk = disk;
        this.specification = specification;
        this.quarantine = new Quarantine(specification);
    }

    /** Returns what is deployed. */
    public Optional<Installed> deployed() {
        return deployed.map(Deployed::installed);
    }

    /** Returns what is deployed, and since when, for people. */
    public Optional<DeployedRelease> shown() {
        return deployed.map(Deployed::shown);
    }

    /** Returns whether the app was told not to look for new releases. */
    public boolean isPaused() {
        return paused;
    }

    /** Returns the version that the app is to stay at, if it is. */
    public Optional<String> pinned() {
        return pinned;
    }

    /** Returns how many replicas the app was told to have, as long as it is run as it was then. */
    public Optional<Integer> scaled() {
        return scale.filter(known -> known.specification().equals(specification))
                .map(Scale::replicas);
    }

    /** Returns whether the app was told to have so many replicas when it was run otherwise. */
    boolean hasFormerScale() {
        return scale.isPresent() && scaled().isEmpty();
    }

    /** Returns what the journal is to note of how many replicas the app is to have. */
    Map<String, String> scale(int replicas) {
        return Map.of(REPLICAS, Integer.toString(replicas), BadRelease.SPECIFICATION, specification);
    }

    /** Returns what the app was pinned to until a person had it deploy that version, if it was. */
    public Optional<String> pinnedBefore(String version) {
        return version.equals(lastPin.get(PINNED_FOR))
                ? Optional.ofNullable(lastPin.get(PINNED_BEFORE))
                : Optional.empty();
    }

    /** Returns the releases that failed by their own fault, and are left out. */
    public List<BadRelease> quarantined() {
        return quarantine.releases();
    }

    /** Returns why what the registry offers is left out, if it is. */
    public Optional<BadRelease> quarantined(Deliverable deliverable) {
        return quarantine.releases().stream().filter(bad -> bad.is(deliverable)).findFirst();
    }

    /** Returns whether what is installed is left out. */
    public boolean isBad(Installed release) {
        return fault(release).isPresent();
    }

    /** Returns why what is installed is left out, if it is. */
    public Optional<BadRelease> fault(Installed release) {
        return quarantine.of(release);
    }

    /** Returns the releases that the app may go back to, the one it was at last first; not the one it is at. */
    public List<Installed> former() {
        Optional<String> now = deployed().map(Installed::key);
        List<Installed> former = new ArrayList<>(activated.values());
        former.removeIf(release -> now.equals(Optional.of(release.key()))
                || isBad(release)
                || release.place().isGone());
        Collections.reverse(former);
        return former;
    }

    /** Returns what is installed, in the order in which it came or was deployed last, the newest first. */
    public List<Installed> installed() {
        List<Installed> all = new ArrayList<>(installed.values());
        Collections.reverse(all);
        return all;
    }

    /** Returns whether the app was moved to what is deployed from something else, and not because that was no good. */
    public boolean isUntried() {
        Optional<PastDeployment> last =
                history.all().stream().filter(past -> past.error().isEmpty()).findFirst();
        return last.isPresent()
                && !last.get().cause().equals(Move.ROLLBACK)
                && !last.get().previous().equals(Optional.of(last.get().version()));
    }

    /** Returns how deployments ended, the last one first. */
    public List<PastDeployment> history() {
        return history.all();
    }

    /** Returns the releases that are there, the one deployed last first. */
    public List<DeployedRelease> releases() {
        List<DeployedRelease> there = new ArrayList<>();
        synchronized (releases) {
            there.addAll(releases.values());
        }
        there.removeIf(release ->
                release.folder().filter(folder -> !Files.isDirectory(folder)).isPresent());
        Collections.reverse(there);
        return there;
    }

    /** Returns what is installed of what the registry offers, if it is. */
    public Optional<Installed> installed(Deliverable deliverable) {
        return installed.values().stream()
                .filter(release -> release.is(deliverable)
                        && !release.isReplacedBy(deliverable)
                        && !release.place().isGone())
                .reduce((older, newer) -> newer);
    }

    /** Returns what the registry offers, with the content that was installed of that version last, where that is still there. */
    public Deliverable asInstalled(Deliverable offered) {
        Artifact artifact = offered.artifact();
        return installed.values().stream()
                .filter(release ->
                        release.isNamedAs(offered) && !release.place().isGone())
                .reduce((older, newer) -> newer)
                .map(last -> new Deliverable(offered.release(), artifact.withDigest(last.digest())))
                .orElse(offered);
    }

    /** Returns whether the registry offers another content in the place of what was installed of it last. */
    public boolean isReplaced(Deliverable deliverable) {
        return installed.values().stream()
                .filter(release -> release.isNamedAs(deliverable))
                .reduce((older, newer) -> newer)
                .filter(last -> last.isReplacedBy(deliverable))
                .isPresent();
    }

    /** Returns what is installed of a version that the app was at, if it is still there. */
    public Optional<Installed> installed(String tag) {
        return activated.values().stream()
                .filter(release -> release.tag().equals(tag) && !release.place().isGone())
                .reduce((older, newer) -> newer);
    }

    /** Returns the last attempt at a release, unless there was none or a deployment was completed since. */
    Optional<Attempt> attempt(Deliverable deliverable) {
        return open.of(deliverable);
    }

    /** Returns whether a deployment of this was begun, and neither it nor another one completed since. */
    public boolean isOpen(Deliverable deliverable) {
        return open.of(deliverable).isPresent();
    }

    /** Returns whether a person cancelled the deployment of this, and nobody has asked for it since. */
    public boolean isCancelled(Deliverable deliverable) {
        return cancellations.contains(deliverable);
    }

    boolean hasCancelled() {
        return !cancellations.isEmpty();
    }

    /** Returns what the journal is to note of a release that failed by its own fault. */
    Map<String, String> fault(Deliverable bad, String why) {
        return quarantine.fields(bad, why);
    }

    void learn(JournalEntry entry) {
        switch (entry.step()) {
            case PAUSE -> paused = entry.phase() == Phase.INTENT;
            case PIN -> {
                pinned = Optional.ofNullable(entry.data().get("tag"));
                lastPin = entry.data();
            }
            case SCALE -> scale = Scale.of(entry);
            case QUARANTINE -> {
                quarantine.learn(entry);
                cancellations.forgive(entry);
            }
            case DEPLOY -> {
                open.learn(entry);
                cancellations.learn(entry);
            }
            case REMOVE -> forgetImage(entry.data().getOrDefault(InstalledFields.IMAGE, ""));
            case PREPARE, ACTIVATE -> {
                if (DeploymentHistory.isTold(entry)) {
                    history.learn(entry, deployed().map(Installed::tag));
                }
                if (entry.phase() == Phase.DONE) {
                    InstalledFields.parse(entry.data(), disk).ifPresent(release -> learn(entry, release));
                }
            }
        }
    }

    private void learn(JournalEntry entry, Installed release) {
        String key = release.key();
        DeployedRelease shown = shown(release, entry);
        installed.remove(key);
        installed.put(key, release);
        releases.remove(key);
        releases.put(key, shown);
        if (entry.step() == Step.ACTIVATE) {
            deployed = Optional.of(new Deployed(release, shown));
            activated.remove(key);
            activated.put(key, release);
        }
        forgetWhatIsGone();
    }

    private void forgetImage(String image) {
        forget(installed.values().stream()
                .filter(release -> release.image().equals(Optional.of(image)))
                .toList());
    }

    /** Folders of old releases are deleted by and by, and an agent may run for months. */
    private void forgetWhatIsGone() {
        if (installed.size() > MANY) {
            forget(installed.values().stream()
                    .filter(release -> release.place().isGone())
                    .toList());
        }
    }

    private void forget(List<Installed> gone) {
        List<String> keys = gone.stream().map(Installed::key).toList();
        for (Map<String, ?> known : List.of(installed, activated, releases)) {
            known.keySet().removeAll(keys);
        }
    }

    private static DeployedRelease shown(Installed release, JournalEntry entry) {
        return new DeployedRelease(
                release.tag(),
                release.tag() + "--" + release.artifact(),
                Optional.of(release.digest().toString()),
                release.folder(),
                release.image(),
                release.signer(),
                entry.time());
    }
}
