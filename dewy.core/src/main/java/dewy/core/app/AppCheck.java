package dewy.core.app;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.PluginUrl;
import dewy.core.plugin.PluginSlot;
import dewy.core.route.ProxyRouter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Tries the plugins of an app, each for itself, so that all that is wrong is told at once. For one thread. */
final class AppCheck {
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
        tryFolder("cache", spec.cache(), slots.cache());
        for (int i = 0; i < spec.notifiers().size(); i++) {
            PluginSlot<?> slot = slots.notifiers().get(i);
            fill("notifier", spec.notifiers().get(i), slot::fill);
        }
        slots.router().map(ProxyRouter::slot).ifPresent(this::tryMadeOfOptions);
        slots.runtime().ifPresent(this::tryMadeOfOptions);
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
            faults.add(e.in(option));
            return false;
        }
    }

    /** Its URL is made of options, and nobody who wrote these knows of it. */
    private void tryMadeOfOptions(PluginSlot<?> slot) {
        try {
            slot.fill();
        } catch (InvalidException e) {
            faults.add(e.names().isEmpty() ? e : asOptions(e));
        }
    }

    private InvalidException asOptions(InvalidException e) {
        String why = e.mistakes().stream().map(InvalidException.Mistake::why).collect(Collectors.joining("; "));
        Problem problem = new Problem("use the options", "of " + draft.spec().command(), why, "");
        return InvalidException.of(problem, e.mistakes());
    }
}
