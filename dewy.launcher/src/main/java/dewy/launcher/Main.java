package dewy.launcher;

import dewy.launcher.agent.ConfigCommand;
import dewy.launcher.agent.DryRunCommand;
import dewy.launcher.agent.EarlySignals;
import dewy.launcher.agent.LauncherJar;
import dewy.launcher.agent.RunCommand;
import dewy.launcher.cli.CommandLineException;
import dewy.launcher.cli.CommandLines;
import dewy.launcher.cli.Invocation;
import dewy.launcher.shell.ShellClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The program. */
public final class Main {
    private static final int CONFIGURATION = 1;
    private static final int NETWORK = 2;
    private static final int STORAGE = 3;
    private static final List<String> AGENTS = List.of("server", "assets", "container", "host");

    private Main() {}

    public static void main(String... arguments) {
        boolean mayBecomeAgent = AGENTS.stream().anyMatch(List.of(arguments)::contains);
        Optional<EarlySignals> signals = mayBecomeAgent ? Optional.of(EarlySignals.hold()) : Optional.empty();
        // Numbers are the same for all, and no rules of another country are looked up for them.
        Locale.setDefault(Locale.Category.FORMAT, Locale.US);
        allowPasswordsInTunnels();
        System.exit(run(signals, arguments));
    }

    /** Java withholds passwords from proxies that tunnel, unless told otherwise before its HTTP client is first used. */
    private static void allowPasswordsInTunnels() {
        String withheld = "jdk.http.auth.tunneling.disabledSchemes";
        if (System.getProperty(withheld) == null) {
            System.setProperty(withheld, "");
        }
    }

    private static int run(Optional<EarlySignals> signals, String... arguments) {
        StandardOutput output = StandardOutput.install();
        try {
            Invocation invocation = CommandLines.parse(arguments);
            if (!(invocation instanceof Invocation.Run)) {
                signals.ifPresent(EarlySignals::letGo);
            }
            int code = run(invocation, signals);
            boolean agent = invocation instanceof Invocation.Run;
            return agent || code != 0 ? code : checked(output);
        } catch (CommandLineException e) {
            System.err.println("dewy: " + e.getMessage());
            return CONFIGURATION;
        } catch (IOException e) {
            System.err.println("dewy: " + e.getMessage());
            return STORAGE;
        }
    }

    private static int checked(StandardOutput output) {
        output.failure().ifPresent(why -> System.err.println("dewy: Cannot write to standard output: " + why));
        return output.failure().isPresent() ? STORAGE : 0;
    }

    private static int run(Invocation invocation, Optional<EarlySignals> signals)
            throws CommandLineException, IOException {
        if (invocation instanceof Invocation.Run run) {
            boolean prompt = run.app().isEmpty() && Terminal.isInteractive();
            return new RunCommand().run(run.options(), run.app(), prompt, signals);
        }
        if (invocation instanceof Invocation.Shell shell) {
            return ask(shell);
        }
        if (invocation instanceof Invocation.Config config) {
            return new ConfigCommand().run(config.arguments());
        }
        if (invocation instanceof Invocation.DryRun dry) {
            return new DryRunCommand().run(dry.app());
        }
        if (invocation instanceof Invocation.Demo) {
            return new dewy.launcher.demo.Demo().run();
        }
        if (invocation instanceof Invocation.Help help) {
            System.out.print(CommandLines.help(help.command()));
            return 0;
        }
        if (invocation instanceof Invocation.Completion) {
            System.out.print(CommandLines.completion());
            return 0;
        }
        if (invocation instanceof Invocation.Manual) {
            try (InputStream page = Objects.requireNonNull(Main.class.getResourceAsStream("/dewy.1"))) {
                page.transferTo(System.out);
            }
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

    private static int ask(Invocation.Shell shell) {
        try {
            return new ShellClient(shell.home()).run(shell.command());
        } catch (IOException e) {
            System.err.println("dewy: " + e.getMessage());
            return NETWORK;
        }
    }

    private static int bare() throws CommandLineException, IOException {
        if (Terminal.isInteractive()) {
            return run(CommandLines.parse("host"), Optional.empty());
        }
        System.err.print(CommandLines.help(""));
        return 1;
    }
}
