package dewy.core.journal;

import dewy.api.StorageException;
import dewy.api.control.DeployedRelease;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.core.journal.JournalEntry.Phase;
import dewy.core.journal.JournalEntry.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an app remembers over restarts of the agent: what is deployed, and which release folder holds what. It is what its
 * journal adds up to. Written by one thread; {@link #deployed} may be read by others.
 */
public final class AppMemory {
    private final Journal journal;
    private final Map<String, Installed> installed = new LinkedHashMap<>();
    private volatile Optional<Deployed> deployed = Optional.empty();

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

    /** Returns the complete release folder of what the registry offers, if there is one. */
    public Optional<Installed> installed(Deliverable deliverable) {
        return installed.values().stream()
                .filter(candidate -> candidate.is(deliverable) && Files.isDirectory(candidate.folder()))
                .reduce((older, newer) -> newer);
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
        if (entry.phase() != Phase.DONE) {
            return;
        }
        release(entry.data()).ifPresent(release -> {
            installed.remove(release.folder().toString());
            installed.put(release.folder().toString(), release);
            if (entry.step() == Step.ACTIVATE) {
                deployed = Optional.of(new Deployed(release, shown(release, entry)));
            }
        });
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
