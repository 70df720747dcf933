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
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * What an app remembers over restarts of the agent: what is deployed, and which release folder holds what. It is what its
 * journal adds up to. Written by one thread; {@link #deployed} may be read by others.
 */
public final class AppMemory {
    private static final int REMEMBERED = 100;

    private final Journal journal;
    private final Map<String, Installed> installed = new LinkedHashMap<>();
    private final Map<String, DeployedRelease> shown = Collections.synchronizedMap(new LinkedHashMap<>());
    private final OpenDeployments open = new OpenDeployments();
    private final Deque<PastDeployment> history = new ConcurrentLinkedDeque<>();
    private volatile Optional<Deployed> deployed = Optional.empty();
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

    public AppMemory(Journal journal) {
        this.journal = journal;
        journal.found().forEach(this::learn);
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

    /** Returns how deployments ended, the last one first. */
    public List<PastDeployment> history() {
        return List.copyOf(history);
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
        learn(journal.write(deployId, Step.PREPARE, Phase.DONE, fields(release)));
    }

    /** Notes that the app is about to move to a release. */
    public void activating(String deployId, Installed release) throws StorageException {
        learn(journal.write(deployId, Step.ACTIVATE, Phase.INTENT, fields(release)));
    }

    /** Notes that the app has moved to a release. */
    public void activated(String deployId, Installed release) throws StorageException {
        learn(journal.write(deployId, Step.ACTIVATE, Phase.DONE, fields(release)));
    }

    /** Notes that the app could not move to a release, and why. */
    public void activationFailed(String deployId, Installed release, String why) throws StorageException {
        Map<String, String> fields = fields(release);
        fields.put("error", why);
        learn(journal.write(deployId, Step.ACTIVATE, Phase.FAILED, fields));
    }

    private void learn(JournalEntry entry) {
        if (entry.step() == Step.PAUSE) {
            paused = entry.phase() == Phase.INTENT;
        } else if (entry.step() == Step.DEPLOY) {
            open.learn(entry);
        } else if (entry.phase() != Phase.INTENT) {
            release(entry.data()).ifPresent(release -> learn(entry, release));
        }
    }

    private void learn(JournalEntry entry, Installed release) {
        if (entry.step() == Step.ACTIVATE) {
            Optional<String> previous = deployed.map(before -> before.release().tag());
            Optional<String> error = Optional.ofNullable(entry.data().get("error"));
            history.addFirst(new PastDeployment(entry.time(), release.tag(), previous, error));
            if (history.size() > REMEMBERED) {
                history.removeLast();
            }
        }
        if (entry.phase() == Phase.DONE) {
            String folder = release.folder().toString();
            installed.remove(folder);
            installed.put(folder, release);
            shown.remove(folder);
            shown.put(folder, shown(release, entry));
            if (entry.step() == Step.ACTIVATE) {
                deployed = Optional.of(new Deployed(release, shown(release, entry)));
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

    private static Map<String, String> fields(Installed release) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("tag", release.tag());
        fields.put("artifact", release.artifact());
        release.declared().ifPresent(declared -> fields.put("declared", declared.toString()));
        fields.put("digest", release.digest().toString());
        fields.put("folder", release.folder().toString());
        return fields;
    }

    private static Optional<Installed> release(Map<String, String> fields) {
        Optional<Digest> digest = digest(fields.get("digest"));
        String tag = fields.get("tag");
        String artifact = fields.get("artifact");
        String folder = fields.get("folder");
        if (tag == null || artifact == null || folder == null || digest.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Installed(tag, artifact, digest(fields.get("declared")), digest.get(), Path.of(folder)));
    }

    private static Optional<Digest> digest(@org.jspecify.annotations.Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Digest.parse(text));
        } catch (dewy.api.InvalidException e) {
            return Optional.empty();
        }
    }
}
