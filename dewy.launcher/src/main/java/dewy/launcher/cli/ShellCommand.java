package dewy.launcher.cli;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A command of the agent, for the help of {@code dewy shell}, which is there without an agent.
 *
 * @param usage its name and what it takes
 * @param summary what it does
 */
record ShellCommand(String usage, String summary) {
    /** All of them, in the order in which the agent lists them. */
    static final List<ShellCommand> ALL = List.of(
            new ShellCommand("apps", "list the apps of the agent"),
            new ShellCommand("status [app]", "show everything about an app"),
            new ShellCommand("top", "show how all apps are doing and what they use"),
            new ShellCommand("log [app]", "show what the agent did with an app, and what the app wrote"),
            new ShellCommand("logs [app]", "the same as log"),
            new ShellCommand("deploy [app] [version]", "look for a new release now, and deploy it"),
            new ShellCommand("rollback [app] [version]", "go back to the last good release"),
            new ShellCommand("unpin [app]", "take new releases again"),
            new ShellCommand("retry [app]", "give releases that failed another try, now"),
            new ShellCommand(
                    "check [app]", "say what would be deployed now and why, or what it waits for, without doing it"),
            new ShellCommand("operations", "list what the agent is doing that takes a while, and what it did"),
            new ShellCommand("cancel ID", "cancel an operation that goes on"),
            new ShellCommand("releases [app]", "list the releases that are on the disk"),
            new ShellCommand("history [app]", "list how deployments ended, the last one first"),
            new ShellCommand("capsule [ID]", "list the evidence of failed deployments, or show that of one"),
            new ShellCommand("audit [app]", "list who changed what and from where, the last change first"),
            new ShellCommand("pause [app]", "look for no new releases until resumed"),
            new ShellCommand("resume [app]", "look for new releases again, at once"),
            new ShellCommand("containers [app]", "list the containers of an app, or of all"),
            new ShellCommand("scale [app] [replicas]", "have another number of replicas of an app in containers"),
            new ShellCommand("proxy [app]", "show the proxy of an app, or of all"),
            new ShellCommand("proxy pause [app]", "hold what arrives for an app"),
            new ShellCommand("proxy resume [app]", "serve what arrives for an app, and what is held"),
            new ShellCommand("proxy maintenance [app]", "answer what arrives for an app with a page"),
            new ShellCommand("explain [app]", "say why an app is as it is, and why nothing was deployed"),
            new ShellCommand("notify-test [app]", "send a test message by each notifier"),
            new ShellCommand("plugins", "list the plugins, how they are doing, and which apps use them"),
            new ShellCommand("plugin info NAME", "show everything about a plugin"),
            new ShellCommand("plugin why NAME", "say why a plugin is not in use, or that it is"),
            new ShellCommand("plugin install JAR", "install a plugin that is not there yet"),
            new ShellCommand("plugin update JAR", "replace a plugin by a newer version"),
            new ShellCommand("plugin rollback NAME", "go back to the version of a plugin before"),
            new ShellCommand("plugin enable NAME", "use a plugin again that was disabled"),
            new ShellCommand("plugin disable NAME", "use a plugin no more until it is enabled"),
            new ShellCommand("plugin remove NAME", "remove a plugin that was installed"),
            new ShellCommand("complete [word…]", "list what the last of these words could become, for prompts"),
            new ShellCommand("help [command]", "show help"));

    /** Returns the list of them as it is shown. */
    static String[] list() {
        return Stream.concat(
                        Stream.of("", "Commands of the agent:"), ALL.stream().flatMap(ShellCommand::lines))
                .toArray(String[]::new);
    }

    private Stream<String> lines() {
        String[] lines = HelpText.lines(summary);
        return IntStream.range(0, lines.length)
                .mapToObj(i -> String.format("  %-26s%s", i == 0 ? usage : "", lines[i]));
    }
}
