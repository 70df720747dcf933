package dewy.shell.command;

import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.control.Agent;
import dewy.api.control.AgentPhase;
import dewy.api.control.AppStatus;
import dewy.view.Words;
import java.util.List;
import java.util.Optional;

/** The app that a command is about: the one that is named, or the only one there is. */
final class ChosenApp {
    private ChosenApp() {}

    static AppStatus of(String command, Agent agent, Optional<String> name)
            throws UsageException, UnreachableException {
        List<AppStatus> apps = all(agent);
        if (apps.isEmpty()) {
            throw new UsageException(command, "the agent has no apps");
        }
        List<String> names = apps.stream().map(AppStatus::name).toList();
        if (name.isEmpty() && apps.size() > 1) {
            throw new UsageException(command, "there are several apps, name one of " + String.join(", ", names));
        }
        String wanted = name.orElse(names.get(0));
        Optional<AppStatus> found =
                apps.stream().filter(app -> app.name().equals(wanted)).findFirst();
        if (found.isEmpty()) {
            requireAtWork(agent);
        }
        return found.orElseThrow(
                () -> new UsageException(command, "there is no app \"" + wanted + "\"" + Nearest.hint(wanted, names)));
    }

    /**
     * Returns all apps.
     *
     * @throws UnreachableException if there are none because the agent has not begun, or has ended, to have them
     */
    static List<AppStatus> all(Agent agent) throws UnreachableException {
        List<AppStatus> apps = agent.apps();
        if (apps.isEmpty()) {
            requireAtWork(agent);
        }
        return apps;
    }

    private static void requireAtWork(Agent agent) throws UnreachableException {
        AgentPhase phase = agent.phase();
        if (phase != AgentPhase.AT_WORK) {
            String advice = phase == AgentPhase.STARTING ? "Try again in a moment" : "Its log says when it has ended";
            throw new UnreachableException(
                    Problem.of("ask the agent", "for its apps", "it is " + Words.of(phase), advice));
        }
    }
}
