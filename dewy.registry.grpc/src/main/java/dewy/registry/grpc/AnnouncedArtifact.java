package dewy.registry.grpc;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.release.Artifact;
import dewy.registry.grpc.Messages.CurrentResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * An artifact as a server announces it: at an address anywhere. Its location is that address, that of an image as engines have it,
 * without {@code img://}; with the id of the release behind {@code #}, so that whoever reports of it, be it the next agent, knows
 * it.
 */
final class AnnouncedArtifact {
    private static final String IMAGE = "img://";
    private static final String PLACE = "example.com/owner/app:v1.2.3";
    private static final String FILE = "https://example.com/v1.2.3/app.tar.gz";

    private AnnouncedArtifact() {}

    /**
     * Returns the artifact of an answer; empty where it has none, and the user says where they are.
     *
     * @throws UnreachableException if it names none that can be fetched
     */
    static Optional<Artifact> of(CurrentResponse answer, boolean image) throws DewyException {
        if (answer.artifactUrl().isEmpty()) {
            return Optional.empty();
        }
        String front = answer.artifactUrl().split("#", 2)[0];
        if (image && !front.matches(IMAGE + "[^?]+")) {
            throw useless(answer, "it is no address of an image", IMAGE + PLACE);
        }
        try {
            URI url = new URI(answer.artifactUrl());
            String id = new URI(null, null, "/", answer.id()).getRawFragment();
            String behind = answer.id().isEmpty() ? "" : "#" + id;
            if (image) {
                String reference = front.substring(IMAGE.length());
                return Optional.of(Artifact.image(reference, reference + behind));
            }
            String path = url.getPath() == null ? "" : url.getPath();
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (url.getScheme() == null || "grpc".equalsIgnoreCase(url.getScheme()) || name.isEmpty()) {
                throw useless(answer, "it is no address of a file", FILE);
            }
            return Optional.of(Artifact.archive(name, front + behind));
        } catch (URISyntaxException e) {
            throw useless(answer, e.getReason(), image ? IMAGE + PLACE : FILE);
        }
    }

    /** Returns where an artifact is. */
    static URI address(Artifact artifact) {
        String place = artifact.location().split("#", 2)[0];
        return URI.create(artifact.kind() == Artifact.Kind.IMAGE ? IMAGE + place : place);
    }

    /** Returns by what the server knows the release of an artifact. */
    static String releaseId(Artifact artifact) {
        int hash = artifact.location().indexOf('#');
        return hash < 0
                ? ""
                : Optional.ofNullable(
                                URI.create(artifact.location().substring(hash)).getFragment())
                        .orElse("");
    }

    /** What is wrong is told without the rest of the address, which may be signed. */
    private static UnreachableException useless(CurrentResponse answer, String why, String example) {
        return new UnreachableException(Problem.of(
                "use the answer of the server",
                "about " + answer.tag(),
                "its artifact_url cannot be used: " + why,
                "Have it name an address such as " + example));
    }
}
