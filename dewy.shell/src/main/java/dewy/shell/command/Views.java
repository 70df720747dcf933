package dewy.shell.command;

import dewy.api.control.AppStatus;
import dewy.api.control.CycleOutcome;
import dewy.api.control.DeployedRelease;
import dewy.api.control.NotifierTrouble;
import dewy.api.control.PastDeployment;
import dewy.api.control.PluginStatus;
import dewy.api.runtime.RuntimeStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/** What scripts are told, by names that stay. */
final class Views {
    private Views() {}

    static Map<String, Object> app(AppStatus app) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", app.name());
        view.put("command", app.command());
        view.put("directory", app.directory().toString());
        view.put("registry", app.registry());
        view.put("state", Words.of(app.state()));
        app.current().ifPresent(current -> view.put("current", release(current)));
        app.runtime().ifPresent(runtime -> view.put("runtime", runtime(runtime)));
        app.last().ifPresent(last -> view.put("last", outcome(last)));
        app.next().ifPresent(next -> view.put("next", next.toString()));
        view.put("failures", app.failures());
        app.pinned().ifPresent(pinned -> view.put("pinned", pinned));
        view.put("quarantined", app.quarantined());
        view.put("missing", app.missing());
        view.put(
                "failing_notifiers",
                app.failingNotifiers().stream().map(Views::trouble).toList());
        return view;
    }

    private static Map<String, Object> trouble(NotifierTrouble trouble) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("notifier", trouble.notifier());
        view.put("since", trouble.since().toString());
        view.put("lost", trouble.lost());
        view.put("error", trouble.why());
        return view;
    }

    static Map<String, Object> outcome(CycleOutcome outcome) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("outcome", Words.of(outcome.kind()));
        view.put("step", outcome.step());
        view.put("reason", outcome.reason());
        view.put("at", outcome.at().toString());
        outcome.tag().ifPresent(tag -> view.put("version", tag));
        outcome.failure().ifPresent(failure -> view.put("failure", Words.of(failure)));
        return view;
    }

    static Map<String, Object> plugin(PluginStatus plugin) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("kind", plugin.kind());
        view.put("schemes", plugin.schemes());
        view.put("bundle", plugin.bundle());
        view.put("version", plugin.version());
        view.put("state", Words.of(plugin.state()));
        view.put("ranking", plugin.ranking());
        view.put("chosen", plugin.chosen());
        view.put("users", plugin.users());
        view.put("origin", plugin.origin());
        plugin.problem().ifPresent(problem -> view.put("problem", problem));
        return view;
    }

    static Map<String, Object> past(PastDeployment past) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("at", past.at().toString());
        view.put("version", past.tag());
        past.previous().ifPresent(previous -> view.put("previous", previous));
        past.error().ifPresent(error -> view.put("error", error));
        view.put("actor", past.actor());
        view.put("cause", past.cause());
        past.duration().ifPresent(duration -> view.put("seconds", duration.toMillis() / 1000.0));
        return view;
    }

    static Map<String, Object> release(DeployedRelease release) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("version", release.tag());
        view.put("key", release.cacheKey());
        release.digest().ifPresent(digest -> view.put("digest", digest));
        release.folder().ifPresent(folder -> view.put("folder", folder.toString()));
        release.image().ifPresent(image -> view.put("image", image));
        view.put("since", release.since().toString());
        return view;
    }

    private static Map<String, Object> runtime(RuntimeStatus runtime) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("state", Words.of(runtime.state()));
        view.put("generation", runtime.generation());
        view.put("since", runtime.since().toString());
        view.put("instances", runtime.instances());
        view.put("detail", runtime.detail());
        return view;
    }
}
