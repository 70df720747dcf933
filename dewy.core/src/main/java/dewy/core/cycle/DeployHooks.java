package dewy.core.cycle;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.process.ChildProcess;
import dewy.core.event.EventKind;
import dewy.core.hook.HookOutcome;
import dewy.core.hook.HookRunner;
import dewy.core.hook.HookSettings;
import dewy.core.journal.Installed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Runs the hooks of an app at their place in the cycle, and tells what became of them. */
final class DeployHooks {
    private final HookSettings settings;
    private final HookRunner runner;
    private final Path directory;
    private final String app;
    private final InstantSource clock;

    DeployHooks(HookSettings settings, HookRunner runner, Path directory, String app, InstantSource clock) {
        this.settings = settings;
        this.runner = runner;
        this.directory = directory;
        this.app = app;
        this.clock = clock;
    }

    /**
     * Runs the hook before a deployment.
     *
     * @throws HookFailedException if it fails, where a failing hook is to end the deployment
     */
    void before(Pass pass, Candidate candidate) throws DewyException {
        endEarlier(pass);
        if (settings.before().isEmpty()) {
            return;
        }
        String command = settings.before().get();
        Hook hook = new Hook("before", command, environment(candidate));
        Timed result = run(pass, hook);
        if (result.outcome().isWell()) {
            return;
        }
        if (!settings.abortOnFailure()) {
            tell(pass, hook, result, EventKind.HOOK_BEFORE_FAILED);
            return;
        }
        HookFailedException abort = new HookFailedException(Problem.of(
                "run the before-deploy hook",
                "\"" + command + "\"",
                result.outcome().ending(),
                "Try it by hand"));
        tell(
                pass,
                hook,
                result,
                EventKind.HOOK_BEFORE_FAILED,
                pass.evidence(abort).orElse(""));
        throw abort;
    }

    /** Runs the hook after a deployment; the release serves already, so that a failure is told and changes nothing. */
    void after(Pass pass, Candidate candidate, Installed installed) throws DewyException {
        endEarlier(pass);
        if (settings.after().isEmpty()) {
            return;
        }
        Map<String, String> environment = environment(candidate);
        installed.folder().ifPresent(folder -> environment.put("DEWY_RELEASE", folder.toString()));
        installed.image().ifPresent(image -> environment.put("DEWY_IMAGE", image));
        Hook hook = new Hook("after", settings.after().get(), environment);
        Timed result = run(pass, hook);
        if (!result.outcome().isWell()) {
            tell(pass, hook, result, EventKind.HOOK_AFTER_FAILED);
        }
    }

    /** Ends the hook that an earlier agent was killed in: it outlasts its deployment no longer, and no hook runs beside it. */
    void endEarlier(Pass pass) {
        try {
            runner.endEarlier().ifPresent(hook -> {
                String pid = hook.processes() instanceof ChildProcess shell ? Long.toString(shell.pid()) : "";
                pass.events().publish(EventKind.HOOK_ENDED, hook.name(), pid);
            });
        } catch (DewyException e) {
            pass.events().publish(EventKind.HOUSEKEEPING_FAILED, e.problem().sentence());
        }
    }

    /** What is run. */
    private record Hook(String name, String command, Map<String, String> environment) {}

    /** What came of it, and how long it took. */
    private record Timed(HookOutcome outcome, Duration duration) {}

    /** Runs a hook, and tells if it ended well. */
    private Timed run(Pass pass, Hook hook) throws DewyException {
        Instant started = clock.instant();
        HookOutcome outcome = result(pass, hook.name(), hook.command(), hook.environment());
        Timed timed = new Timed(outcome, Duration.between(started, clock.instant()));
        if (outcome.isWell()) {
            pass.events()
                    .publish(
                            EventKind.HOOK_SUCCEEDED,
                            hook.name(),
                            hook.command(),
                            outcome.stdout(),
                            outcome.stderr(),
                            timed.duration(),
                            pass.tag().orElse(""));
        }
        return timed;
    }

    /** @param more what the failure has besides */
    private static void tell(Pass pass, Hook hook, Timed result, EventKind failure, String... more) {
        HookOutcome outcome = result.outcome();
        Object exitCode = outcome.exitCode().isPresent() ? outcome.exitCode().getAsInt() : "";
        List<Object> values = new ArrayList<>(List.of(
                hook.name(),
                hook.command(),
                outcome.ending(),
                exitCode,
                outcome.stdout(),
                outcome.stderr(),
                result.duration(),
                pass.tag().orElse("")));
        values.addAll(List.of(more));
        pass.events().publish(failure, values.toArray());
    }

    /** A hook that cannot be started has failed; one that nobody wants any more has not. */
    private HookOutcome result(Pass pass, String name, String command, Map<String, String> environment)
            throws DewyException {
        try {
            return runner.run(pass.call(), name, command, environment, settings.limit());
        } catch (CancelledException e) {
            throw e;
        } catch (DewyException e) {
            pass.call().check();
            return new HookOutcome(e.problem().why(), OptionalInt.empty(), "", "");
        }
    }

    private Map<String, String> environment(Candidate candidate) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("DEWY_APP", app);
        environment.put("DEWY_VERSION", candidate.tag());
        environment.put("DEWY_ARTIFACT", candidate.deliverable().artifact().name());
        environment.put("DEWY_DIRECTORY", directory.toString());
        environment.put("DEWY_DEPLOY_ID", candidate.attempt().deployId());
        environment.put("DEWY_ATTEMPT", Integer.toString(candidate.attempt().number()));
        candidate.attempt().previous().ifPresent(previous -> environment.put("DEWY_PREVIOUS_VERSION", previous));
        return environment;
    }
}
