package dewy.launcher;

import dewy.api.http.ProxyEnvironment;
import dewy.launcher.agent.ConfigCommand;
import dewy.launcher.agent.LauncherJar;
import dewy.launcher.agent.RunCommand;
import dewy.launcher.cli.CommandLineException;
import dewy.launcher.cli.CommandLines;
import dewy.launcher.cli.Invocation;
import dewy.launcher.shell.ShellClient;
import java.io.IOException;

/** The program. */
public final class Main {
    private Main() {}

    public static void main(String... arguments) {
        ProxyEnvironment.allowCredentialsInTunnels();
        System.exit(run(arguments));
    }

    private static int run(String... arguments) {
        try {
            return run(CommandLines.parse(arguments));
        } catch (CommandLineException e) {
            System.err.println("dewy: " + e.getMessage());
            return 1;
        } catch (IOException e) {
            System.err.println("dewy: " + e.getMessage());
            return 2;
        }
    }

    private static int run(Invocation invocation) throws CommandLineException, IOException {
        if (invocation instanceof Invocation.Run run) {
            boolean prompt = run.app().isEmpty() && Terminal.isInteractive();
            return new RunCommand().run(run.options(), run.app(), prompt);
        }
        if (invocation instanceof Invocation.Shell shell) {
            return new ShellClient(shell.home()).run(shell.command());
        }
        if (invocation instanceof Invocation.Config config) {
            return new ConfigCommand().run(config.arguments());
        }
        if (invocation instanceof Invocation.Demo) {
            return new dewy.launcher.demo.Demo().run();
        }
        if (invocation instanceof Invocation.Help help) {
            System.out.print(CommandLines.help(help.command()));
            return 0;
        }
        if (invocation instanceof Invocation.Version) {
            try (LauncherJar jar = LauncherJar.open()) {
                System.out.println("dewy " + jar.header("Dewy-Version") + " (" + jar.header("Dewy-Commit") + ")");
            }
            return 0;
        }
        return bare();
    }

    private static int bare() throws CommandLineException, IOException {
        if (Terminal.isInteractive()) {
            return run(CommandLines.parse("host"));
        }
        System.err.print(CommandLines.help(""));
        return 1;
    }
}
