package dewy.replicas;

import dewy.api.InvalidException;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.api.runtime.Activation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was activated, and what runs of it.
 *
 * @param number counts from 1
 * @param activation what it was made of
 * @param size how many replicas it was to have
 * @param replicas the names of its replicas
 */
public record Generation(long number, Activation activation, int size, List<String> replicas) {
    static final String VERSION = "dewy.version";

    private static final String NUMBER = "dewy.generation";
    private static final String SIZE = "dewy.replicas";
    private static final String ARTIFACT = "dewy.artifact";
    private static final String LOCATION = "dewy.location";
    private static final String DIGEST = "dewy.digest";
    private static final String ENVIRONMENT = "dewy.environment.";
    private static final String IMAGE = "image";

    public Generation {
        replicas = List.copyOf(replicas);
    }

    Generation with(List<String> others) {
        return new Generation(number, activation, size, others);
    }

    /** Returns the same, to have another size. */
    Generation sized(int other) {
        return new Generation(number, activation, other, replicas);
    }

    /** Returns whether it is what would be activated. */
    boolean isOf(Activation other) {
        return activation.image().equals(other.image())
                && activation.environment().equals(other.environment())
                && activation
                        .deliverable()
                        .cacheKey()
                        .equals(other.deliverable().cacheKey());
    }

    /** Returns what the image of this generation is: {@code repository@sha256:…}. */
    public String image() {
        return activation.image().orElse("");
    }

    /**
     * Returns what its replicas are labelled with, beside whose they are. Together with the image of a replica, that is all which
     * a later agent needs to go on: labels are there from the first moment on, and cannot be changed.
     */
    public Map<String, String> labels() {
        Artifact artifact = activation.deliverable().artifact();
        Map<String, String> labels = new HashMap<>();
        labels.put(NUMBER, Long.toString(number));
        labels.put(SIZE, Integer.toString(size));
        labels.put(VERSION, activation.deliverable().release().tag());
        labels.put(ARTIFACT, artifact.name());
        labels.put(LOCATION, artifact.location());
        labels.put(DIGEST, image().substring(image().indexOf('@') + 1));
        activation.environment().forEach((name, value) -> labels.put(ENVIRONMENT + name, value));
        return labels;
    }

    /** Returns what its replicas tell of it, for a handover. */
    Map<String, String> data() {
        Map<String, String> data = labels();
        data.put(IMAGE, image());
        return data;
    }

    static Map<String, String> data(Replica replica) {
        Map<String, String> data = new HashMap<>(replica.labels());
        data.put(IMAGE, replica.image());
        return data;
    }

    /**
     * Returns the generation of which data tell.
     *
     * @throws IllegalArgumentException if they are malformed
     */
    static Generation of(Map<String, String> data, List<String> replicas) throws InvalidException {
        Artifact artifact =
                Artifact.image(text(data, ARTIFACT), text(data, LOCATION)).withDigest(Digest.parse(text(data, DIGEST)));
        Release release = new Release(text(data, VERSION), Optional.empty(), List.of(artifact));
        Map<String, String> environment = new HashMap<>();
        data.forEach((name, value) -> {
            if (name.startsWith(ENVIRONMENT)) {
                environment.put(name.substring(ENVIRONMENT.length()), value);
            }
        });
        Activation activation = Activation.of(new Deliverable(release, artifact), text(data, IMAGE))
                .with(environment);
        return new Generation(
                Long.parseLong(text(data, NUMBER)), activation, Integer.parseInt(text(data, SIZE)), replicas);
    }

    private static String text(Map<String, String> data, String name) {
        return Optional.ofNullable(data.get(name))
                .orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" is missing"));
    }
}
