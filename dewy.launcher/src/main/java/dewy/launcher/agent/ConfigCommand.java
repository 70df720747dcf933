package dewy.launcher.agent;

import ch.qos.logback.classic.Level;
import dewy.api.DewyException;
import dewy.api.control.AppDefinition;
import dewy.api.control.AppsFile;
import dewy.launcher.cli.AgentOptions;
import dewy.launcher.cli.CommandLineException;
import dewy.launcher.cli.CommandLines;
import dewy.launcher.cli.ConfigSchema;
import dewy.launcher.cli.Invocation;
import dewy.launcher.log.LogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Checks and shows files with apps, without an agent at work: in a framework of its own, in a folder that is removed. */
public final class ConfigCommand {
    private static final Set<String> APPS = Set.of("server", "assets");

    private interface Use {
        void of(AppsFile file) throws DewyException;
    }

    /** Runs {@code check}, {@code print} or {@code schema}; returns the exit code. */
    public int run(List<String> arguments) throws CommandLineException, IOException {
        String action = arguments.isEmpty() ? "" : arguments.get(0);
        List<String> rest = arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
        if ("schema".equals(action) && rest.isEmpty()) {
            System.out.print(ConfigSchema.text());
            return 0;
        }
        if ("print".equals(action) && !rest.isEmpty() && APPS.contains(rest.get(0))) {
            List<AppDefinition> app = List.of(definition(rest));
            return with(file -> System.out.print(file.write(app)));
        }
        if (rest.size() > 1 || !Set.of("check", "print").contains(action)) {
            throw CommandLines.wrong("use config check, config print or config schema", "config");
        }
        Path path = Path.of(rest.isEmpty() ? AgentOptions.CONFIG : rest.get(0));
        return with(file -> {
            List<AppDefinition> apps = file.read(path);
            System.out.print(
                    "check".equals(action) ? path + " is well, with " + apps.size() + " apps\n" : file.write(apps));
        });
    }

    private static AppDefinition definition(List<String> line) throws CommandLineException {
        if (CommandLines.parse(line.toArray(String[]::new)) instanceof Invocation.Run run
                && run.app().isPresent()) {
            return run.app().get();
        }
        throw CommandLines.wrong("this line runs no app", "config");
    }

    private static int with(Use use) throws IOException {
        new LogSettings(Level.ERROR, LogSettings.Format.TEXT).choose();
        Path folder = Files.createTempDirectory("dewy-config-");
        try (AgentHome home = AgentHome.open(folder);
                AgentFramework framework = AgentFramework.start(home)) {
            use.of(framework.service(AppsFile.class));
            return 0;
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

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
