package dewy.launcher.agent;

import ch.qos.logback.classic.Level;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.launcher.cli.CommandLineException;
import dewy.launcher.log.LogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A framework in a folder that is removed afterwards: for what is asked of no agent at work. */
final class BriefFramework {
    private BriefFramework() {}

    /** What is done with it; returns the exit code. */
    interface Use {
        int of(AgentFramework framework) throws DewyException, LaunchException, CommandLineException;
    }

    /** Puts the framework to a use, and returns the exit code. */
    static int with(Use use) throws CommandLineException, IOException {
        new LogSettings(Level.ERROR, LogSettings.Format.TEXT).choose();
        Path folder = temporary();
        try (AgentHome home = AgentHome.open(folder);
                AgentFramework framework = AgentFramework.startBriefly(home)) {
            return use.of(framework);
        } catch (DewyException e) {
            System.err.println("dewy: " + e.problem().sentence());
            return e.kind().exitCode();
        } catch (LaunchException e) {
            System.err.println("dewy: " + e.getMessage());
            return e.kind().exitCode();
        } finally {
            delete(folder);
        }
    }

    private static Path temporary() throws IOException {
        try {
            return Files.createTempDirectory("dewy-config-");
        } catch (IOException e) {
            Problem problem = Problem.of(
                    "make a folder in",
                    System.getProperty("java.io.tmpdir", ""),
                    e.getClass().getSimpleName(),
                    "Name another one with DEWY_JAVA_OPTS=-Djava.io.tmpdir=DIR");
            throw new IOException(problem.sentence(), e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
