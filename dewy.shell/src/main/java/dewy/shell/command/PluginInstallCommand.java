package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.control.Agent;
import dewy.api.control.PluginStatus;
import dewy.api.control.Plugins;
import dewy.api.release.Digest;
import java.util.List;
import java.util.Optional;

/**
 * A command that brings a plugin from elsewhere.
 *
 * @param verb the last word of its name
 * @param done what is said of the plugin then
 * @param more help, before what its argument is
 */
record PluginInstallCommand(String verb, String done, String summary, String more, Installation installation)
        implements Command {
    private static final Option DIGEST = new Option(
            "--digest", "", "DIGEST", "what the jar must have: sha256:<hex> or sha512:<hex>; needed for a URL");

    static final List<Command> ALL = List.of(
            new PluginInstallCommand(
                    "install",
                    "installed",
                    "Install a plugin that is not there yet",
                    """
                    It is started and tried, and apps that it is better for move to it. When it is no good, all is as before.
                    """,
                    Plugins::install),
            new PluginInstallCommand(
                    "update",
                    "updated",
                    "Replace a plugin by a newer version",
                    """
                    Each app that uses it is handed over between two cycles. When that fails for one of them, all are back
                    with the version before.
                    """,
                    Plugins::update));

    /** What is done. */
    @FunctionalInterface
    interface Installation {
        List<PluginStatus> of(Plugins plugins, String source, Optional<Digest> digest, String actor)
                throws DewyException;
    }

    @Override
    public String name() {
        return "plugin " + verb;
    }

    @Override
    public String takes() {
        return "JAR";
    }

    @Override
    public String details() {
        return more
                + """
                JAR is the absolute path of a file on the host of the agent, or an https URL.
                Exit codes: 1 it was refused, 2 network, 3 file system, 4 another digest.
                """;
    }

    @Override
    public List<Option> options() {
        return List.of(DIGEST);
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        String source = source(arguments);
        Optional<Digest> digest = digest(arguments);
        if (isUrl(source) && digest.isEmpty()) {
            throw new UsageException(name(), "a plugin from a URL needs its digest, as --digest sha256:<hex>");
        }
        List<PluginStatus> offers = installation.of(agent.plugins(), source, digest, viewer.user());
        return Reply.of(source + " is " + done + "\n\n" + new PluginsCommand.Listing(offers, viewer), offers);
    }

    /** A path that is not absolute has another meaning here than where it was typed. */
    private String source(Arguments arguments) throws UsageException {
        String source = arguments
                .name()
                .orElseThrow(
                        () -> new UsageException(name(), "name the jar, by its absolute path or by its https URL"));
        if (!isUrl(source) && !source.startsWith("/")) {
            throw new UsageException(
                    name(),
                    "\"" + source + "\" is neither an absolute path, as the agent may be in another folder, nor an"
                            + " https URL; in a shell \"$PWD/plugin.jar\" is one of the folder you are in");
        }
        return source;
    }

    private Optional<Digest> digest(Arguments arguments) throws UsageException {
        Optional<String> given = arguments.value(DIGEST);
        try {
            return given.isPresent() ? Optional.of(Digest.parse(given.get())) : Optional.empty();
        } catch (InvalidException e) {
            throw new UsageException(
                    name(), e.problem().on() + " is no digest: " + e.problem().why());
        }
    }

    private static boolean isUrl(String source) {
        return source.regionMatches(true, 0, "https://", 0, "https://".length());
    }
}
