package dewy.runtime.docker.options;

import dewy.api.InvalidException;
import dewy.api.InvalidException.Mistake;
import dewy.api.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Reads the options of {@code docker run} that stand behind {@code --}. Those that are understood are in {@link RunOption#ALL};
 * all others are refused with the reason.
 *
 * @see <a href="https://docs.docker.com/reference/cli/docker/container/run/">docker container run</a>
 */
public final class RunOptions {
    private static final String SUPERVISED =
            "Dewy starts again what crashed, and two that do so get in each other's way";
    private static final String DETACHED = "containers run on without Dewy, so nobody sits before them";
    private static final String PUBLISHED =
            "Dewy publishes the ports of containers itself: name them by --port and --container-port";
    private static final String UNCONFINED = "it gives the app rights over this host";

    private static final Map<String, String> FORBIDDEN = new LinkedHashMap<>();

    /** Those forbidden ones that stand for themselves. */
    private static final Set<String> FORBIDDEN_FLAGS = Set.of(
            "-d", "--detach", "-i", "--interactive", "-t", "--tty", "-P", "--publish-all", "--privileged", "--rm");

    static {
        forbid(DETACHED, "-d", "--detach", "-i", "--interactive", "-t", "--tty", "-a", "--attach", "--detach-keys");
        forbid(PUBLISHED, "-p", "--publish", "-P", "--publish-all", "--expose");
        forbid(
                UNCONFINED,
                "--privileged",
                "--pid",
                "--cap-add",
                "--security-opt",
                "--device",
                "--userns",
                "--cgroupns");
        forbid("its labels could be those of Dewy: give each by -l", "--label-file");
        forbid(SUPERVISED, "--restart");
        forbid("Dewy removes containers itself, once it has read why they ended", "--rm");
        forbid("Dewy knows its containers by their labels", "--cidfile");
        forbid("Dewy pulls images itself, by their digest", "--pull");
    }

    private RunOptions() {}

    /**
     * Returns the containers that the options describe.
     *
     * @throws InvalidException naming everything that is wrong, as the list {@code run} of an app
     */
    public static ContainerTemplate parse(List<String> arguments) throws InvalidException {
        List<String> wrong = new ArrayList<>();
        ContainerTemplate template = new ContainerTemplate();
        try {
            ParseResult result = commandLine().parseArgs(arguments.toArray(String[]::new));
            FORBIDDEN.forEach((name, why) -> {
                if (result.hasMatchedOption(name)) {
                    wrong.add(name + " is not taken: " + why);
                }
            });
            result.unmatched().stream().map(RunOptions::unknown).forEach(wrong::add);
            read(result, template, wrong);
        } catch (ParameterException e) {
            wrong.add(e.getMessage());
        }
        if (!wrong.isEmpty()) {
            throw InvalidException.of(
                    new Problem(
                            "use the options of docker run",
                            "behind --",
                            String.join("; ", wrong),
                            "See docs/containers.md"),
                    wrong.stream().map(why -> new Mistake("run", why)).toList());
        }
        return template;
    }

    private static void read(ParseResult result, ContainerTemplate template, List<String> wrong) {
        for (RunOption option : RunOption.ALL) {
            List<String> values =
                    option.isFlag() ? List.of() : values(result, option.names().get(0));
            boolean isSet =
                    option.isFlag() && result.matchedOptionValue(option.names().get(0), false);
            if (isSet || !values.isEmpty()) {
                attempt(option.names().get(0), wrong, () -> option.reading().read(values, template));
            }
        }
        attempt("--log-opt and --health-*", wrong, () -> Groups.read(name -> values(result, name), template));
    }

    /** What is wrong with a variable is said without its value, and so is what else is wrong. */
    @SuppressWarnings("IllegalCatch")
    private static void attempt(String name, List<String> wrong, Runnable reading) {
        try {
            reading.run();
        } catch (RuntimeException e) {
            wrong.add(name + ": " + e.getMessage());
        }
    }

    private static List<String> values(ParseResult result, String name) {
        return result.matchedOptionValue(name, List.of());
    }

    /** What stands behind an equals sign may be a secret. */
    private static String unknown(String argument) {
        String shown = argument.replaceFirst("=.*", "");
        return argument.startsWith("-")
                ? shown + " is not an option of docker run that Dewy understands"
                : "\"" + shown + "\" is no option: the image comes from the registry, and a command is given by --cmd";
    }

    private static CommandLine commandLine() {
        CommandSpec spec = CommandSpec.create();
        Stream.concat(
                        RunOption.ALL.stream(),
                        Groups.NAMES.stream().map(name -> RunOption.list(name, (values, it) -> {})))
                .forEach(option -> spec.addOption(option(option.names(), option.isFlag())));
        FORBIDDEN.keySet().forEach(name -> spec.addOption(option(List.of(name), FORBIDDEN_FLAGS.contains(name))));
        return new CommandLine(spec)
                .setUnmatchedArgumentsAllowed(true)
                .setUnmatchedOptionsArePositionalParams(false)
                .setOverwrittenOptionsAllowed(true)
                .setExpandAtFiles(false)
                .setTrimQuotes(false)
                .setInterpolateVariables(false);
    }

    private static OptionSpec option(List<String> names, boolean isFlag) {
        OptionSpec.Builder option = OptionSpec.builder(names.toArray(String[]::new));
        return isFlag
                ? option.arity("0").type(boolean.class).build()
                : option.arity("1")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .build();
    }

    private static void forbid(String why, String... names) {
        for (String name : names) {
            FORBIDDEN.put(name, why);
        }
    }

    /** Returns the names of all options that are understood. */
    static Set<String> understood() {
        return Stream.concat(RunOption.ALL.stream().flatMap(option -> option.names().stream()), Groups.NAMES.stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the names of all options that are known, and refused. */
    static Set<String> refused() {
        return Set.copyOf(FORBIDDEN.keySet());
    }
}
