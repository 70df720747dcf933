package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.control.Agent;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.proxy.Admission;
import dewy.view.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Has the proxy of an app serve, hold or refuse what arrives.
 *
 * @param verb the last word of its name
 * @param mode which of them
 * @param details more help
 */
record AdmitCommand(String verb, Admission.Mode mode, String summary, String details) implements Command {
    private static final Option PAGE = new Option(
            "--page", "", "FILE", "what is answered, HTML or text; an absolute path on the host of the agent");
    private static final Option RETRY_AFTER =
            new Option("--retry-after", "", "TIME", "when clients are to try again (default: 10m)");

    static final List<Command> ALL = List.of(
            new AdmitCommand(
                    "pause",
                    Admission.Mode.PAUSE,
                    "Hold what arrives for an app",
                    """
                    It is held as long as where no server is there, --proxy-hold-time, and refused then. What is in flight goes
                    on. Holds until proxy resume, also when the agent is started again.
                    """),
            new AdmitCommand("resume", Admission.Mode.SERVE, "Serve what arrives for an app, and what is held", ""),
            new AdmitCommand(
                    "maintenance",
                    Admission.Mode.MAINTENANCE,
                    "Answer what arrives for an app with a page",
                    """
                    Each request gets the status 503; with --proxy-mode tcp connections are refused. What is in flight goes on.
                    Holds until proxy resume, also when the agent is started again.
                    """));

    @Override
    public String name() {
        return "proxy " + verb;
    }

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public List<Option> options() {
        return mode == Admission.Mode.MAINTENANCE ? List.of(PAGE, RETRY_AFTER) : List.of();
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        String app = ChosenApp.of(name(), agent, arguments.name()).name();
        agent.admit(app, admission(arguments), viewer.user());
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("app", app);
        view.put("traffic", Words.of(mode));
        String state =
                switch (mode) {
                    case SERVE -> "is served";
                    case PAUSE -> "is held";
                    case MAINTENANCE -> "is refused for maintenance";
                };
        return Reply.of("What arrives for " + app + " " + state + "\n", view);
    }

    private Admission admission(Arguments arguments) throws DewyException, UsageException {
        return switch (mode) {
            case SERVE -> Admission.SERVING;
            case PAUSE -> Admission.PAUSED;
            case MAINTENANCE -> Admission.maintenance(page(arguments), retryAfter(arguments));
        };
    }

    private static Duration retryAfter(Arguments arguments) throws InvalidException {
        Map<String, List<String>> given = new LinkedHashMap<>();
        arguments.value(RETRY_AFTER).ifPresent(time -> given.put("retry-after", List.of(time)));
        Parameters parameters = Parameters.of(new PluginUrl("proxy", "", "", given));
        Duration time = parameters.duration("retry-after", Admission.MAINTENANCE.retryAfter());
        parameters.finish();
        return time;
    }

    private String page(Arguments arguments) throws StorageException, UsageException {
        Optional<String> file = arguments.value(PAGE);
        if (file.isEmpty()) {
            return Admission.MAINTENANCE.page();
        }
        Path path = Path.of(file.get());
        if (!path.isAbsolute()) {
            throw new UsageException(
                    name(), "\"" + path + "\" is no absolute path, as the agent may be in another folder");
        }
        try {
            String page = Files.readString(path);
            if (page.length() > Admission.LONGEST_PAGE) {
                throw new UsageException(
                        name(), path + " has more than " + Admission.LONGEST_PAGE + " characters; take a shorter page");
            }
            return page;
        } catch (IOException e) {
            throw new StorageException(
                    Problem.of("read the page", path, StorageException.reason(e), "Name a file of UTF-8"), e);
        }
    }
}
