package dewy.core.agent;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.control.Capsule;
import dewy.api.control.Capsules;
import dewy.api.control.Evidence;
import dewy.core.app.App;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The evidence of all apps. */
final class AgentCapsules implements Capsules {
    private final Apps apps;

    AgentCapsules(Apps apps) {
        this.apps = apps;
    }

    @Override
    public List<Capsule> list(Optional<String> app) throws DewyException {
        Collection<App> wanted = app.isPresent() ? List.of(apps.require(app.get())) : apps.all();
        List<Capsule> capsules = new ArrayList<>();
        for (App each : wanted) {
            capsules.addAll(each.capsules().list());
        }
        capsules.sort(Comparator.comparing(Capsule::at).reversed());
        return capsules;
    }

    @Override
    public Evidence open(String id) throws DewyException {
        List<Capsule> found = list(Optional.empty()).stream()
                .filter(capsule -> !id.isEmpty() && capsule.id().startsWith(id))
                .toList();
        if (found.size() != 1) {
            String why = found.isEmpty() ? "there is none" : "several begin so";
            throw new NotFoundException(
                    Problem.of("find the capsule", "\"" + id + "\"", why, "\"capsule\" lists them"));
        }
        return apps.require(found.get(0).app()).capsules().open(found.get(0).id());
    }
}
