package dewy.core.cycle;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactSource;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.core.plugin.PluginSlot;
import dewy.core.select.ReleaseSelector;
import dewy.core.select.Selection;
import java.util.List;
import java.util.Optional;

/** Finds the release that a person names in the registry, whatever the app would take by itself. */
record ReleaseFinder(PluginSlot<Registry> registry, PluginSlot<ArtifactSource> source, ReleaseSelector selector) {
    /**
     * A release that was asked for.
     *
     * @param newest whether the app would select it by itself
     */
    record Found(Deliverable deliverable, boolean newest) {}

    /** @throws DewyException if the registry does not have it, or not its artifact, or several that suit alike */
    Found find(Pass pass, String version) throws DewyException {
        pass.enter("select");
        return registry.use(pass.call(), instance -> {
            Poll poll = instance.poll(pass.call(), Optional.empty());
            List<Release> releases = poll.releases().orElse(List.of());
            Release release = named(releases, version);
            return source.use(
                    pass.call(),
                    artifacts -> found(pass.call(), new Description(selector, instance, artifacts), releases, release));
        });
    }

    private Found found(CancellableCall call, Description description, List<Release> releases, Release release)
            throws DewyException {
        Selection newest = selector.select(releases, description.locating());
        Selection choice = selector.choose(release, description.locating());
        Selection described = choice instanceof Selection.Selected one ? description.of(call, one) : choice;
        if (described instanceof Selection.Selected selected) {
            return new Found(selected.deliverable(), newest.tag().equals(Optional.of(release.tag())));
        }
        if (described instanceof Selection.Hopeless hopeless) {
            throw hopeless.failure();
        }
        throw new NotFoundException(
                Problem.of("deploy", release.tag(), "it does not have the artifact yet", "Add it to the release"));
    }

    private static Release named(List<Release> releases, String version) throws NotFoundException {
        return releases.stream()
                .filter(release -> release.tag().equals(version))
                .findFirst()
                .orElseThrow(() -> new NotFoundException(Problem.of(
                        "find the release",
                        "\"" + version + "\"",
                        "the registry has none of that name",
                        "Write it as its tag is written, such as v1.2.3")));
    }
}
