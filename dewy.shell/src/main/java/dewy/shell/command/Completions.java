package dewy.shell.command;

import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.CommandLines.Candidate;
import dewy.api.control.DeployedRelease;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How a command line could go on.
 *
 * @param commands the commands there are
 * @param agent the agent with the apps there are
 */
record Completions(List<Command> commands, Supplier<Optional<Agent>> agent) {
    private static final String HELP = "help";

    /** Returns what the last word could become. */
    List<Candidate> of(List<String> words) {
        if (words.isEmpty()) {
            return names().toList();
        }
        String last = words.get(words.size() - 1);
        Stream<Candidate> possible = words.size() == 1 ? names() : arguments(words);
        return possible.filter(candidate -> candidate.text().startsWith(last)).toList();
    }

    private Stream<Candidate> names() {
        Stream<Candidate> own = commands.stream().map(command -> new Candidate(command.name(), command.summary()));
        return Stream.concat(own, Stream.of(new Candidate(HELP, "Show help")));
    }

    private Stream<Candidate> arguments(List<String> words) {
        if (HELP.equals(words.get(0))) {
            return words.size() == 2 ? names() : Stream.empty();
        }
        List<String> before = words.subList(1, words.size() - 1);
        return commands.stream()
                .filter(command -> command.name().equals(words.get(0)))
                .flatMap(command -> arguments(command, before, words.get(words.size() - 1)));
    }

    private Stream<Candidate> arguments(Command command, List<String> before, String word) {
        String previous = before.isEmpty() ? "" : before.get(before.size() - 1);
        if (command.options().stream()
                .anyMatch(option -> option.isCalled(previous) && !option.value().isEmpty())) {
            return Stream.empty(); // The value of an option is being written.
        }
        if (word.startsWith("-")) {
            return options(command).filter(option -> !before.contains(option.text()));
        }
        List<String> names =
                before.stream().filter(each -> !each.startsWith("-")).toList();
        Optional<String> app = names.stream().filter(this::isApp).findFirst();
        boolean takesVersion = command.takes().contains("version");
        if (takesVersion && names.size() > app.stream().count()) {
            return Stream.empty(); // There is a version already.
        }
        Stream<Candidate> versions = takesVersion ? versions(app) : Stream.empty();
        boolean takesApp = !command.takes().isEmpty() && app.isEmpty();
        return takesApp ? Stream.concat(apps(), versions) : versions;
    }

    private static Stream<Candidate> options(Command command) {
        Stream<Candidate> own =
                command.options().stream().map(option -> new Candidate(option.name(), option.summary()));
        Stream<Candidate> each =
                Stream.of(new Candidate("--json", "answer for scripts"), new Candidate("--help", "show help"));
        return Stream.concat(own, each);
    }

    private Stream<Candidate> apps() {
        return agent.get().stream()
                .flatMap(found -> found.apps().stream())
                .map(app -> new Candidate(app.name(), summary(app)));
    }

    /** Where there is only one app, its name may be left out before a version. */
    private Stream<Candidate> versions(Optional<String> named) {
        List<String> all = apps().map(Candidate::text).toList();
        Optional<String> app = named.or(() -> all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty());
        Optional<Agent> found = agent.get();
        return app.isPresent() && found.isPresent()
                ? ReleaseCandidates.of(found.get(), app.get()).stream()
                : Stream.empty();
    }

    private static String summary(AppStatus app) {
        return app.command()
                + app.current().map(DeployedRelease::tag).map(tag -> " " + tag).orElse("");
    }

    private boolean isApp(String name) {
        return apps().anyMatch(app -> app.text().equals(name));
    }
}
