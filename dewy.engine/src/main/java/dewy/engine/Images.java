package dewy.engine;

import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.RegistryLogin;
import dewy.api.runtime.ImageStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The images that an engine has. Safe for use by several threads. */
public final class Images implements ImageStore {
    private static final Pattern DIGEST = Pattern.compile("Digest: (sha256:[0-9a-f]{64})");

    private final Engine engine;

    public Images(Engine engine) {
        this.engine = engine;
    }

    @Override
    public String pull(Call call, Deliverable deliverable, Optional<RegistryLogin> login) throws DewyException {
        Reference reference = Reference.of(deliverable.artifact());
        if (reference.digest().isPresent() && holds(call, reference.toString())) {
            return reference.toString();
        }
        return byDigest(call, reference, pull(call, reference, login));
    }

    /** Returns the digest, where the engine tells it. */
    private Optional<String> pull(Call call, Reference reference, Optional<RegistryLogin> login) throws DewyException {
        Progress progress = new Progress(call);
        engine.tell(call, "pull the image", reference.toString(), client -> {
            PullImageCmd command = client.pullImageCmd(reference.toString());
            login.map(Images::authentication).ifPresent(command::withAuthConfig);
            StreamEnd<PullResponseItem> stream = new StreamEnd<>(progress::take);
            command.exec(stream);
            stream.await(call);
            progress.throwIfFailed();
        });
        return progress.digest;
    }

    /** Has there be an image, by its tag; one that is there is not asked for anew. Registries are asked as nobody. */
    public void ensure(Call call, String image) throws DewyException {
        if (!holds(call, image)) {
            pull(call, Reference.parse(image), Optional.empty());
        }
    }

    @Override
    public boolean holds(Call call, String image) throws DewyException {
        try {
            engine.image(call, image);
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    @Override
    public List<String> remove(Call call, Collection<String> images) throws DewyException {
        List<String> gone = new ArrayList<>();
        for (String image : images) {
            if (isGone(call, image)) {
                gone.add(image);
            }
        }
        return gone;
    }

    /** An image that was pulled by its tag goes with that: else the tag would keep what it is made of. */
    private boolean isGone(Call call, String image) throws DewyException {
        try {
            var told = engine.image(call, image);
            boolean used = engine.ask(call, "find what runs from", image, client -> !client.listContainersCmd()
                    .withShowAll(true)
                    .withAncestorFilter(List.of(told.getId()))
                    .exec()
                    .isEmpty());
            if (used) {
                return false;
            }
            String repository = Reference.parse(image).repository();
            for (String tag : Optional.ofNullable(told.getRepoTags()).orElse(List.of())) {
                if (Reference.parse(tag).repository().equals(repository)) {
                    remove(call, tag);
                }
            }
            remove(call, image);
        } catch (NotFoundException e) {
            call.check(); // It is gone already.
        }
        return !holds(call, image);
    }

    private void remove(Call call, String image) throws DewyException {
        engine.tell(call, "remove the image", image, client -> {
            try {
                client.removeImageCmd(image).exec();
            } catch (com.github.dockerjava.api.exception.ConflictException e) {
                call.check(); // Something began to run from it.
            } catch (com.github.dockerjava.api.exception.NotFoundException e) {
                call.check(); // It went with its tag.
            }
        });
    }

    /** What was pulled, the engine tells on the way; Podman does not, and then the image itself knows. */
    private String byDigest(Call call, Reference reference, Optional<String> told) throws DewyException {
        Optional<String> digest = reference.digest().or(() -> told);
        if (digest.isEmpty()) {
            List<String> known = engine.image(call, reference.toString()).getRepoDigests();
            digest = Optional.ofNullable(known).orElse(List.of()).stream()
                    .filter(one -> Reference.parse(one).repository().equals(reference.repository()))
                    .findFirst()
                    .flatMap(one -> Reference.parse(one).digest());
        }
        return reference.repository()
                + "@"
                + digest.orElseThrow(() -> new CorruptException(Problem.of(
                        "use the image", reference, "the engine knows no digest of it", "Push it to a registry anew")));
    }

    private static AuthConfig authentication(RegistryLogin login) {
        AuthConfig authentication = new AuthConfig().withRegistryAddress(login.server());
        return switch (login.kind()) {
            case PASSWORD -> authentication.withUsername(login.user()).withPassword(login.secret());
            case IDENTITY_TOKEN -> authentication.withIdentityToken(login.secret());
            case REGISTRY_TOKEN -> authentication.withRegistrytoken(login.secret());
        };
    }

    /**
     * A reference to an image, as registries are asked for it.
     *
     * @param repository with the host of the registry, where that is not Docker Hub
     * @param tag empty where it is by digest
     */
    record Reference(String repository, String tag, Optional<String> digest) {
        static Reference parse(String text) {
            int at = text.indexOf('@');
            String place = at < 0 ? text : text.substring(0, at);
            Optional<String> digest = at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1));
            int colon = place.indexOf(':', place.lastIndexOf('/') + 1);
            return new Reference(
                    colon < 0 ? place : place.substring(0, colon), colon < 0 ? "" : place.substring(colon + 1), digest);
        }

        /** A digest that is known is what counts: the tag may point elsewhere by now. */
        static Reference of(Artifact artifact) {
            Reference place = parse(artifact.location());
            return artifact.digest()
                    .map(digest -> new Reference(place.repository(), "", Optional.of(digest.toString())))
                    .orElse(place);
        }

        @Override
        public String toString() {
            return digest.map(it -> repository + "@" + it)
                    .orElseGet(() -> repository + ":" + (tag.isEmpty() ? "latest" : tag));
        }
    }

    /** How far a pull has come: the bytes of all layers that are known so far. */
    private static final class Progress {
        private final Call call;
        private final Map<String, Long> done = new HashMap<>();
        private final Map<String, Long> total = new HashMap<>();
        private Optional<String> digest = Optional.empty();
        private Optional<String> error = Optional.empty();

        Progress(Call call) {
            this.call = call;
        }

        void take(ResponseItem item) {
            String status = Optional.ofNullable(item.getStatus()).orElse("");
            Matcher told = DIGEST.matcher(status);
            if (told.find()) {
                digest = Optional.of(told.group(1));
            }
            if (item.getErrorDetail() != null) {
                error = Optional.ofNullable(item.getErrorDetail().getMessage());
            }
            ResponseItem.ProgressDetail detail = item.getProgressDetail();
            if (status.equals("Downloading") && detail != null && detail.getCurrent() != null && item.getId() != null) {
                done.put(item.getId(), detail.getCurrent());
                total.put(item.getId(), Optional.ofNullable(detail.getTotal()).orElse(detail.getCurrent()));
                call.progress("pull", sum(done), sum(total));
            }
        }

        void throwIfFailed() {
            error.ifPresent(message -> {
                throw new DockerException(message, 0);
            });
        }

        private static long sum(Map<String, Long> bytes) {
            return bytes.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
