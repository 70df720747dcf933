package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.view.Explanation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class ExplainCommand implements Command {
    @Override
    public String name() {
        return "explain";
    }

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public String summary() {
        return "Say why an app is as it is, and why nothing was deployed";
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        AppStatus app = ChosenApp.of(name(), agent, arguments.name());
        List<String> sentences = new Explanation(app, agent, viewer.now()).sentences();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("app", app.name());
        view.put("explanation", sentences);
        app.last().ifPresent(last -> view.put("last", last));
        return Reply.of(String.join("\n", sentences) + "\n", view);
    }
}
