package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.DeployedRelease;
import java.util.List;

final class AppsCommand implements Command {
    @Override
    public String name() {
        return "apps";
    }

    @Override
    public String takes() {
        return "";
    }

    @Override
    public String summary() {
        return "List the apps of the agent";
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException {
        List<AppStatus> apps = ChosenApp.all(agent);
        if (apps.isEmpty()) {
            return Reply.of("The agent has no apps.\n", List.of());
        }
        Table table = new Table("APP", "COMMAND", "VERSION", "STATE", "RUNTIME", "LAST CHECK", "NEXT");
        for (AppStatus app : apps) {
            table.row(
                    app.name(),
                    app.command(),
                    app.current().map(DeployedRelease::version).orElse("-"),
                    States.state(app, viewer),
                    States.runtime(app.runtime(), viewer),
                    app.last().map(last -> viewer.relative(last.at())).orElse("-"),
                    States.next(app, viewer));
        }
        return Reply.of(table.toString(), apps);
    }
}
