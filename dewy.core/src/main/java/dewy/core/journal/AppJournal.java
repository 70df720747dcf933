package dewy.core.journal;

import dewy.api.CancelledException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.release.Deliverable;
import dewy.core.journal.JournalEntry.Phase;
import dewy.core.journal.JournalEntry.Step;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Writes down what is done to an app, and has its {@link AppMemory} learn it, in the same order. What is done is noted by the
 * thread that does it, one at a time; {@link #pause} and {@link #close} are for any thread, in the midst of a deployment too.
 */
public final class AppJournal {
    private final Journal journal;
    private final AppMemory memory;
    private boolean closed;

    /**
     * Creates one that goes on with a journal, of which its memory is what it adds up to.
     *
     * @param specification what of the app decides whether a release is any good: how it is run
     */
    public AppJournal(Journal journal, String specification) {
        this.journal = journal;
        this.memory = new AppMemory(journal.file().getFileSystem(), specification);
        journal.take().forEach(memory::learn);
    }

    /** Returns what the app knows. */
    public AppMemory memory() {
        return memory;
    }

    /**
     * Notes that the app is to look for new releases, or not; returns whether that is new.
     *
     * @throws CancelledException if the app has ended
     */
    public synchronized boolean pause(boolean pause) throws CancelledException, StorageException {
        if (closed) {
            throw new CancelledException(ended());
        }
        boolean isNew = memory.isPaused() != pause;
        if (isNew) {
            write("", Step.PAUSE, pause ? Phase.INTENT : Phase.DONE, Map.of());
        }
        return isNew;
    }

    /** Writes nothing more: from when this returns the file may be another app's. */
    public synchronized void close() {
        closed = true;
    }

    /** Notes that the app is to stay at a version, or at none. */
    public void pin(Optional<String> tag) throws StorageException {
        pin(tag, Map.of());
    }

    /** Notes the same because a person had it deploy a version: should that be no good, what it was pinned to counts again. */
    public void pinFor(String version, Optional<String> tag) throws StorageException {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(AppMemory.PINNED_FOR, version);
        memory.pinned().ifPresent(before -> fields.put(AppMemory.PINNED_BEFORE, before));
        pin(tag, fields);
    }

    private void pin(Optional<String> tag, Map<String, String> more) throws StorageException {
        if (!tag.equals(memory.pinned())) {
            Map<String, String> fields = new LinkedHashMap<>(more);
            tag.ifPresent(version -> fields.put("tag", version));
            write("", Step.PIN, tag.isPresent() ? Phase.INTENT : Phase.DONE, fields);
        }
    }

    /** Notes that the app is to have so many replicas, or as many as its definition says. */
    public void scale(Optional<Integer> replicas) throws StorageException {
        Phase phase = replicas.isPresent() ? Phase.INTENT : Phase.DONE;
        write("", Step.SCALE, phase, replicas.map(memory::scale).orElse(Map.of()));
    }

    /** Notes that how many replicas the app was told to have counts no more, where it was when it was run otherwise. */
    public void forgetFormerScale() throws StorageException {
        if (memory.hasFormerScale()) {
            scale(Optional.empty());
        }
    }

    /** Notes that a release failed by its own fault; its deployment is over. */
    public void quarantine(String deployId, Deliverable bad, String why) throws StorageException {
        Map<String, String> fields = memory.fault(bad, why);
        write(deployId, Step.QUARANTINE, Phase.INTENT, fields);
        write(deployId, Step.DEPLOY, Phase.FAILED, Map.of());
    }

    /** Notes that a version that failed is given another try; all versions when none is named, also those that were cancelled. */
    public void forgive(Optional<String> tag) throws StorageException {
        boolean isBad = memory.quarantined().stream()
                .anyMatch(bad -> tag.isEmpty() || tag.get().equals(bad.tag()));
        if (isBad || (tag.isEmpty() && memory.hasCancelled())) {
            write("", Step.QUARANTINE, Phase.DONE, Quarantine.another(tag));
        }
    }

    /**
     * Notes that a release is about to be deployed. All attempts at it are one deployment until it is completed, also
     * over restarts of the agent. What was held against another content of that version is forgotten.
     *
     * @param freshId the id of the deployment if this is the first attempt
     */
    public Attempt begin(String freshId, Deliverable deliverable) throws StorageException {
        forgive(Optional.of(deliverable.release().tag()));
        Optional<Attempt> last = memory.attempt(deliverable);
        Optional<String> previous =
                last.isPresent() ? last.get().previous() : memory.deployed().map(Installed::tag);
        String id = last.map(Attempt::deployId).orElse(freshId);
        write(id, Step.DEPLOY, Phase.INTENT, OpenDeployments.fields(deliverable, previous));
        return memory.attempt(deliverable).orElseThrow();
    }

    /** Notes that a person cancelled a deployment, and that the release is to be left alone. */
    public void cancelled(String deployId, Deliverable deliverable, String by) throws StorageException {
        write(deployId, Step.DEPLOY, Phase.FAILED, Cancellations.fields(deliverable, by));
    }

    /** Notes that a deployment is complete. */
    public void completed(String deployId) throws StorageException {
        write(deployId, Step.DEPLOY, Phase.DONE, Map.of());
    }

    /** Notes that a release is about to be installed. */
    public void preparing(String deployId, Deliverable deliverable) throws StorageException {
        write(deployId, Step.PREPARE, Phase.INTENT, Map.of("key", deliverable.cacheKey()));
    }

    /** Notes that a release is installed. */
    public void prepared(String deployId, Installed release) throws StorageException {
        write(deployId, Step.PREPARE, Phase.DONE, InstalledFields.of(release));
    }

    /** Notes that there is nothing to move to, and why. */
    public void preparationFailed(Move move, Deliverable deliverable, Ending why) throws StorageException {
        Map<String, String> fields = new LinkedHashMap<>(DeploymentHistory.fields(move));
        fields.put("tag", deliverable.release().tag());
        fields.putAll(DeploymentHistory.fields(why));
        write(move.deployId(), Step.PREPARE, Phase.FAILED, fields);
    }

    /** Notes that the app is about to move to a release. */
    public void activating(Move move, Installed release) throws StorageException {
        write(move.deployId(), Step.ACTIVATE, Phase.INTENT, fields(move, release));
    }

    /** Notes that the app has moved to a release. */
    public void activated(Move move, Installed release) throws StorageException {
        write(move.deployId(), Step.ACTIVATE, Phase.DONE, fields(move, release));
    }

    /** Notes that the app could not move to a release, and why. */
    public void activationFailed(Move move, Installed release, Ending why) throws StorageException {
        Map<String, String> fields = fields(move, release);
        fields.putAll(DeploymentHistory.fields(why));
        write(move.deployId(), Step.ACTIVATE, Phase.FAILED, fields);
    }

    private static Map<String, String> fields(Move move, Installed release) {
        Map<String, String> fields = InstalledFields.of(release);
        fields.putAll(DeploymentHistory.fields(move));
        return fields;
    }

    /** Notes that an image is on this host no more. */
    public void removed(String image) throws StorageException {
        write("", Step.REMOVE, Phase.DONE, Map.of(InstalledFields.IMAGE, image));
    }

    private synchronized void write(String deployId, Step step, Phase phase, Map<String, String> data)
            throws StorageException {
        if (closed) {
            throw new StorageException(ended());
        }
        memory.learn(journal.write(deployId, step, phase, data));
    }

    private Problem ended() {
        return Problem.of("write to the journal", journal.file(), "its app has ended", "");
    }
}
