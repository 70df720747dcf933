package dewy.launcher.agent;

import dewy.api.DewyException;
import dewy.api.control.AppDefinition;
import dewy.launcher.cli.AgentOptions;
import dewy.launcher.cli.CommandLineException;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs an agent until it is stopped. */
public final class RunCommand {
    private volatile Optional<AgentFramework> running = Optional.empty();
    private volatile boolean stopped;

    /**
     * Runs an agent; returns its exit code.
     *
     * @param prompt whether the Gogo prompt is opened on the terminal
     * @param early the signals that came before
     */
    public int run(AgentOptions options, Optional<AppDefinition> app, boolean prompt, Optional<EarlySignals> early)
            throws CommandLineException {
        options.logSettings().choose();
        Signals signals = Signals.handle(this::stop, early);
        try (AgentHome home = AgentHome.open(options.home());
                AgentFramework framework = AgentFramework.start(home, options.properties())) {
            signals.actOn(framework);
            // Also where it is to stop at once: what an agent before left running is to end.
            begin(framework, options, app);
            if (prompt) {
                signals.endWithTerminal();
                framework.openPrompt(home.folder());
            }
            running = Optional.of(framework);
            if (stopped) {
                stop();
            }
            framework.awaitStop();
            return signals.exitCode();
        } catch (LaunchException e) {
            return failed(e, e.kind().exitCode());
        } catch (DewyException e) {
            return stopped ? 0 : failed(e, e.kind().exitCode());
        } catch (IOException e) {
            return failed(e, 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(e, 1);
        }
    }

    /** Takes on the apps. Nothing is said to have begun before all that can be refused was looked at. */
    private static void begin(AgentFramework framework, AgentOptions options, Optional<AppDefinition> app)
            throws DewyException, LaunchException, CommandLineException, IOException, InterruptedException {
        if (app.isPresent()) {
            AppLine.check(framework.agent(), app.get());
            framework.agent().requireFree(app.get());
        }
        if (options.config().isPresent()) {
            for (AppDefinition written :
                    framework.appsFile().read(options.config().get())) {
                framework.agent().requireFree(written);
            }
        }
        framework.awaitShell();
        logStart();
        if (app.isPresent()) {
            framework.agent().add(app.get());
        }
        if (options.config().isPresent()) {
            framework.appsFile().follow(options.config().get());
        }
        framework.agent().ready();
        framework.startBesides();
    }

    /** Ends the agent; one that is just starting ends once it has. */
    private void stop() {
        stopped = true;
        running.ifPresent(AgentFramework::close);
    }

    private static void logStart() throws IOException {
        Logger log = LoggerFactory.getLogger("dewy");
        try (LauncherJar jar = LauncherJar.open()) {
            log.atInfo()
                    .addKeyValue("version", jar.header("Dewy-Version"))
                    .addKeyValue("commit", jar.header("Dewy-Commit"))
                    .addKeyValue("pid", ProcessHandle.current().pid())
                    .log("Dewy started");
        }
    }

    private static int failed(Exception failure, int exitCode) {
        System.err.println("dewy: " + failure.getMessage());
        return exitCode;
    }
}
