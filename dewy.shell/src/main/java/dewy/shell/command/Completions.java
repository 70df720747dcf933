package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.CommandLines.Candidate;
import dewy.api.control.DeployedRelease;
import dewy.api.control.PastDeployment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How a command line could go on.
 *
 * @param commands the commands there are
 * @param agent the agent with the apps and plugins there are
 */
record Completions(CommandList commands, Supplier<Optional<Agent>> agent) {
    private static final String HELP = "help";

    /** Returns what the last word could become. */
    List<Candidate> of(List<String> words) {
        List<String> before = words.isEmpty() ? words : words.subList(0, words.size() - 1);
        String last = words.isEmpty() ? "" : words.get(words.size() - 1);
        return possible(before, last)
                .filter(candidate -> candidate.text().startsWith(last))
                .toList();
    }

    private Stream<Candidate> possible(List<String> before, String word) {
        if (before.isEmpty()) {
            return names();
        }
        if (HELP.equals(before.get(0))) {
            return before.size() == 1 ? names() : group(before.subList(1, before.size()));
        }
        Stream<Candidate> arguments =
                commands.find(before).stream().flatMap(called -> arguments(called.command(), called.arguments(), word));
        return Stream.concat(arguments, group(before)); // A name may be that of a command and of a group.
    }

    private Stream<Candidate> names() {
        Stream<Candidate> own = commands.names().stream().map(name -> new Candidate(name, commands.summary(name)));
        return Stream.concat(own, Stream.of(new Candidate(HELP, "Show help")));
    }

    private Stream<Candidate> group(List<String> before) {
        return before.size() > 1
                ? Stream.empty()
                : commands.group(before.get(0)).stream()
                        .map(command -> new Candidate(CommandList.lastWord(command), command.summary()));
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
        if (command.takes().equals(CancelCommand.ID)) {
            return names.isEmpty() ? agent.get().stream().flatMap(CancelCommand::candidates) : Stream.empty();
        }
        if (command.takes().equals(CapsuleCommand.ID)) {
            return names.isEmpty() ? agent.get().stream().flatMap(CapsuleCommand::candidates) : Stream.empty();
        }
        if (command.takes().equals(ChosenPlugin.NAME)) {
            return names.isEmpty() ? agent.get().stream().flatMap(ChosenPlugin::candidates) : Stream.empty();
        }
        Optional<String> app = names.stream().filter(this::isApp).findFirst();
        boolean takesVersion = command.takes().contains("version");
        if (takesVersion && names.size() > app.stream().count()) {
            return Stream.empty(); // There is a version already.
        }
        Stream<Candidate> versions = takesVersion ? versions(app) : Stream.empty();
        boolean takesApp = command.takes().contains("app") && app.isEmpty();
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
        return app.isPresent() && found.isPresent() ? versions(found.get(), app.get()) : Stream.empty();
    }

    /** Those on the disk, and those that were deployed or tried: the registry is not asked for more, since a person waits. */
    private static Stream<Candidate> versions(Agent agent, String app) {
        try {
            Map<String, String> versions = new LinkedHashMap<>();
            Optional<String> current = agent.app(app).current().map(DeployedRelease::version);
            agent.app(app).quarantined().forEach((tag, why) -> versions.put(tag, "quarantined"));
            current.ifPresent(tag -> versions.put(tag, "deployed"));
            for (DeployedRelease release : agent.releases(app)) {
                versions.putIfAbsent(release.version(), "on the disk");
            }
            for (PastDeployment past : agent.history(app)) {
                versions.putIfAbsent(past.version(), outcome(past));
            }
            return versions.entrySet().stream().map(version -> new Candidate(version.getKey(), version.getValue()));
        } catch (DewyException e) {
            return Stream.empty(); // The app was removed meanwhile.
        }
    }

    private static String summary(AppStatus app) {
        return app.command()
                + app.current()
                        .map(DeployedRelease::version)
                        .map(tag -> " " + tag)
                        .orElse("");
    }

    private boolean isApp(String name) {
        return apps().anyMatch(app -> app.text().equals(name));
    }

    private static String outcome(PastDeployment past) {
        if (past.cancelled()) {
            return "cancelled";
        }
        return past.error().isPresent() ? "failed" : "no longer on the disk";
    }
}
