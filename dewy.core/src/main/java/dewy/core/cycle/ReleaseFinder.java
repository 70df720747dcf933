package dewy.core.cycle;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactSource;
import dewy.api.registry.Registry;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.core.journal.AppMemory;
import dewy.core.plugin.PluginSlot;
import dewy.core.select.ReleaseSelector;
import dewy.core.select.Selection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the release that a person names in the registry, whatever the app would take by itself. */
record ReleaseFinder(
        PluginSlot<Registry> registry,
        PluginSlot<ArtifactSource> source,
        ReleaseSelector selector,
        AppMemory memory,
        PollLimit limit) {
    private static final int MOST_NAMED = 10;

    /**
     * A release that was asked for.
     *
     * @param newest whether the app would select it by itself
     */
    record Found(Deliverable deliverable, boolean newest) {}

    /**
     * Finds it.
     *
     * @param others the versions that could be named besides those of the registry
     * @throws MistakenException if the registry does not have it, or not its artifact, or several that suit alike
     */
    Found find(Pass pass, String version, List<String> others) throws DewyException {
        pass.enter(CycleStep.SELECT);
        return limit.within(pass.call(), registry, (call, instance) -> {
            OfferedReleases offer = OfferedReleases.of(instance, instance.poll(call, Optional.empty()));
            Release release = named(offer.releases(), version, others);
            return source.use(
                    call,
                    artifacts -> found(call, new Description(selector, instance, artifacts, memory), offer, release));
        });
    }

    private Found found(CancellableCall call, Description description, OfferedReleases offer, Release release)
            throws DewyException {
        Selection newest = offer.select(selector, description.locating());
        Release complete = description.complete(call, offer, release);
        Selection choice = offer.choose(selector, complete, description.locating());
        Selection described = choice instanceof Selection.Selected one ? description.of(call, one) : choice;
        if (described instanceof Selection.Selected selected) {
            return new Found(selected.deliverable(), newest.tag().equals(Optional.of(release.tag())));
        }
        if (described instanceof Selection.Hopeless hopeless) {
            throw new MistakenException(hopeless.failure().problem());
        }
        throw new MistakenException(
                Problem.of("deploy", release.tag(), "it does not have the artifact yet", "Add it to the release"));
    }

    private Release named(List<Release> releases, String version, List<String> others) throws MistakenException {
        return releases.stream()
                .filter(release -> release.tag().equals(version))
                .findFirst()
                .orElseThrow(() -> new MistakenException(Problem.of(
                        "find the release",
                        "\"" + version + "\"",
                        "the registry has none of that name",
                        known(releases, others))));
    }

    private String known(List<Release> releases, List<String> others) {
        List<String> tags = selector.newestFirst(Stream.concat(releases.stream().map(Release::tag), others.stream()));
        String more = tags.size() > MOST_NAMED ? " and " + (tags.size() - MOST_NAMED) + " more" : "";
        String named = tags.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        return tags.isEmpty() ? "It has none at all" : "There are: " + named + more;
    }
}
