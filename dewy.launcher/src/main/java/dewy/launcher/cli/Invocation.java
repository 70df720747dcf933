package dewy.launcher.cli;

import dewy.api.control.AppDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a command line asks for. */
public sealed interface Invocation {
    /** Help on a command, or on the whole. */
    record Help(String command) implements Invocation {}

    /** The version. */
    record Version() implements Invocation {}

    /** Nothing was asked for. */
    record Bare() implements Invocation {}

    /** The demonstration. */
    record Demo() implements Invocation {}

    /** The manual page. */
    record Manual() implements Invocation {}

    /** The script by which bash completes. */
    record Completion() implements Invocation {}

    /** A command for a running agent; a prompt when there is none. */
    record Shell(Path home, List<String> command) implements Invocation {}

    /** What there is to do about a file with apps. */
    record Config(List<String> arguments) implements Invocation {}

    /** A look at what an agent would do with an app. */
    record DryRun(AppDefinition app) implements Invocation {}

    /** An agent, with or without an app. */
    record Run(AgentOptions options, Optional<AppDefinition> app) implements Invocation {}
}
