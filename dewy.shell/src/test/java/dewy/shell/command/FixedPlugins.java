package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.control.PluginState;
import dewy.api.control.PluginStatus;
import dewy.api.control.Plugins;
import dewy.api.release.Digest;
import dewy.view.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Plugins that are as they are.
 *
 * @param asked what they were asked to become, one after the other
 */
record FixedPlugins(List<PluginStatus> list, List<String> asked) implements Plugins {
    static final String REFUSED = "/bad.jar";

    static FixedPlugins of(PluginStatus... known) {
        return new FixedPlugins(List.of(known), new ArrayList<>());
    }

    @Override
    public List<PluginStatus> find(String bundle) throws NotFoundException {
        List<PluginStatus> found = list.stream()
                .filter(plugin ->
                        plugin.bundle().equals(bundle) || plugin.schemes().contains(bundle))
                .toList();
        if (found.isEmpty()) {
            throw new NotFoundException(Problem.of("find the plugin", bundle, "there is none of that name", ""));
        }
        return found;
    }

    @Override
    public List<String> why(String bundle) throws NotFoundException {
        return find(bundle).stream()
                .map(plugin -> plugin.bundle() + " is " + Words.of(plugin.state()) + ".")
                .toList();
    }

    @Override
    public List<PluginStatus> install(String source, Optional<Digest> digest, String actor) throws DewyException {
        return brought("install", source, digest, actor);
    }

    @Override
    public List<PluginStatus> update(String source, Optional<Digest> digest, String actor) throws DewyException {
        return brought("update", source, digest, actor);
    }

    @Override
    public List<PluginStatus> rollback(String bundle, String actor) {
        asked.add("rollback " + bundle + " for " + actor);
        return List.of(Samples.strange(PluginState.ACTIVE, 0, ""));
    }

    @Override
    public void remove(String bundle, String actor) {
        asked.add("remove " + bundle + " for " + actor);
    }

    @Override
    public void enable(String bundle, String actor) {
        asked.add("enable " + bundle + " for " + actor);
    }

    @Override
    public void disable(String bundle, String actor) {
        asked.add("disable " + bundle + " for " + actor);
    }

    private List<PluginStatus> brought(String verb, String source, Optional<Digest> digest, String actor)
            throws InvalidException {
        if (source.equals(REFUSED)) {
            throw new InvalidException(
                    Problem.of(verb + " the plugin", source, "it offers nothing", "The plugin before is in use"));
        }
        asked.add(verb + " " + source + digest.map(known -> " " + known).orElse("") + " for " + actor);
        return List.of(Samples.strange(PluginState.ACTIVE, 0, ""));
    }
}
