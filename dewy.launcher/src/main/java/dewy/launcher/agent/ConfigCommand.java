package dewy.launcher.agent;

import dewy.api.control.AppDefinition;
import dewy.api.control.AppsFile;
import dewy.launcher.cli.AgentOptions;
import dewy.launcher.cli.CommandLineException;
import dewy.launcher.cli.CommandLines;
import dewy.launcher.cli.ConfigSchema;
import dewy.launcher.cli.Invocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks and shows files with apps, without an agent at work: in a framework of its own, in a folder that is removed. */
public final class ConfigCommand {
    private static final Set<String> APPS = Set.of("server", "assets", "container");

    /** Runs {@code check}, {@code print} or {@code schema}; returns the exit code. */
    public int run(List<String> arguments) throws CommandLineException, IOException {
        String action = arguments.isEmpty() ? "" : arguments.get(0);
        List<String> rest = arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
        if ("schema".equals(action) && rest.isEmpty()) {
            System.out.print(ConfigSchema.text());
            return 0;
        }
        if ("print".equals(action) && !rest.isEmpty() && APPS.contains(rest.get(0))) {
            AppDefinition app = definition(rest);
            return BriefFramework.with(framework -> {
                String name = AppLine.check(framework.agent(), app);
                System.out.print(framework.appsFile().write(List.of(complete(app, name))));
                return 0;
            });
        }
        if (rest.size() > 1 || !Set.of("check", "print").contains(action)) {
            throw CommandLines.wrong("use config check, config print or config schema", "config");
        }
        Path path = Path.of(rest.isEmpty() ? AgentOptions.CONFIG : rest.get(0));
        return BriefFramework.with(framework -> {
            AppsFile file = framework.appsFile();
            List<AppDefinition> apps = file.read(path);
            System.out.print("check".equals(action) ? praise(path, apps.size()) : file.write(apps));
            return 0;
        });
    }

    private static AppDefinition definition(List<String> line) throws CommandLineException {
        if (CommandLines.parse(line.toArray(String[]::new)) instanceof Invocation.Run run
                && run.app().isPresent()) {
            return run.app().get();
        }
        throw CommandLines.wrong("this line runs no app", "config");
    }

    /** Says where the app is and what it is called, which a file would take from elsewhere than a command line. */
    private static AppDefinition complete(AppDefinition app, String name) {
        Map<String, List<String>> options = new LinkedHashMap<>(app.options());
        List<String> dir = options.getOrDefault("dir", List.of(""));
        Path place = Path.of(dir.get(dir.size() - 1)).toAbsolutePath().normalize();
        options.put("dir", List.of(place.toString()));
        options.put("name", List.of(name));
        return new AppDefinition(app.command(), options, app.arguments());
    }

    private static String praise(Path path, int apps) {
        return path + " is well, with " + apps + (apps == 1 ? " app\n" : " apps\n");
    }
}
