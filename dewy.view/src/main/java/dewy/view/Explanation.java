package dewy.view;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.CycleOutcome;
import dewy.api.control.NotifierTrouble;
import dewy.api.control.Operation;
import dewy.api.control.PluginState;
import dewy.api.control.PluginStatus;
import dewy.api.runtime.RuntimeStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why an app is as it is, and why nothing was deployed, in sentences for people.
 *
 * @param app how it is doing
 * @param agent the agent that it belongs to
 * @param now when it is looked at
 */
public record Explanation(AppStatus app, Agent agent, Instant now) {
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        sentences.add(deployed());
        sentences.add(app.operation()
                .map(this::goesOn)
                .orElseGet(() -> app.last().map(this::lastCheck).orElse("The first check is not over yet.")));
        app.waiting()
                .forEach(operation -> sentences.add(
                        "After that: " + Words.task(operation) + ", asked for " + relative(operation.started()) + "."));
        app.refused()
                .ifPresent(why -> sentences.add("What is written of it was changed and refused, and what was in force"
                        + " before still is: " + why.replaceFirst("\\.$", "") + "."));
        app.runtime().map(this::runtime).ifPresent(sentences::add);
        if (!app.missing().isEmpty()) {
            List<PluginStatus> known = agent.plugins().list();
            sentences.add(
                    "It is degraded: a plugin is missing. What serves goes on, and it recovers by itself once that is"
                            + " there.");
            app.missing().forEach(name -> sentences.add(missing(name, known)));
        }
        app.failingNotifiers().stream().map(this::notifier).forEach(sentences::add);
        app.pinned().ifPresent(tag -> sentences.add("It is pinned to " + tag + ", until unpin."));
        Map<String, String> evidence = app.quarantined().isEmpty() ? Map.of() : evidence(agent, app.name());
        app.quarantined()
                .forEach((tag, why) -> sentences.add(tag + " is quarantined, since it failed by its own fault: "
                        + why.replaceFirst("\\.$", "") + evidence.getOrDefault(tag, "") + "."));
        if (app.failures() > 1) {
            sentences.add("The last " + app.failures() + " checks failed.");
        }
        sentences.add(next());
        return sentences;
    }

    /** Returns where there is more about what failed of each version of an app, in words to be put behind the reason. */
    public static Map<String, String> evidence(Agent agent, String app) {
        Map<String, String> evidence = new LinkedHashMap<>();
        try {
            agent.capsules()
                    .list(Optional.of(app))
                    .forEach(capsule ->
                            evidence.putIfAbsent(capsule.version(), Words.evidence(Optional.of(capsule.id()))));
        } catch (DewyException e) {
            return Map.of(); // What failed is known without it.
        }
        return evidence;
    }

    private String deployed() {
        return app.current()
                .map(current -> app.name() + " has " + current.version() + ", deployed "
                        + relative(current.since())
                        + current.signer().map(key -> ", signed by " + key).orElse("") + ".")
                .orElse("Nothing of " + app.name() + " is deployed yet.");
    }

    private String goesOn(Operation operation) {
        return "Under way for " + age(operation.started()) + ": " + Words.task(operation) + ", at "
                + Words.progress(operation, now) + ".";
    }

    private String lastCheck(CycleOutcome last) {
        String when = "The check " + relative(last.at());
        String reason = last.reason().replaceFirst("\\.$", "");
        String evidence = last.capsule()
                .map(id -> " What happened is in its capsule: capsule " + id + ".")
                .orElse("");
        return switch (last.outcome()) {
            case DEPLOYED -> when + " deployed a release: " + reason + ".";
            case NOTHING_TO_DO -> when + " found nothing to do: " + reason + ".";
            case WOULD_DEPLOY -> when + " was only a look: " + reason + ".";
            case DONE -> when + " did what was asked for: " + reason + ".";
            case CANCELLED -> when + " was ended: " + reason + ".";
            case TRY_LATER ->
                when + ("serve".equals(last.step()) ? " found that " : " has to be tried again later: ") + reason + ".";
            case FAILED -> when + " failed at the step \"" + last.step() + "\": " + reason + "." + evidence;
        };
    }

    /** Returns what helps where a plugin is missing; its name is as {@code kind:scheme}. */
    private static String missing(String name, List<PluginStatus> known) {
        List<PluginStatus> answering = known.stream()
                .filter(plugin ->
                        plugin.schemes().stream().anyMatch(scheme -> name.equals(plugin.kind() + ":" + scheme)))
                .toList();
        Optional<PluginStatus> disabled = answering.stream()
                .filter(plugin -> plugin.state() == PluginState.DISABLED)
                .findFirst();
        if (disabled.isPresent()) {
            return disabled.get().bundle() + " should answer to " + name + ", but is disabled. Use plugin enable "
                    + disabled.get().bundle() + ".";
        }
        return answering.stream()
                .findFirst()
                .map(plugin -> plugin.bundle() + " should answer to " + name + ", but is " + Words.of(plugin.state())
                        + ". Why, says plugin why " + plugin.bundle() + ".")
                .orElse("Nothing answers to " + name + ". Use plugin install.");
    }

    private String notifier(NotifierTrouble trouble) {
        String lost =
                switch (trouble.lost()) {
                    case 0 -> "and is tried again";
                    case 1 -> "1 notification was lost";
                    default -> trouble.lost() + " notifications were lost";
                };
        return "The notifier " + trouble.notifier() + " has failed for "
                + age(trouble.since()) + ", " + lost + ": "
                + trouble.error().replaceFirst("\\.$", "") + ".";
    }

    private String runtime(RuntimeStatus runtime) {
        String detail = runtime.detail().isEmpty() ? "" : ": " + runtime.detail();
        String often = runtime.crashesInWords();
        String crashed = runtime.crashes() == 0 ? "" : "crashed " + often + " and ";
        String age = age(runtime.since());
        return switch (runtime.state()) {
            case RUNNING ->
                "Its server has been up for " + age + ", in generation " + runtime.generation()
                        + (runtime.crashes() == 0 ? "" : ", and crashed " + often + " before") + detail + ".";
            case BACKING_OFF ->
                "Its server " + crashed + "has been down for " + age + "; it will be started again soon" + detail + ".";
            case FAILED -> "Its server " + crashed + "was given up " + age + " ago" + detail + ".";
            case STARTING, STOPPED -> "Its server is " + Words.of(runtime.state()) + detail + ".";
        };
    }

    private String next() {
        if (app.next().isPresent()) {
            return "The next check is due " + relative(app.next().get()) + ".";
        }
        return app.paused()
                ? "No new releases are looked for until resume; a server that crashes is started again all the same."
                : "A check is running now.";
    }

    private String relative(Instant time) {
        return Words.relative(time, now);
    }

    private String age(Instant time) {
        return Words.age(time, now);
    }
}
