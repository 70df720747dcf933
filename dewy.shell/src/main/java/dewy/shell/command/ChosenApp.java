package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The app that a command is about: the one that is named, or the only one there is. */
final class ChosenApp {
    private ChosenApp() {}

    static AppStatus of(String command, Agent agent, Optional<String> name) throws DewyException, UsageException {
        if (name.isPresent()) {
            return agent.app(name.get());
        }
        List<AppStatus> apps = agent.apps();
        if (apps.size() == 1) {
            return apps.get(0);
        }
        String names = apps.stream().map(AppStatus::name).collect(Collectors.joining(", "));
        throw new UsageException(
                command, apps.isEmpty() ? "the agent has no apps" : "there are several apps, name one of " + names);
    }
}
