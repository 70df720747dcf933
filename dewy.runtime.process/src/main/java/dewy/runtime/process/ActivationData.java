package dewy.runtime.process;

import dewy.api.InvalidException;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.api.runtime.Activation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How an activation is written into the data of a handover; of its release, only the artifact that was selected is. */
final class ActivationData {
    private static final String TAG = "activation.tag";
    private static final String CREATED = "activation.created";
    private static final String KIND = "activation.kind";
    private static final String NAME = "activation.name";
    private static final String LOCATION = "activation.location";
    private static final String SIZE = "activation.size";
    private static final String DIGEST = "activation.digest";
    private static final String FOLDER = "activation.folder";
    private static final String ENVIRONMENT = "activation.environment.";

    private ActivationData() {}

    static void write(Activation activation, Map<String, String> data) {
        Release release = activation.deliverable().release();
        Artifact artifact = activation.deliverable().artifact();
        data.put(TAG, release.tag());
        release.created().ifPresent(created -> data.put(CREATED, created.toString()));
        data.put(KIND, artifact.kind().name());
        data.put(NAME, artifact.name());
        data.put(LOCATION, artifact.location());
        artifact.size().ifPresent(size -> data.put(SIZE, Long.toString(size)));
        artifact.digest().ifPresent(digest -> data.put(DIGEST, digest.toString()));
        activation.folder().ifPresent(folder -> data.put(FOLDER, folder.toString()));
        activation.environment().forEach((name, value) -> data.put(ENVIRONMENT + name, value));
    }

    /**
     * Reads an activation, if there is one.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    static Optional<Activation> read(Map<String, String> data) throws InvalidException {
        if (!data.containsKey(TAG)) {
            return Optional.empty();
        }
        Artifact artifact = artifact(data);
        Release release = new Release(
                text(data, TAG), Optional.ofNullable(data.get(CREATED)).map(Instant::parse), List.of(artifact));
        Map<String, String> environment = new LinkedHashMap<>();
        data.forEach((name, value) -> {
            if (name.startsWith(ENVIRONMENT)) {
                environment.put(name.substring(ENVIRONMENT.length()), value);
            }
        });
        Optional<Path> folder = Optional.ofNullable(data.get(FOLDER)).map(Path::of);
        return Optional.of(new Activation(new Deliverable(release, artifact), folder, Optional.empty(), environment));
    }

    private static Artifact artifact(Map<String, String> data) throws InvalidException {
        OptionalLong size =
                data.containsKey(SIZE) ? OptionalLong.of(Long.parseLong(text(data, SIZE))) : OptionalLong.empty();
        Optional<Digest> digest =
                data.containsKey(DIGEST) ? Optional.of(Digest.parse(text(data, DIGEST))) : Optional.empty();
        Artifact.Kind kind = Artifact.Kind.valueOf(text(data, KIND));
        return new Artifact(kind, text(data, NAME), text(data, LOCATION), size, digest);
    }

    private static String text(Map<String, String> data, String name) {
        return Optional.ofNullable(data.get(name))
                .orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" is missing"));
    }
}
