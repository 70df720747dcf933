package dewy.tck.memory;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.RegistryLogin;
import dewy.api.runtime.ImageStore;
import dewy.tck.memory.host.Engine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The images that the engine has. */
record Images(Engine engine) implements ImageStore {
    @Override
    public String pull(Call call, Deliverable deliverable, Optional<RegistryLogin> login) throws DewyException {
        return engine.pull(call, reference(deliverable.artifact()));
    }

    @Override
    public boolean holds(Call call, String image) throws DewyException {
        return engine.hasImage(call, image);
    }

    @Override
    public List<String> remove(Call call, Collection<String> images) throws DewyException {
        List<String> gone = new ArrayList<>();
        for (String image : images) {
            if (engine.removeImage(call, image)) {
                gone.add(image);
            }
        }
        return gone;
    }

    /** A digest that is known is what counts: the tag may point elsewhere by now. */
    private static String reference(Artifact artifact) {
        String place = artifact.location();
        int tag = place.indexOf(':', place.lastIndexOf('/') + 1);
        String repository = tag < 0 ? place : place.substring(0, tag);
        return artifact.digest().map(digest -> repository + "@" + digest).orElse(place);
    }
}
