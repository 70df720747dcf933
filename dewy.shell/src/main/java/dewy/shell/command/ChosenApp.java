package dewy.shell.command;

import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import java.util.List;
import java.util.Optional;

/** The app that a command is about: the one that is named, or the only one there is. */
final class ChosenApp {
    private ChosenApp() {}

    static AppStatus of(String command, Agent agent, Optional<String> name) throws UsageException {
        List<AppStatus> apps = agent.apps();
        if (apps.isEmpty()) {
            throw new UsageException(command, "the agent has no apps");
        }
        List<String> names = apps.stream().map(AppStatus::name).toList();
        if (name.isEmpty() && apps.size() > 1) {
            throw new UsageException(command, "there are several apps, name one of " + String.join(", ", names));
        }
        String wanted = name.orElse(names.get(0));
        return apps.stream()
                .filter(app -> app.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new UsageException(
                        command, "there is no app \"" + wanted + "\"" + Nearest.hint(wanted, names)));
    }
}
