package dewy.launcher.agent;

import dewy.api.FailureKind;
import dewy.api.control.AppDefinition;
import dewy.api.control.CycleOutcome;
import dewy.launcher.cli.CommandLineException;
import java.io.IOException;

/** Says what the first cycle of an app would do, without an agent at work and without touching the app. */
public final class DryRunCommand {
    /** Prints what would be done; returns the exit code. */
    public int run(AppDefinition app) throws CommandLineException, IOException {
        return BriefFramework.with(framework -> {
            AppLine.check(framework.agent(), app);
            CycleOutcome outcome = framework.agent().foresee(app);
            String text = outcome.reason() + "\n";
            if (outcome.failure().isPresent()) {
                System.err.print("dewy: " + text);
            } else {
                System.out.print(text);
            }
            return outcome.failure().map(FailureKind::exitCode).orElse(0);
        });
    }
}
