package dewy.core.app;

import dewy.api.InvalidException;
import dewy.api.InvalidException.Mistake;
import dewy.api.Problem;
import dewy.api.plugin.PluginUrl;
import dewy.api.store.Store;
import dewy.core.fleet.FleetSettings;
import dewy.core.plugin.PluginSlot;
import dewy.core.route.ProxyRouter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Tries the plugins of an app, each for itself, so that all that is wrong is told at once. For one thread. */
final class AppCheck {
    private static final String PROXY = "proxy";

    private final AppDraft draft;
    private final List<InvalidException> faults = new ArrayList<>();

    private AppCheck(AppDraft draft) {
        this.draft = draft;
    }

    /** Returns what is wrong with the plugins of an app, whose slots are empty yet. */
    static List<InvalidException> faults(AppDraft draft, AppPlugins slots) {
        AppCheck check = new AppCheck(draft);
        check.tryAll(slots);
        return check.faults;
    }

    private void tryAll(AppPlugins slots) {
        AppSpec spec = draft.spec();
        boolean known = tryFolder("registry", spec.registry(), slots.registry());
        if (known || !spec.artifact().equals(spec.registry())) {
            tryFolder("artifact", spec.artifact(), slots.artifact());
        }
        if (tryFolder("cache", spec.cache(), slots.cache())) {
            tryStore(spec, slots.store());
        }
        for (int i = 0; i < spec.notifiers().size(); i++) {
            PluginSlot<?> slot = slots.notifiers().get(i);
            fill("notifier", spec.notifiers().get(i), slot::fill);
        }
        slots.runtime().ifPresent(slot -> tryMadeOfOptions("runtime", slot, parameter -> parameter));
        boolean mayHaveProxy = faults.stream().noneMatch(fault -> fault.names().contains(PROXY));
        slots.router()
                .filter(router -> mayHaveProxy)
                .map(ProxyRouter::slot)
                .ifPresent(slot -> tryMadeOfOptions(PROXY, slot, AppSpecReader::ofProxy));
    }

    private void tryStore(AppSpec spec, Optional<PluginSlot<Store>> store) {
        if (store.isPresent()) {
            fill("cache", spec.cache(), store.get()::fill);
        } else if (spec.fleet().needsStore()) {
            Problem problem = Problem.of(
                    "use " + String.join(" and ", FleetSettings.PARAMETERS),
                    "of " + spec.cache(),
                    "hosts cannot agree on anything in a cache of the scheme \""
                            + spec.cache().scheme() + "\"",
                    "Use one of those that docs/urls.md lists as stores");
            faults.add(new InvalidException(problem).in("cache"));
        }
    }

    /** What takes the URL of a folder may have been given its path. */
    private boolean tryFolder(String option, PluginUrl url, PluginSlot<?> slot) {
        boolean bare = url.toString().equals(url.scheme() + ":");
        return fill(option, url, () -> {
            try {
                slot.fill();
            } catch (InvalidException e) {
                throw bare && !slot.isAnswered() ? draft.folders().advise(e, url.scheme()) : e;
            }
        });
    }

    private interface Filling {
        void fill() throws InvalidException;
    }

    private boolean fill(String option, PluginUrl url, Filling filling) {
        if (url.equals(AppDraft.UNREADABLE)) {
            return false;
        }
        try {
            filling.fill();
            return true;
        } catch (InvalidException e) {
            faults.add(AppSpecReader.withOwnParameters(option, e).in(option));
            return false;
        }
    }

    /**
     * Its URL is made of options, and nobody who wrote these knows of it.
     *
     * @param option the one that names the plugin
     * @param options by what option a parameter is given
     */
    private void tryMadeOfOptions(String option, PluginSlot<?> slot, UnaryOperator<String> options) {
        try {
            slot.fill();
        } catch (InvalidException e) {
            faults.add(e.names().isEmpty() ? e.in(option) : asOptions(e, options));
        }
    }

    private InvalidException asOptions(InvalidException e, UnaryOperator<String> options) {
        List<Mistake> mistakes =
                e.mistakes().stream().map(mistake -> asOption(mistake, options)).toList();
        String why = mistakes.stream().map(Mistake::why).collect(Collectors.joining("; "));
        Problem problem = new Problem("use the options", "of " + draft.spec().command(), why, "");
        return InvalidException.of(problem, mistakes);
    }

    private static Mistake asOption(Mistake mistake, UnaryOperator<String> options) {
        String option = options.apply(mistake.name());
        String parameter = mistake.name() + "=";
        boolean named = mistake.why().startsWith(parameter);
        String why = mistake.why().replaceFirst("^unknown parameter", "unknown option");
        return new Mistake(option, named ? option + "=" + why.substring(parameter.length()) : why);
    }
}
