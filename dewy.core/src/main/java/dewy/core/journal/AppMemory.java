package dewy.core.journal;

import dewy.api.StorageException;
import dewy.api.control.DeployedRelease;
import dewy.api.control.PastDeployment;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.core.journal.JournalEntry.Phase;
import dewy.core.journal.JournalEntry.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an app remembers over restarts of the agent: what is deployed, and which release folder holds what. It is what its
 * journal adds up to. Written by one thread; {@link #deployed} may be read by others.
 */
public final class AppMemory {
    private static final int MANY = 100;

    private final Journal journal;
    private final Map<String, Installed> installed = new LinkedHashMap<>();
    private final Map<String, Installed> activated = new LinkedHashMap<>();
    private final Map<String, DeployedRelease> shown = Collections.synchronizedMap(new LinkedHashMap<>());
    private final OpenDeployments open = new OpenDeployments();
    private final DeploymentHistory history = new DeploymentHistory();
    private final Quarantine quarantine;
    private volatile Optional<Deployed> deployed = Optional.empty();
    private volatile Optional<String> pinned = Optional.empty();
    private volatile boolean paused;

    /** What is deployed: a release, what its registry said about it, and where it is. */
    public record Deployed(Installed release, DeployedRelease shown) {}

    /**
     * A complete release folder.
     *
     * @param declared the digest that the registry declared, if it did
     * @param digest the digest of the artifact that was unpacked
     */
    public record Installed(String tag, String artifact, Optional<Digest> declared, Digest digest, Path folder) {
        /** Returns whether this is what the registry offers: the same version, artifact and, where declared, digest. */
        public boolean is(Deliverable deliverable) {
            boolean sameName = tag.equals(deliverable.release().tag())
                    && artifact.equals(deliverable.artifact().name());
            return sameName && deliverable.artifact().digest().map(this::has).orElse(true);
        }

        private boolean has(Digest offered) {
            if (offered.algorithm().equals(digest.algorithm())) {
                return offered.equals(digest);
            }
            return declared.map(offered::equals).orElse(true);
        }

        /** Returns it as a deliverable again, for a runtime to start. */
        public Deliverable deliverable() {
            Artifact described = Artifact.archive(artifact, "").withDigest(digest);
            return new Deliverable(
                    new dewy.api.release.Release(tag, Optional.empty(), java.util.List.of(described)), described);
        }
    }

    /**
     * Creates what a journal adds up to.
     *
     * @param specification what of the app decides whether a release is any good: how it is run
     */
    public AppMemory(Journal journal, String specification) {
        this.journal = journal;
        this.quarantine = new Quarantine(specification);
        journal.take().forEach(this::learn);
    }

    /** Returns what is deployed. */
    public Optional<Deployed> deployed() {
        return deployed;
    }

    /** Returns whether the app was told not to look for new releases. */
    public boolean isPaused() {
        return paused;
    }

    /** Notes that the app is to look for new releases, or not. */
    public void pause(boolean pause) throws StorageException {
        learn(journal.write("", Step.PAUSE, pause ? Phase.INTENT : Phase.DONE, Map.of()));
    }

    /** Returns the version that the app is to stay at, if it is. */
    public Optional<String> pinned() {
        return pinned;
    }

    /** Notes that the app is to stay at a version, or at none. */
    public void pin(Optional<String> tag) throws StorageException {
        if (!tag.equals(pinned)) {
            Map<String, String> fields =
                    tag.map(version -> Map.of("tag", version)).orElse(Map.of());
            learn(journal.write("", Step.PIN, tag.isPresent() ? Phase.INTENT : Phase.DONE, fields));
        }
    }

    /** Returns the releases that failed by their own fault, and are left out. */
    public List<BadRelease> quarantined() {
        return quarantine.releases();
    }

    /** Returns why what the registry offers is left out, if it is. */
    public Optional<BadRelease> quarantined(Deliverable deliverable) {
        return quarantine.releases().stream().filter(bad -> bad.is(deliverable)).findFirst();
    }

    /** Returns whether what a folder holds is left out. */
    public boolean isBad(Installed release) {
        return quarantine.of(release).isPresent();
    }

    /** Notes that a release failed by its own fault; its deployment is over. */
    public void quarantine(String deployId, String tag, String artifact, Optional<Digest> declared, String why)
            throws StorageException {
        Map<String, String> fields = quarantine.fields(tag, artifact, declared, why);
        learn(journal.write(deployId, Step.QUARANTINE, Phase.INTENT, fields));
        learn(journal.write(deployId, Step.DEPLOY, Phase.FAILED, Map.of()));
    }

    /** Notes that a version is given another try; all versions when none is named. */
    public void forgive(Optional<String> tag) throws StorageException {
        if (quarantine.releases().stream()
                .anyMatch(bad -> tag.isEmpty() || tag.get().equals(bad.tag()))) {
            learn(journal.write("", Step.QUARANTINE, Phase.DONE, Quarantine.another(tag)));
        }
    }

    /** Returns the releases that the app may go back to, the one it was at last first; not the one it is at. */
    public List<Installed> former() {
        Optional<Path> folder = deployed.map(now -> now.release().folder());
        List<Installed> former = new ArrayList<>(activated.values());
        former.removeIf(release ->
                folder.equals(Optional.of(release.folder())) || isBad(release) || !Files.isDirectory(release.folder()));
        Collections.reverse(former);
        return former;
    }

    /** Returns the folders of releases that are left out, the one filled last first. */
    public List<Path> badFolders() {
        List<Path> folders = new ArrayList<>(installed.values().stream()
                .filter(this::isBad)
                .map(Installed::folder)
                .toList());
        Collections.reverse(folders);
        return folders;
    }

    /** Returns whether the app was moved to what is deployed from something else, and not because that was no good. */
    public boolean isUntried() {
        Optional<PastDeployment> last =
                history.all().stream().filter(past -> past.error().isEmpty()).findFirst();
        return last.isPresent()
                && !last.get().cause().equals(Deed.ROLLBACK)
                && !last.get().previous().equals(Optional.of(last.get().version()));
    }

    /** Returns how deployments ended, the last one first. */
    public List<PastDeployment> history() {
        return history.all();
    }

    /** Returns the releases whose folders are there, the one deployed last first. */
    public List<DeployedRelease> releases() {
        List<DeployedRelease> releases = new ArrayList<>();
        synchronized (shown) {
            releases.addAll(shown.values());
        }
        releases.removeIf(release -> release.folder().filter(Files::isDirectory).isEmpty());
        Collections.reverse(releases);
        return releases;
    }

    /** Returns the complete release folder of what the registry offers, if there is one. */
    public Optional<Installed> installed(Deliverable deliverable) {
        return installed.values().stream()
                .filter(candidate -> candidate.is(deliverable) && Files.isDirectory(candidate.folder()))
                .reduce((older, newer) -> newer);
    }

    /** Returns the complete release folder of a version that the app was at, if it is still there. */
    public Optional<Installed> installed(String tag) {
        return activated.values().stream()
                .filter(release -> release.tag().equals(tag) && Files.isDirectory(release.folder()))
                .reduce((older, newer) -> newer);
    }

    /**
     * Notes that a release is about to be deployed. All attempts at it are one deployment until it is completed, also
     * over restarts of the agent.
     *
     * @param freshId the id of the deployment if this is the first attempt
     */
    public Attempt begin(String freshId, Deliverable deliverable) throws StorageException {
        Optional<Attempt> last = open.of(deliverable);
        Optional<String> previous = last.isPresent()
                ? last.get().previous()
                : deployed.map(now -> now.release().tag());
        String id = last.map(Attempt::deployId).orElse(freshId);
        learn(journal.write(id, Step.DEPLOY, Phase.INTENT, OpenDeployments.fields(deliverable, previous)));
        return open.of(deliverable).orElseThrow();
    }

    /** Returns whether a deployment of this was begun, and neither it nor another one completed since. */
    public boolean isOpen(Deliverable deliverable) {
        return open.of(deliverable).isPresent();
    }

    /** Notes that a deployment is complete. */
    public void completed(String deployId) throws StorageException {
        learn(journal.write(deployId, Step.DEPLOY, Phase.DONE, Map.of()));
    }

    /** Notes that a folder is about to be filled. */
    public void preparing(String deployId, Deliverable deliverable) throws StorageException {
        learn(journal.write(deployId, Step.PREPARE, Phase.INTENT, Map.of("key", deliverable.cacheKey())));
    }

    /** Notes that a folder is complete. */
    public void prepared(String deployId, Installed release) throws StorageException {
        learn(journal.write(deployId, Step.PREPARE, Phase.DONE, InstalledFields.of(release)));
    }

    /** Notes that there is nothing to move to, and why. */
    public void preparationFailed(Deed deed, Deliverable deliverable, String why) throws StorageException {
        Map<String, String> fields = new LinkedHashMap<>(DeploymentHistory.fields(deed));
        fields.put("tag", deliverable.release().tag());
        fields.put("error", why);
        learn(journal.write(deed.deployId(), Step.PREPARE, Phase.FAILED, fields));
    }

    /** Notes that the app is about to move to a release. */
    public void activating(Deed deed, Installed release) throws StorageException {
        learn(journal.write(deed.deployId(), Step.ACTIVATE, Phase.INTENT, fields(deed, release)));
    }

    /** Notes that the app has moved to a release. */
    public void activated(Deed deed, Installed release) throws StorageException {
        learn(journal.write(deed.deployId(), Step.ACTIVATE, Phase.DONE, fields(deed, release)));
    }

    /** Notes that the app could not move to a release, and why. */
    public void activationFailed(Deed deed, Installed release, String why) throws StorageException {
        Map<String, String> fields = fields(deed, release);
        fields.put("error", why);
        learn(journal.write(deed.deployId(), Step.ACTIVATE, Phase.FAILED, fields));
    }

    private void learn(JournalEntry entry) {
        switch (entry.step()) {
            case PAUSE -> paused = entry.phase() == Phase.INTENT;
            case PIN -> pinned = Optional.ofNullable(entry.data().get("tag"));
            case QUARANTINE -> quarantine.learn(entry);
            case DEPLOY -> open.learn(entry);
            case PREPARE, ACTIVATE -> {
                if (DeploymentHistory.isTold(entry)) {
                    history.learn(entry, deployed.map(before -> before.release().tag()));
                }
                if (entry.phase() == Phase.DONE) {
                    InstalledFields.parse(entry.data(), journal.file().getFileSystem())
                            .ifPresent(release -> learn(entry, release));
                }
            }
        }
    }

    private void learn(JournalEntry entry, Installed release) {
        String folder = release.folder().toString();
        installed.remove(folder);
        installed.put(folder, release);
        shown.remove(folder);
        shown.put(folder, shown(release, entry));
        if (entry.step() == Step.ACTIVATE) {
            deployed = Optional.of(new Deployed(release, shown(release, entry)));
            activated.remove(folder);
            activated.put(folder, release);
        }
        forgetWhatIsGone();
    }

    /** Folders of old releases are deleted by and by, and an agent may run for months. */
    private void forgetWhatIsGone() {
        if (installed.size() > MANY) {
            List<String> gone = installed.values().stream()
                    .map(Installed::folder)
                    .filter(folder -> !Files.isDirectory(folder))
                    .map(Path::toString)
                    .toList();
            for (Map<String, ?> releases : List.of(installed, activated, shown)) {
                releases.keySet().removeAll(gone);
            }
        }
    }

    private static DeployedRelease shown(Installed release, JournalEntry entry) {
        return new DeployedRelease(
                release.tag(),
                release.tag() + "--" + release.artifact(),
                Optional.of(release.digest().toString()),
                Optional.of(release.folder()),
                entry.time());
    }

    private static Map<String, String> fields(Deed deed, Installed release) {
        Map<String, String> fields = InstalledFields.of(release);
        fields.putAll(DeploymentHistory.fields(deed));
        return fields;
    }
}
