package dewy.core.app;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.RegistryLogin;
import dewy.api.runtime.Activation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The images of a host, as a container engine keeps them: whatever becomes of the agent. */
final class ScriptedImages {
    final Set<String> held = ConcurrentHashMap.newKeySet();
    /** What something else runs from. */
    final Set<String> inUse = ConcurrentHashMap.newKeySet();

    final List<String> pulled = new CopyOnWriteArrayList<>();
    /** As whom images were pulled. */
    final List<Optional<RegistryLogin>> pulledAs = new CopyOnWriteArrayList<>();

    final List<String> run = new CopyOnWriteArrayList<>();
    /** What the registry of images has not. */
    final Set<String> missing = ConcurrentHashMap.newKeySet();

    /** The content of tags that were pushed again. */
    final Map<String, String> pushedAgain = new ConcurrentHashMap<>();

    Artifact artifact(String tag) {
        String content = pushedAgain.getOrDefault(tag, tag);
        return Artifact.image("example/app", "example/app:" + tag).withDigest(digest(content));
    }

    static String image(String tag) {
        return "example/app@" + digest(tag);
    }

    private static Digest digest(String tag) {
        var calculation = Digest.calculation("sha256");
        calculation.update(tag.getBytes(StandardCharsets.UTF_8));
        return Digest.of(calculation);
    }

    /** Returns as whom an image is pulled. */
    Optional<RegistryLogin> login(Artifact image) {
        return Optional.of(
                new RegistryLogin("localhost", RegistryLogin.Kind.PASSWORD, "for " + image.location(), "password"));
    }

    String pull(Deliverable deliverable, Optional<RegistryLogin> login) throws DewyException {
        String place = deliverable.artifact().location();
        String image = place.replaceFirst(":.*", "") + "@"
                + deliverable.artifact().digest().orElseThrow();
        if (missing.contains(image)) {
            throw new NotFoundException(new Problem("pull", image, "there is no such image", ""));
        }
        if (held.add(image)) {
            pulled.add(image);
            pulledAs.add(login);
        }
        return image;
    }

    List<String> remove(Collection<String> unwanted) {
        List<String> gone = new ArrayList<>();
        for (String image : unwanted) {
            if (!inUse.contains(image)) {
                held.remove(image);
            }
            if (!held.contains(image)) {
                gone.add(image);
            }
        }
        return gone;
    }

    void run(Activation activation) {
        String image = activation.image().orElseThrow();
        if (!held.contains(image)) {
            throw new IllegalStateException("there is no image " + image);
        }
        run.add(image);
    }
}
