package dewy.core.install;

import dewy.api.CancellableCall;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.Authorizing;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.RegistryLogin;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.ImageStore;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.journal.AppJournal;
import dewy.core.journal.Installed;
import dewy.core.plugin.PluginSlot;
import java.util.List;
import java.util.Optional;

/** Images: pulled into the store of the runtime, which runs them by digest. Nothing of them is in the app's directory. */
public final class ImageInstaller implements Installer {
    private final PluginSlot<AppRuntime> runtime;
    private final PluginSlot<ArtifactSource> source;
    private final AppJournal journal;

    public ImageInstaller(PluginSlot<AppRuntime> runtime, PluginSlot<ArtifactSource> source, AppJournal journal) {
        this.runtime = runtime;
        this.source = source;
        this.journal = journal;
    }

    @Override
    public Fetched fetch(CancellableCall call, EventScope events, Deliverable deliverable) throws DewyException {
        events.publish(
                EventKind.IMAGE_PULLING,
                deliverable.artifact().name(),
                deliverable.release().tag());
        Optional<RegistryLogin> login = login(call, deliverable.artifact());
        String image =
                runtime.use(call, instance -> store(instance, deliverable).pull(call, deliverable, login));
        Installed pulled = Installed.pulled(deliverable, digest(image), image);
        events.publish(EventKind.IMAGE_PULLED, pulled.tag(), image);
        return new PulledImage(pulled);
    }

    @Override
    public boolean holds(CancellableCall call, Installed installed) throws DewyException {
        String image = installed.image().orElseThrow();
        return runtime.use(
                call, instance -> store(instance, installed.deliverable()).holds(call, image));
    }

    /** Images may be removed by anybody, and are pulled again by their digest. */
    @Override
    public void provide(CancellableCall call, EventScope events, Installed installed) throws DewyException {
        if (!holds(call, installed)) {
            fetch(call, events, installed.deliverable()).close();
        }
    }

    @Override
    public Undo select(EventScope events, Installed installed, EventKind told) {
        return () -> {};
    }

    @Override
    public int prune(CancellableCall call, Retention retention) throws DewyException {
        List<String> surplus = retention.surplusImages(journal.memory());
        if (surplus.isEmpty()) {
            return 0;
        }
        List<String> gone = runtime.use(
                call,
                instance -> instance instanceof ImageStore store ? store.remove(call, surplus) : List.<String>of());
        for (String image : gone) {
            journal.removed(image);
        }
        return gone.size();
    }

    private Optional<RegistryLogin> login(CancellableCall call, Artifact image) throws DewyException {
        return source.use(
                call,
                instance -> instance instanceof Authorizing itself
                        ? itself.login(call, image)
                        : Optional.<RegistryLogin>empty());
    }

    private ImageStore store(AppRuntime instance, Deliverable deliverable) throws InvalidException {
        if (instance instanceof ImageStore store) {
            return store;
        }
        throw Installers.runsNoImages(
                deliverable, "the runtime " + runtime.url().scheme());
    }

    private static Digest digest(String image) throws CorruptException {
        try {
            return Digest.parse(image.substring(image.indexOf('@') + 1));
        } catch (InvalidException e) {
            throw new CorruptException(
                    Problem.of("use the image", image, "its runtime does not name it by digest", ""), e);
        }
    }

    /** Once pulled it is complete. */
    private record PulledImage(Installed installed) implements Fetched {
        @Override
        public Installed install(CancellableCall call, EventScope events) {
            return installed;
        }

        @Override
        public void close() {}
    }
}
