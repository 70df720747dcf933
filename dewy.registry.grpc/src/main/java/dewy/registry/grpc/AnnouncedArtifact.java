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
 * An artifact as a server announces it: at an address anywhere. Its location is that address, with the id of the release behind
 * {@code #}, so that whoever reports of it, be it the next agent, knows it.
 */
final class AnnouncedArtifact {
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
        try {
            URI url = new URI(answer.artifactUrl());
            String path = url.getPath() == null ? "" : url.getPath();
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (url.getScheme() == null || "grpc".equalsIgnoreCase(url.getScheme()) || name.isEmpty()) {
                throw useless(answer, "it is no address of a file");
            }
            String id = new URI(null, null, "/", answer.id()).getRawFragment();
            String front = answer.artifactUrl().split("#", 2)[0];
            String location = answer.id().isEmpty() ? front : front + "#" + id;
            return Optional.of(image ? Artifact.image(name, location) : Artifact.archive(name, location));
        } catch (URISyntaxException e) {
            throw useless(answer, e.getReason());
        }
    }

    /** Returns where an artifact is. */
    static URI address(Artifact artifact) {
        return URI.create(artifact.location().split("#", 2)[0]);
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
    private static UnreachableException useless(CurrentResponse answer, String why) {
        return new UnreachableException(Problem.of(
                "use the answer of the server",
                "about " + answer.tag(),
                "its artifact_url cannot be used: " + why,
                "Have it name an address such as https://example.com/v1.2.3/app.tar.gz"));
    }
}
